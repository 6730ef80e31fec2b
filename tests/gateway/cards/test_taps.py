"""Taps at the gateway: only a gate brings them, each is verified again, kept once, and joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from gateway.cards import taps as joined
from gateway.cards.gate_credentials import end_gate
from gateway.cards.gate_service import FEWEST_SHARED
from gateway.cards.gate_tables import gates, taps
from gateway.cards.taps import Tap, on_taps
from gateway.settings import Settings
from tests.gateway.cards.gate_twins import GateCity, tap
from tests.support.card_codes import AT

pytestmark = pytest.mark.postgresql


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test moves."""
    return gate_settings


@pytest.fixture
def told() -> Iterator[list[Tap]]:
    """What a hook was told."""
    found: list[Tap] = []

    def hook(connection: Connection, new: Sequence[Tap]) -> None:
        found.extend(new)

    on_taps(hook)
    yield found
    joined._hooks.remove(hook)


def kept(city: GateCity) -> list[Any]:
    """Every row, by moment."""
    found = select(taps).order_by(taps.c.moment, taps.c.gate_id)
    return list(city.database.run_here(lambda db: db.execute(found).all(), write=False))


async def test_a_tap_is_kept_once_with_all_that_trips_need(
    gate_city: GateCity, told: list[Tap]
) -> None:
    """A gate whose line broke before the answer sends the batch again."""
    north, card = gate_city.add_gate(), gate_city.card(product=1, group=2)
    for new in (1, 0):
        answer = await gate_city.bring(north, tap(card, AT))
        assert (answer.status_code, answer.json()) == (200, {"new": new, "refused": []})
    [row] = kept(gate_city)
    assert (row.gate_id, row.place_id, row.kind) == ("north", "stop-of-north", "transit")
    assert (row.card_id, row.product, row.fare_group) == (card.card_id.hex(), 1, 2)
    assert (row.direction, row.moment, row.received_at) == ("in", AT, AT)
    assert (row.payload, row.flagged) == (card.raw(AT), None)
    assert [one.tap_id for one in told] == [row.tap_id]
    assert Tap(**row._mapping) == told[0]


async def test_a_hook_that_fails_undoes_the_upload(gate_city: GateCity) -> None:
    """A tap that made no trip must come again, or the fare is lost."""

    def fails(connection: Connection, new: Sequence[Tap]) -> None:
        raise RuntimeError

    north, card = gate_city.add_gate(), gate_city.card()
    on_taps(fails)
    try:
        assert (await gate_city.bring(north, tap(card, AT))).status_code == 500
    finally:
        joined._hooks.remove(fails)
    assert kept(gate_city) == []
    assert (await gate_city.bring(north, tap(card, AT))).json()["new"] == 1


