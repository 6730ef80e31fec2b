"""The resident's card at the gateway: enrolment, grants, blocking, and what gates are told."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from gateway.cards.tables import enrolments, grants
from gateway.database import Database
from gateway.settings import Settings
from tests.gateway.cards.card_city import (
    BODY,
    NOW_SLOT,
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


async def test_a_resident_sees_their_card(call: Call) -> None:
    """The screen shows what the inspector will ask for."""
    answer = await call("GET", "/cards/v1/card")
    assert answer.json() == {
        "number": "010000003917",
        "product": 1,
        "product_name": {"vi": "Vé tháng liên tuyến", "en": "Monthly pass, all routes"},
        "group": 0,
        "group_name": {"vi": "Phổ thông", "en": "Ordinary"},
        "holder_name": "Nguyễn Minh Anh",
        "valid_from": "2026-10-01",
        "valid_until": "2026-10-31",
        "state": "active",
        "device": None,
    }


async def test_a_resident_without_a_pass_is_told_so(call: Call, passes: Passes) -> None:
    """The newcomer is offered a card, not an error."""
    passes.held.clear()
    for method, path in [("GET", "card"), ("POST", "block"), ("POST", "unblock")]:
        answer = await call(method, f"/cards/v1/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-card")


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 9, 30, 16, 59, tzinfo=UTC), "not_yet_valid"),
        (datetime(2026, 9, 30, 17, 0, tzinfo=UTC), "active"),
        (datetime(2026, 10, 31, 16, 59, tzinfo=UTC), "active"),
        (datetime(2026, 10, 31, 17, 0, tzinfo=UTC), "expired"),
    ],
)
async def test_a_card_begins_and_ends_at_midnight_in_hanoi(
    call: Call, clock: CityClock, moment: datetime, state: str
) -> None:
    """A pass bought for October works on all of the city's October."""
    clock.now = moment
    assert (await call("GET", "/cards/v1/card")).json()["state"] == state


async def test_a_grant_holds_under_the_published_key(
    call: Call, gateway: httpx.AsyncClient
) -> None:
    """A gate far from any network trusts exactly this signature."""
    card_id = await enrol(call)
    found = (await ask(call, card_id)).json()["grants"][0]
    [key] = (await gateway.get("/gate/keys")).json()["keys"]
    header = bytes.fromhex(found["header"])
    expected = bytes([0x10 | key["number"]]) + bytes.fromhex(card_id)
    expected += NOW_SLOT.to_bytes(4, "big") + b"\0\1" + b"\0"
    expected += (date(2026, 10, 31) - date(1970, 1, 1)).days.to_bytes(2, "big")
    assert header == expected
    public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public_key"]))
    message = b"hn-card-grant-v1" + header + bytes.fromhex("ab" * 16)
    public_key.verify(bytes.fromhex(found["grant"]), message)


async def test_the_same_anchor_gets_the_same_grant_and_another_is_refused(call: Call) -> None:
    """One card cannot live on two phones."""
    card_id = await enrol(call)
    first = await ask(call, card_id, NOW_SLOT, NOW_SLOT + 1)
    assert (await ask(call, card_id, NOW_SLOT, NOW_SLOT + 1)).json() == first.json()
    other = await ask(call, card_id, NOW_SLOT + 1, NOW_SLOT + 2, anchor="cd" * 16)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/anchor-taken")
    assert other.json()["slots"] == [NOW_SLOT + 1]
    later = await ask(call, card_id, NOW_SLOT + 2)
    assert later.status_code == 200


@pytest.mark.parametrize(
    ("hours", "status"), [(-2, 422), (-1, 200), (0, 200), (72, 200), (73, 422)]
)
async def test_only_the_coming_seventy_two_hours_are_granted(
    call: Call, hours: int, status: int
) -> None:
    """A device that is lost holds codes for three days, never for a year."""
    card_id = await enrol(call)
    answer = await ask(call, card_id, NOW_SLOT + hours)
    assert answer.status_code == status
    if status == 422:
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("anchors.0.slot", "out_of_window")


async def test_hours_the_pass_does_not_cover_are_left_out(call: Call, clock: CityClock) -> None:
    """Nobody rides in November on an October pass."""
    clock.now = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
    card_id = await enrol(call)
    slot = int(clock.now.timestamp()) // 3600
    found = await ask(call, card_id, slot, slot + 1, slot + 2)
    assert [item["slot"] for item in found.json()["grants"]] == [slot, slot + 1]


