"""Asking something about one's data, and the desk that answers within two working days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from gateway.database import Database
from gateway.privacy import data_requests
from gateway.settings import Settings
from gateway.working_time import HANOI
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor, on_sqlite

ASKED = {
    "kind": "correct",
    "area": "reports",
    "description": "Địa chỉ trong phản ánh của tôi đã cũ, xin sửa lại.",
}
ANSWER = {"state": "granted", "answer": "Đã sửa địa chỉ trong phản ánh của bạn."}
pytestmark = on_sqlite


@pytest.fixture
def headers(headers_for: HeadersFor) -> Any:
    """Headers of a resident; of an officer with the role."""

    def of(subject: str = RESIDENT, *, key: str = "k", officer: bool = False) -> dict[str, str]:
        who = headers_for(subject, "openid desk", roles=("officer",) if officer else ())
        return {**who, "Idempotency-Key": key}

    return of


async def ask(gateway: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, Any]:
    """Ask, and return the request."""
    answer = await gateway.post("/privacy/requests", headers=headers, json=ASKED)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_request_is_answered_into_the_inbox(
    gateway: httpx.AsyncClient, headers: Any, headers_for: HeadersFor
) -> None:
    """The law gives two working days; the resident need not look every hour."""
    asked = await ask(gateway, headers())
    officer = headers("test-officer", officer=True)
    [waiting] = (await gateway.get("/privacy/desk/requests", headers=officer)).json()
    assert RESIDENT not in str(waiting)
    path = f"/privacy/desk/requests/{asked['request_id']}/answer"
    assert (await gateway.post(path, headers=officer, json=ANSWER)).status_code == 200
    assert (await gateway.get("/privacy/desk/requests", headers=officer)).json() == []
    [mine] = (await gateway.get("/privacy/requests", headers=headers())).json()
    assert (mine["state"], mine["answer"]) == ("granted", ANSWER["answer"])
    [notice] = (await gateway.get("/reports/inbox", headers=headers_for(RESIDENT))).json()
    assert (notice["kind"], notice["description"]) == ("privacy_answer", ANSWER["answer"])
    again = await gateway.post(path, headers=officer, json=ANSWER)
    assert again.status_code == 409


async def test_requests_of_two_residents_are_each_ones_own(
    gateway: httpx.AsyncClient, headers: Any
) -> None:
    """What somebody wants corrected says what is wrong about them."""
    await ask(gateway, headers(STRANGER))
    assert (await gateway.get("/privacy/requests", headers=headers())).json() == []
    assert len((await gateway.get("/privacy/requests", headers=headers(STRANGER))).json()) == 1


async def test_asked_again_it_is_the_same_request(gateway: httpx.AsyncClient, headers: Any) -> None:
    """An answer lost on the way is asked for again."""
    first, second = await ask(gateway, headers()), await ask(gateway, headers())
    assert first == second


async def test_ten_wait_at_most(gateway: httpx.AsyncClient, headers: Any) -> None:
    """One resident must not fill the desk for everybody."""
    for number in range(data_requests.OPEN_MOST):
        await ask(gateway, headers(key=f"k{number}"))
    refused = await gateway.post("/privacy/requests", headers=headers(key="more"), json=ASKED)
    assert refused.json()["type"].endswith("too-many-requests-open")


@pytest.mark.parametrize("change", [{"kind": "sell"}, {"area": "moon"}, {"description": "short"}])
async def test_what_cannot_be_answered_is_refused_by_field(
    gateway: httpx.AsyncClient, headers: Any, change: dict[str, str]
) -> None:
    """A request that nobody can handle is said so at once."""
    answer = await gateway.post("/privacy/requests", headers=headers(), json={**ASKED, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(change))


def test_the_time_is_two_working_days(database: Database, settings: Settings) -> None:
    """Asked on a Friday, it is due on Tuesday."""
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=HANOI)
    wanted = data_requests.Wanted("object", "health", "Không dùng dữ liệu này nữa.")
    request_id = database.run_here(lambda db: data_requests.ask(db, RESIDENT, wanted, friday))
    row = database.run_here(lambda db: data_requests.get_mine(db, RESIDENT, request_id))
    assert row.due.astimezone(HANOI).date().isoformat() == "2026-12-01"
