"""Erasing one's account as the app does it: looked at, asked for once, proven by a receipt."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from gateway.health_records.sandbox import seed
from gateway.health_records.store import find_patient
from gateway.parking.tables import parking_sessions
from gateway.privacy.remembering import erased_at, remember
from gateway.privacy.serving import worker_of
from gateway.registers.population import sandbox_residents
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, TokenFor
from tests.gateway.pictures import picture

REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà lớn ngay đầu ngõ, đã hai tuần.",
    "address_id": "00070",
}


@pytest.fixture
def fresh(token_for: TokenFor) -> Any:
    """Headers of a resident who signed in so many seconds ago."""

    def headers(subject: str = RESIDENT, ago: int = 10, **claims: Any) -> dict[str, str]:
        at = int(datetime.now(UTC).timestamp()) - ago
        return {
            "Authorization": f"Bearer {token_for(subject, 'openid reports', auth_time=at, **claims)}"
        }

    return headers


async def report(gateway: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """Send a report with a photo, and return its number."""
    photo = ("a.jpg", picture(), "image/jpeg")
    path = "/open311/v2/requests.json"
    answer = await gateway.post(path, headers=headers, data=REPORT, files={"media": photo})
    [made] = answer.json()
    return str(made["service_request_id"])


async def done(gateway: httpx.AsyncClient, app: FastAPI, erasure_id: str) -> Any:
    """The receipt of an erasure; the gateway's own worker may have taken it already."""
    for _ in range(500):
        await worker_of(app).run_due()
        receipt = (await gateway.get(f"/privacy/erasures/{erasure_id}")).json()
        if receipt["state"] == "done":
            return receipt
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_an_account_is_erased_and_the_receipt_says_what_stayed(
    gateway: httpx.AsyncClient, app: FastAPI, fresh: Any
) -> None:
    """The report stays for everybody, without the resident; all that was theirs alone is gone."""
    number = await report(gateway, fresh())
    before = (await gateway.get("/privacy/erasures/preview", headers=fresh())).json()
    assert {"area": "reports", "number": 1} in before["erased"]
    asked = await gateway.post("/privacy/erasures", headers=fresh(), json={"confirmed": True})
    assert asked.status_code == 202
    receipt = await done(gateway, app, asked.json()["erasure_id"])
    assert receipt["state"] == "done"
    assert receipt["kept"][0]["reason"] == "public_record"
    assert (await gateway.get("/reports/mine", headers=fresh(sid="afterwards"))).json() == []
    shown = await gateway.get(f"/reports/{number}", headers=fresh(STRANGER))
    assert shown.json()["description"] == REPORT["description"]
    assert shown.json()["extended_attributes"]["media"] == []


async def test_every_sign_in_ends_with_the_account(
    gateway: httpx.AsyncClient, app: FastAPI, fresh: Any
) -> None:
    """A phone in another pocket must not fill the account again; a new sign-in begins it empty."""
    here, elsewhere = fresh(sid="here"), fresh(sid="elsewhere")
    assert (await gateway.get("/reports/mine", headers=elsewhere)).status_code == 200
    asked = await gateway.post("/privacy/erasures", headers=here, json={"confirmed": True})
    for headers in (here, elsewhere):
        assert (await gateway.get("/reports/mine", headers=headers)).status_code == 401
    await done(gateway, app, asked.json()["erasure_id"])
    for headers in (here, elsewhere):
        assert (await gateway.get("/reports/mine", headers=headers)).status_code == 401
    again = await gateway.get("/reports/mine", headers=fresh(sid="afterwards"))
    assert (again.status_code, again.json()) == (200, []), again.text


async def test_an_old_sign_in_erases_nothing(gateway: httpx.AsyncClient, fresh: Any) -> None:
    """Whoever finds an open phone must not be able to erase its owner."""
    body = {"confirmed": True}
    refused = await gateway.post("/privacy/erasures", headers=fresh(ago=3600), json=body)
    assert refused.status_code == 401
    assert refused.json()["type"].endswith("step-up-required")
    unsure = await gateway.post("/privacy/erasures", headers=fresh(), json={"confirmed": False})
    assert unsure.status_code == 422


async def test_asked_twice_it_is_one_erasure(gateway: httpx.AsyncClient, fresh: Any) -> None:
    """An answer lost on the way is asked for again."""
    asking = [
        gateway.post("/privacy/erasures", headers=fresh(), json={"confirmed": True})
        for _ in range(2)
    ]
    first, second = await asyncio.gather(*asking)
    assert first.json()["erasure_id"] == second.json()["erasure_id"]


async def test_a_running_stay_is_ended_by_its_resident_first(
    gateway: httpx.AsyncClient, database: Database, fresh: Any
) -> None:
    """An erasure must neither leave a debt behind nor charge it unasked."""
    stay: dict[str, Any] = {
        "session_id": "s",
        "subject": RESIDENT,
        "plate": "30A00000",
        "vehicle": "car",
    }
    stay |= {"place_id": "p", "started_at": 1, "until": 2}
    database.run_here(lambda db: db.execute(parking_sessions.insert().values(stay)))
    preview = (await gateway.get("/privacy/erasures/preview", headers=fresh())).json()
    assert preview["blockers"] == ["parking_running"]
    refused = await gateway.post("/privacy/erasures", headers=fresh(), json={"confirmed": True})
    assert (refused.status_code, refused.json()["blockers"]) == (409, ["parking_running"])


async def test_previews_of_two_residents_count_only_ones_own(
    gateway: httpx.AsyncClient, fresh: Any
) -> None:
    """Even a number tells something about somebody."""
    await report(gateway, fresh(STRANGER))
    mine = (await gateway.get("/privacy/erasures/preview", headers=fresh())).json()
    theirs = (await gateway.get("/privacy/erasures/preview", headers=fresh(STRANGER))).json()
    assert "reports" not in str(mine)
    assert "reports" in str(theirs)


async def test_a_receipt_is_read_by_its_id_alone(gateway: httpx.AsyncClient) -> None:
    """Nobody is signed in afterwards; an id that was guessed finds nothing."""
    assert (await gateway.get(f"/privacy/erasures/{'0' * 32}")).status_code == 404
    assert (await gateway.get("/privacy/erasures/preview")).status_code == 401


async def test_the_sandbox_does_not_bring_back_what_was_erased(
    database: Database, settings: Settings
) -> None:
    """Its registers are copied at each start; an account that was erased begins empty."""
    city = replace(settings, sandbox=True)
    [gone, other, *_] = [one.subject for one in sandbox_residents()]
    at = city.clock()
    database.run_here(lambda db: remember(db, city, gone, at - timedelta(days=1)))
    database.run_here(lambda db: remember(db, city, gone, at))
    seed(city, database)
    assert database.run_here(lambda db: find_patient(db, gone)) is None
    assert database.run_here(lambda db: find_patient(db, other))
    assert database.run_here(lambda db: erased_at(db, city, gone)) == at
    assert database.run_here(lambda db: erased_at(db, city, other)) is None
