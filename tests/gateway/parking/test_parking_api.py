"""A stay at the gateway: begun, prolonged, ended and paid once, whatever is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from gateway.database import Database
from gateway.parking import accounts as accounts_module
from gateway.parking import sessions as sessions_module
from gateway.parking.places import parking_register, sandbox_parking
from gateway.parking.tables import accounts, charges, parking_sessions
from gateway.problems import Problem
from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock, city_settings

pytestmark = pytest.mark.postgresql

RESIDENT, STRANGER = "test-minh-anh", "test-gia-huy"
START = datetime(2026, 10, 14, 1, 17, tzinfo=UTC)
BODY = {"plate": "30K-012.34", "vehicle": "car_up_to_9", "place_id": "HK-014", "minutes": 120}
HeadersFor = Callable[..., dict[str, str]]


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def call(app: FastAPI, gateway: httpx.AsyncClient, headers_for: HeadersFor) -> Call:
    """Sends a request as a resident with the scope `cards`."""
    app.dependency_overrides[parking_register] = sandbox_parking

    async def send(
        method: str, path: str, body: Any = None, *, by: str = RESIDENT, key: str = ""
    ) -> httpx.Response:
        headers = headers_for(by, "cards") | ({"Idempotency-Key": key} if key else {})
        return await gateway.request(method, f"/parking/v1{path}", json=body, headers=headers)

    return send


async def begin(call: Call, key: str = "first-stay", *, by: str = RESIDENT, **other: Any) -> Any:
    """Begins a stay and returns it."""
    answer = await call("POST", "/sessions", BODY | other, by=by, key=key)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def stop(call: Call, stay: Any, *, by: str = RESIDENT, **body: Any) -> httpx.Response:
    """Ends a stay."""
    return await call("POST", f"/sessions/{stay['session_id']}/stop", body, by=by)


async def left(call: Call, by: str = RESIDENT) -> int:
    """The balance of a resident."""
    return int((await call("GET", "/account", by=by)).json()["balance"])


async def test_a_stay_is_begun_and_paid_at_its_end(call: Call, clock: CityClock) -> None:
    """The picture's stay: in at 08:17, 1 hour 24 minutes, 50.000 dong."""
    stay = await begin(call)
    assert stay["plate"] == "30K01234"
    assert stay["until"] - stay["started_at"] == 7200
    assert stay["receipt"] is None
    clock.pass_by(hours=1, minutes=24)
    ended = (await stop(call, stay)).json()
    assert ended["receipt"]["amount"] == 50_000
    assert ended["receipt"]["lines"] == [{"count": 2, "unit": "hour", "price": 25_000}]
    assert ended["receipt"]["balance_after"] == await left(call) == 450_000
    assert ended["ended_at"] - ended["started_at"] == 84 * 60


async def test_a_stay_stopped_twice_is_paid_once(
    call: Call, clock: CityClock, database: Database
) -> None:
    """A second tap, a lost answer or two windows at once give the one receipt again."""
    stay = await begin(call)
    clock.pass_by(minutes=30)
    answers = await asyncio.gather(*[stop(call, stay) for _ in range(4)])
    clock.pass_by(hours=5)
    answers.append(await stop(call, stay))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["receipt"]["number"] for answer in answers}) == 1
    count = select(func.count()).select_from(charges)
    assert await database.run(lambda c: c.execute(count).scalar_one(), write=False) == 1
    assert await left(call) == 475_000


async def test_a_clock_that_is_set_charges_nothing_twice(call: Call, clock: CityClock) -> None:
    """The city's clock may be corrected while a car is parked."""
    stay = await begin(call)
    clock.pass_by(hours=-3)
    ended = (await stop(call, stay)).json()
    assert ended["ended_at"] == ended["started_at"]
    assert ended["receipt"]["amount"] == 25_000
    clock.pass_by(hours=30)
    assert (await stop(call, stay)).json()["receipt"] == ended["receipt"]


@pytest.mark.parametrize(
    ("back", "counted"), [(600, 54), (900, 49), (901, 64), (-60, 64), (10**9, 64)]
)
async def test_a_stop_that_waited_for_a_network_counts_from_when_it_was_made(
    call: Call, clock: CityClock, back: int, counted: int
) -> None:
    """A garage has no reception; but nobody ends a stay an hour ago, nor later than now."""
    stay = await begin(call)
    clock.pass_by(minutes=64)
    asked = max(0, int(clock.now.timestamp()) - back)
    ended = (await stop(call, stay, requested_at=asked)).json()
    assert ended["ended_at"] - ended["started_at"] == counted * 60


async def test_a_payment_that_fails_leaves_the_stay_open(
    call: Call, clock: CityClock, database: Database
) -> None:
    """Nothing is taken, nothing ends; after a top-up the same stop goes through."""
    stay = await begin(call)
    await left(call)
    poor = update(accounts).where(accounts.c.subject == RESIDENT).values(balance=20_000)
    await database.run(lambda c: c.execute(poor))
    refused = await stop(call, stay)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/balance-too-low")
    assert refused.json()["missing"] == 5_000
    assert await left(call) == 20_000
    still = (await call("GET", f"/sessions/{stay['session_id']}")).json()
    assert (still["ended_at"], still["receipt"]) == (None, None)
    for _twice in range(2):
        topped = await call("POST", "/account/sandbox-top-ups", key="one-top-up")
        assert topped.json()["balance"] == 220_000
    assert (await stop(call, stay)).json()["receipt"]["balance_after"] == 195_000


