"""The resident's card at the gateway: enrolment, grants, blocking, and what gates are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI
from sqlalchemy import func, select

from gateway.cards.holder import pass_register
from gateway.cards.tables import blocks, enrolments, grants
from gateway.database import Database
from gateway.registers.passes import Entry, Pass
from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock, city_settings

pytestmark = pytest.mark.postgresql

RESIDENT, STRANGER = "test-minh-anh", "test-gia-huy"
START = datetime(2026, 10, 14, 2, 30, tzinfo=UTC)
"""Half past nine in Hanoi."""
NOW_SLOT = int(START.timestamp()) // 3600
PASS = Pass(
    number="010000003917",
    holder_name="Nguyễn Minh Anh",
    product=Entry(1, {"vi": "Vé tháng liên tuyến", "en": "Monthly pass, all routes"}),
    group=Entry(0, {"vi": "Phổ thông", "en": "Ordinary"}),
    valid_from=date(2026, 10, 1),
    valid_until=date(2026, 10, 31),
)
BODY = {"device_name": "Điện thoại của tôi", "platform": "android"}
HeadersFor = Callable[..., dict[str, str]]


class Passes:
    """A register in which everybody named has a pass."""

    def __init__(self) -> None:
        self.held = {RESIDENT: PASS, STRANGER: replace(PASS, holder_name="Trần Gia Huy")}

    async def find(self, subject: str, on: date) -> Pass | None:
        """The pass of that subject."""
        return self.held.get(subject)

    async def find_by_number(self, number: str, on: date) -> tuple[str, Pass] | None:
        """Whose pass has that number."""
        return next((item for item in self.held.items() if item[1].number == number), None)


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def passes(app: FastAPI) -> Passes:
    """The register of passes, which the test changes."""
    register = Passes()
    app.dependency_overrides[pass_register] = lambda: register
    return register


@pytest.fixture
def call(gateway: httpx.AsyncClient, passes: Passes, headers_for: HeadersFor) -> Call:
    """Sends a request as a resident with the scope `cards`."""

    async def send(
        method: str, path: str, body: Any = None, *, by: str = RESIDENT, key: str = ""
    ) -> httpx.Response:
        headers = headers_for(by, "cards") | ({"Idempotency-Key": key} if key else {})
        return await gateway.request(method, path, json=body, headers=headers)

    return send


async def enrol(call: Call, key: str = "first-enrolment", *, by: str = RESIDENT) -> str:
    """Puts the card on a device; its card id."""
    answer = await call("POST", "/cards/v1/enrolments", BODY, by=by, key=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["card_id"])


async def ask(
    call: Call, card_id: str, *slots: int, anchor: str = "ab" * 16, by: str = RESIDENT
) -> httpx.Response:
    """Asks for grants with the same anchor for every slot."""
    anchors = [{"slot": slot, "anchor": anchor} for slot in slots or (NOW_SLOT,)]
    body = {"card_id": card_id, "anchors": anchors}
    return await call("POST", "/cards/v1/grants", body, by=by)


async def deny_list(gateway: httpx.AsyncClient) -> list[str]:
    """What gates must refuse now."""
    answer = await gateway.get("/gate/deny", headers={"Accept": "application/json"})
    return list(answer.json()["card_ids"])


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


async def test_the_issuer_key_is_its_owners_alone_and_stays(
    gateway: httpx.AsyncClient, settings: Settings
) -> None:
    """Whoever reads this file can make cards."""
    first = (await gateway.get("/gate/keys")).json()
    assert (await gateway.get("/gate/keys")).json() == first
    [file] = (settings.data_folder / "keys").glob("card-issuer-*")
    assert file.stat().st_mode & 0o777 == 0o600