async def test_enrolling_anew_ends_the_old_card_until_its_grants_have_passed(
    call: Call, gateway: httpx.AsyncClient, clock: CityClock
) -> None:
    """The old phone stops at every gate, and the list does not grow for ever."""
    old = await enrol(call)
    await ask(call, old, NOW_SLOT, NOW_SLOT + 2)
    assert await deny_list(gateway) == []
    new = await enrol(call, "second-enrolment")
    assert new != old
    refused = await ask(call, old)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/card-moved")
    assert await deny_list(gateway) == [old]
    as_text = await gateway.get("/gate/deny", headers={"Accept": "*/*"})
    assert as_text.text == f"{old}\n"
    assert (await call("GET", "/cards/v1/card")).json()["device"]["card_id"] == new
    clock.now = datetime.fromtimestamp((NOW_SLOT + 3) * 3600 + 29, UTC)
    assert await deny_list(gateway) == [old]
    clock.now = datetime.fromtimestamp((NOW_SLOT + 3) * 3600 + 30, UTC)
    assert await deny_list(gateway) == []


async def test_an_enrolment_sent_twice_happens_once(call: Call) -> None:
    """A lost answer on the underground must not end the card that was just made."""
    assert await enrol(call) == await enrol(call)
    other = BODY | {"device_name": "Máy khác"}
    answer = await call("POST", "/cards/v1/enrolments", other, key="first-enrolment")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_an_enrolment_without_a_key_is_refused(call: Call) -> None:
    """Without a key a repeated request would end the card it made."""
    assert (await call("POST", "/cards/v1/enrolments", BODY)).status_code == 422


async def test_two_enrolments_at_once_leave_one_device(call: Call, database: Database) -> None:
    """A nervous resident with two phones ends with one card, whichever came last."""
    ids = await asyncio.gather(*(enrol(call, f"enrolment-{n}") for n in range(4)))
    statement = select(enrolments.c.card_id).where(enrolments.c.ended_at.is_(None))
    [current] = await database.run(lambda connection: connection.scalars(statement).all())
    assert current in ids
    assert len(set(ids)) == 4


async def test_grants_asked_twice_at_once_are_the_same(call: Call) -> None:
    """A retry that overtakes the first request must not spoil the hour."""
    card_id = await enrol(call)
    answers = await asyncio.gather(*(ask(call, card_id, NOW_SLOT) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 1


async def test_a_blocked_card_is_denied_until_it_is_taken_back(
    call: Call, gateway: httpx.AsyncClient
) -> None:
    """A phone left in a taxi, found again in the evening."""
    card_id = await enrol(call)
    await ask(call, card_id)
    assert (await call("POST", "/cards/v1/block")).json()["state"] == "blocked"
    assert (await call("POST", "/cards/v1/block")).status_code == 200
    refused = await ask(call, card_id, NOW_SLOT + 1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/card-blocked")
    assert await deny_list(gateway) == [card_id]
    assert (await call("POST", "/cards/v1/unblock")).json()["state"] == "active"
    assert await deny_list(gateway) == []
    assert (await ask(call, card_id, NOW_SLOT + 1)).status_code == 200


async def test_past_hours_are_forgotten(call: Call, database: Database, clock: CityClock) -> None:
    """The gateway keeps no calendar of when somebody carried the card."""
    card_id = await enrol(call)
    await ask(call, card_id, NOW_SLOT)
    clock.now = datetime.fromtimestamp((NOW_SLOT + 3) * 3600, UTC)
    await ask(call, card_id, NOW_SLOT + 3)
    kept = await database.run(lambda connection: connection.scalars(select(grants.c.slot)).all())
    assert kept == [NOW_SLOT + 3]


async def test_the_issuer_key_is_its_owners_alone_and_stays(
    gateway: httpx.AsyncClient, settings: Settings
) -> None:
    """Whoever reads this file can make cards."""
    first = (await gateway.get("/gate/keys")).json()
    assert (await gateway.get("/gate/keys")).json() == first
    [file] = (settings.data_folder / "keys").glob("card-issuer-*")
    assert file.stat().st_mode & 0o777 == 0o600