async def test_two_stays_that_end_at_once_cannot_spend_the_same_money(
    call: Call, database: Database
) -> None:
    """30.000 pay for one car, not for two."""
    one, two = await begin(call), await begin(call, "second-stay", plate="30A-999.99")
    await left(call)
    poor = update(accounts).where(accounts.c.subject == RESIDENT).values(balance=30_000)
    await database.run(lambda c: c.execute(poor))
    answers = await asyncio.gather(stop(call, one), stop(call, two))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await left(call) == 5_000


async def test_a_stay_sent_twice_begins_once(call: Call, clock: CityClock) -> None:
    """The outbox repeats what got no answer."""
    first = await begin(call)
    clock.pass_by(minutes=5)
    again = await begin(call)
    assert again["session_id"] == first["session_id"]
    assert again["started_at"] == first["started_at"]
    other = await call("POST", "/sessions", BODY | {"minutes": 60}, key="first-stay")
    assert other.json()["type"] == "/problems/idempotency-key-reused"


async def test_one_plate_is_parked_once(call: Call) -> None:
    """Another key for the same car is a mistake, and said so; when it has left it may come back."""
    stay = await begin(call)
    again = await call("POST", "/sessions", BODY, key="second-stay")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-parked")
    await stop(call, stay)
    await begin(call, "third-stay")


async def test_a_stay_is_prolonged_once_a_key(call: Call, clock: CityClock) -> None:
    """From its booked end; over time, from now."""
    stay = await begin(call)
    path = f"/sessions/{stay['session_id']}/extensions"
    for _twice in range(2):
        longer = (await call("POST", path, {"minutes": 30}, key="half-an-hour")).json()
        assert longer["until"] == stay["until"] + 1800
    clock.pass_by(hours=4)
    later = (await call("POST", path, {"minutes": 60}, key="another-hour")).json()
    assert later["until"] == int(clock.now.timestamp()) + 3600
    odd = await call("POST", path, {"minutes": 31}, key="an-odd-time")
    assert odd.json()["errors"][0]["code"] == "unknown"
    await stop(call, stay)
    ended = await call("POST", path, {"minutes": 30}, key="too-late-now")
    assert ended.json()["type"] == "/problems/stay-ended"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"plate": "not a plate"}, "plate", "plate_format"),
        ({"plate": "29C1-123.45"}, "plate", "plate_format"),
        ({"place_id": "nowhere"}, "place_id", "unknown"),
        ({"place_id": "CL-Y1", "vehicle": "motorbike", "plate": "29C1-123.45"}, "place_id", "yard"),
        ({"minutes": 45}, "minutes", "unknown"),
        ({"vehicle": "lorry"}, "vehicle", "literal_error"),
    ],
)
async def test_what_cannot_be_accepted_is_named(
    call: Call, change: dict[str, Any], field: str, code: str
) -> None:
    """Each wrong field gets its own sentence in the app."""
    answer = await call("POST", "/sessions", BODY | change, key="wrong-stay")
    assert answer.status_code == 422
    found = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert found[field].startswith(code)


async def test_stays_of_two_residents_do_not_touch(call: Call, database: Database) -> None:
    """Neither seen, nor prolonged, nor stopped, nor paid by another."""
    mine, theirs = await begin(call), await begin(call, by=STRANGER)
    assert mine["session_id"] != theirs["session_id"]
    listed = (await call("GET", "/sessions")).json()["sessions"]
    assert [stay["session_id"] for stay in listed] == [mine["session_id"]]
    path = f"/sessions/{theirs['session_id']}"
    tries = [
        await call("GET", path),
        await call("POST", f"{path}/extensions", {"minutes": 30}, key="not-mine-at-all"),
        await stop(call, theirs),
    ]
    assert [answer.status_code for answer in tries] == [404, 404, 404]

    def by_itself(connection: Any) -> None:
        number = theirs["session_id"]
        tries: list[Callable[[], object]] = [
            lambda: sessions_module.find(connection, RESIDENT, number),
            lambda: sessions_module.extend(connection, RESIDENT, number, 30, 0),
            lambda: sessions_module.stop(connection, RESIDENT, number, 0, 10**6),
        ]
        for work in tries:
            with pytest.raises(Problem) as refused:
                work()
            assert refused.value.status == 404

    await database.run(by_itself)


async def test_accounts_of_two_residents_do_not_touch(call: Call, database: Database) -> None:
    """What one pays or is given changes nothing for the other."""
    mine = await begin(call)
    await call("POST", "/account/sandbox-top-ups", key="one-top-up", by=STRANGER)
    assert (await left(call), await left(call, STRANGER)) == (500_000, 700_000)
    await stop(call, mine)
    assert (await left(call), await left(call, STRANGER)) == (475_000, 700_000)


async def test_charges_of_two_residents_do_not_touch(call: Call, database: Database) -> None:
    """A receipt's balance is its payer's alone."""
    theirs = await begin(call, by=STRANGER)
    await stop(call, theirs, by=STRANGER)
    number = theirs["session_id"]

    def both(connection: Any) -> tuple[int | None, int | None]:
        read = accounts_module.balance_after
        return read(connection, STRANGER, number), read(connection, RESIDENT, number)

    assert await database.run(both, write=False) == (475_000, None)


async def test_a_stay_is_kept_with_no_more_than_it_needs(call: Call, database: Database) -> None:
    """One row a stay, and its plate in one form."""
    await begin(call)
    row = (await database.run(lambda c: list(c.execute(select(parking_sessions))), write=False))[0]
    assert (row.plate, row.ended_at, row.amount, row.receipt) == ("30K01234", None, None, None)