async def test_each_tap_is_verified_again(gate_city: GateCity) -> None:
    """A gate in the wrong hands can bring only what cards really showed it, at that time."""
    north, card = gate_city.add_gate(), gate_city.card()
    stranger = gate_city.card(issuer=Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
    edited = bytearray(card.raw(AT))
    edited[14] ^= 1
    version = bytes([0x20 | edited[0] & 15]) + card.raw(AT)[1:]
    bad = {
        "forged": [tap(stranger, AT), tap(card, AT) | {"payload": edited.hex()}],
        "unknown_key": [tap(card.but(key_number=9), AT)],
        "too_old": [tap(card, AT - 31, moment=AT)],
        "too_new": [tap(card, AT, moment=AT - 31), tap(card, AT + 100)],
        "expired": [tap(card.but(valid_until=1), AT)],
        "malformed": [tap(card, AT) | {"payload": version.hex()}],
    }
    expected = [word for word, sent in bad.items() for _ in sent]
    sent = [one for group in bad.values() for one in group]
    answer = await gate_city.bring(north, *sent, tap(card, AT))
    assert [item["reason"] for item in answer.json()["refused"]] == expected
    assert [item["index"] for item in answer.json()["refused"]] == list(range(len(expected)))
    assert answer.json()["new"] == len(kept(gate_city)) == 1
    counted = select(gates.c.refused_taps, gates.c.last_upload_at)
    row = gate_city.database.run_here(lambda db: db.execute(counted).one(), write=False)
    assert tuple(row) == (len(expected), AT)


async def test_a_large_batch_says_of_each_tap_whether_it_holds(gate_city: GateCity) -> None:
    """Several threads share a batch: a forged tap must not take the place of an honest one."""
    north = gate_city.add_gate()
    sent = []
    for number in range(3 * FEWEST_SHARED):
        card = gate_city.card(card_id=number.to_bytes(8, "big"))
        raw = bytearray(card.raw(AT))
        raw[-1] ^= number % 5 == 0
        sent.append(tap(card, AT) | {"payload": raw.hex()})
    answer = (await gate_city.bring(north, *sent)).json()
    forged = list(range(0, len(sent), 5))
    assert answer["refused"] == [{"index": index, "reason": "forged"} for index in forged]
    assert answer["new"] == len(kept(gate_city)) == len(sent) - len(forged)


async def test_two_gates_within_one_step_flag_both_taps(gate_city: GateCity) -> None:
    """One phone cannot be at two gates; a code relayed live shows when both gates have reported."""
    north, south = gate_city.add_gate("north"), gate_city.add_gate("south")
    card, other = gate_city.card(), gate_city.card(card_id=b"another!")
    await gate_city.bring(north, tap(card, AT), tap(other, AT))
    assert [row.flagged for row in kept(gate_city)] == [None, None]
    gate_city.clock.at = AT + 3 * 3600
    await gate_city.bring(south, tap(card, AT + 15, "out"), tap(other, AT + 30))
    found = [(row.gate_id, row.card_id, row.flagged) for row in kept(gate_city) if row.flagged]
    assert found == [(gate, card.card_id.hex(), "two_gates") for gate in ("north", "south")]


async def test_two_taps_of_one_gate_are_no_reason_to_flag(gate_city: GateCity) -> None:
    """Whoever took the wrong turnstile leaves again at once."""
    north, card = gate_city.add_gate(), gate_city.card()
    await gate_city.bring(north, tap(card, AT), tap(card, AT + 15, "out"))
    assert [row.flagged for row in kept(gate_city)] == [None, None]


async def test_the_edge_of_an_hour_does_not_hide_two_gates(gate_city: GateCity) -> None:
    """The last step of a slot and the first of the next are one step apart."""
    edge = (AT // 3600 + 1) * 3600
    north, south = gate_city.add_gate("north"), gate_city.add_gate("south")
    card = gate_city.card()
    gate_city.clock.at = edge + 60
    await gate_city.bring(north, tap(card, edge - 1))
    await gate_city.bring(south, tap(card, edge))
    assert [row.flagged for row in kept(gate_city)] == ["two_gates"] * 2


@pytest.mark.parametrize("wrong", ["", "Bearer north.00", "Bearer south.{secret}", "Bearer x"])
async def test_only_a_gate_with_its_own_secret_uploads(gate_city: GateCity, wrong: str) -> None:
    """Whoever could write taps could write trips and fares into anybody's account."""
    north = gate_city.add_gate()["Authorization"].partition(".")[2]
    headers = {"Authorization": wrong.format(secret=north)} if wrong else {}
    answer = await gate_city.bring(headers, tap(gate_city.card(), AT))
    assert answer.status_code == 401
    assert kept(gate_city) == []


async def test_an_ended_gate_and_a_replaced_secret_upload_no_more(gate_city: GateCity) -> None:
    """A stolen gate is ended from the office, a leaked secret replaced."""
    old = gate_city.add_gate()
    new = gate_city.add_gate()
    sent = tap(gate_city.card(), AT)
    assert (await gate_city.bring(old, sent)).status_code == 401
    assert (await gate_city.bring(new, sent)).status_code == 200
    assert gate_city.database.run_here(lambda db: end_gate(db, "north", AT))
    assert (await gate_city.bring(new, sent)).status_code == 401


async def test_a_residents_token_brings_no_taps(gate_city: GateCity, headers_for: Any) -> None:
    """A resident is no gate."""
    answer = await gate_city.bring(headers_for(scope="cards"), tap(gate_city.card(), AT))
    assert answer.status_code == 401


async def test_a_gates_secret_is_kept_as_a_hash(gate_city: GateCity) -> None:
    """A copy of the database must not let anybody upload."""
    secret = gate_city.add_gate()["Authorization"].partition(".")[2]
    row = gate_city.database.run_here(lambda db: db.execute(select(gates)).one(), write=False)
    assert secret not in str(row)


@pytest.mark.parametrize(
    "change",
    [
        {"payload": "00"},
        {"payload": "AB" * 99},
        {"direction": "up"},
        {"moment": -1},
        {"moment": "1"},
        {"moment": 2**40},
        {"more": 1},
    ],
    ids=str,
)
async def test_a_body_that_is_no_tap_is_refused(
    gate_city: GateCity, change: dict[str, Any]
) -> None:
    """A broken gate is told so; nothing is half kept."""
    north, good = gate_city.add_gate(), tap(gate_city.card(), AT)
    answer = await gate_city.bring(north, good, good | change)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/validation")
    assert kept(gate_city) == []


async def test_a_batch_has_a_greatest_size(gate_city: GateCity) -> None:
    """One gate's long night offline must not hold up the others' uploads."""
    north, good = gate_city.add_gate(), tap(gate_city.card(), AT)
    assert (await gate_city.bring(north, *[good] * 501)).status_code == 422
    assert (await gate_city.bring(north)).status_code == 422
