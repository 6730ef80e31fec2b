"""Cards of two residents do not touch, and strangers and broken bodies are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from gateway.cards.tables import blocks, grants
from gateway.database import Database
from tests.gateway.cards.card_city import (
    NOW_SLOT,
    RESIDENT,
    STRANGER,
    HeadersFor,
    Passes,
    ask,
    call,
    clock,
    deny_list,
    enrol,
    passes,
    settings,
)
from tests.gateway.clocked_city import Call, CityClock

__all__ = ["call", "clock", "passes", "settings"]

pytestmark = pytest.mark.postgresql


# Two residents: each test below fails when its table forgets whose row it is.


async def test_enrolments_of_two_residents_do_not_touch(call: Call) -> None:
    """Another resident's new phone must not end mine, nor show as mine."""
    mine, theirs = await enrol(call), await enrol(call, by=STRANGER)
    assert mine != theirs
    assert (await call("GET", "/cards/v1/card")).json()["device"]["card_id"] == mine
    answer = await ask(call, mine, by=STRANGER)
    assert answer.status_code == 404
    assert (await ask(call, mine)).status_code == 200


async def test_grants_of_two_residents_do_not_touch(
    call: Call, database: Database, clock: CityClock
) -> None:
    """Another resident's request neither deletes nor learns my hours."""
    mine, theirs = await enrol(call), await enrol(call, by=STRANGER)
    await ask(call, mine)
    clock.now = datetime.fromtimestamp((NOW_SLOT + 5) * 3600, UTC)
    await ask(call, theirs, NOW_SLOT + 5, by=STRANGER)
    count = select(func.count()).select_from(grants).where(grants.c.subject == RESIDENT)
    assert await database.run(lambda connection: connection.scalar(count)) == 1


async def test_blocks_of_two_residents_do_not_touch(call: Call, database: Database) -> None:
    """One lost phone must not stop the city, nor be taken back by somebody else."""
    await call("POST", "/cards/v1/block")
    assert (await call("GET", "/cards/v1/card", by=STRANGER)).json()["state"] == "active"
    await call("POST", "/cards/v1/unblock", by=STRANGER)
    assert (await call("GET", "/cards/v1/card")).json()["state"] == "blocked"
    await call("POST", "/cards/v1/block", by=STRANGER)
    rows = await database.run(lambda connection: connection.scalars(select(blocks.c.subject)).all())
    assert sorted(rows) == sorted([RESIDENT, STRANGER])


async def test_a_blocked_residents_neighbour_is_not_denied(
    call: Call, gateway: httpx.AsyncClient
) -> None:
    """The deny list names exactly the cards that must stop."""
    mine, theirs = await enrol(call), await enrol(call, by=STRANGER)
    await ask(call, mine)
    await ask(call, theirs, by=STRANGER)
    await call("POST", "/cards/v1/block")
    assert await deny_list(gateway) == [mine]


async def test_a_stranger_and_another_scope_are_refused(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, passes: Passes
) -> None:
    """A sign-in for reports only does not open the wallet."""
    headers = headers_for(RESIDENT, "reports health")
    for method, verb in [("GET", "card")] + [
        ("POST", verb) for verb in ("enrolments", "grants", "block", "unblock")
    ]:
        assert (await gateway.request(method, f"/cards/v1/{verb}")).status_code == 401
        answer = await gateway.request(method, f"/cards/v1/{verb}", headers=headers)
        assert answer.status_code == 403, verb


ANCHOR = {"slot": NOW_SLOT, "anchor": "ab" * 16}
BROKEN_BODIES: list[dict[str, Any]] = [
    {"card_id": "xyz", "anchors": [ANCHOR]},
    {"card_id": "00" * 8, "anchors": []},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"slot": NOW_SLOT + hour} for hour in range(73)]},
    {"card_id": "00" * 8, "anchors": [ANCHOR] * 2},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"slot": str(NOW_SLOT)}]},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"slot": True}]},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"slot": 2**40}]},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"anchor": "ab" * 15}]},
    {"card_id": "00" * 8, "anchors": [ANCHOR | {"anchor": "AB" * 16}]},
    {"card_id": "00" * 8, "anchors": [ANCHOR], "more": 1},
]


async def test_a_body_that_is_no_grant_request_is_refused(call: Call) -> None:
    """Whatever a broken client sends, the answer says what is wrong and nothing is signed."""
    for body in BROKEN_BODIES:
        answer = await call("POST", "/cards/v1/grants", body)
        found = (answer.status_code, answer.json()["type"])
        assert found == (422, "/problems/validation"), body
