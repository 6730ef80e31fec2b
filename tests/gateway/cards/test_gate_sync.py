"""A real gate and a real gateway: keys, deny list by delta, taps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import delete, insert, select

from gate.signed import open_deny, open_keys
from gateway.cards.gate_tables import deny_entries, taps
from gateway.cards.tables import blocks, enrolments, grants
from gateway.settings import Settings
from tests.gateway.cards.gate_twins import GateCity, MakeGate
from tests.support.card_codes import AT

SLOT = AT // 3600


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test moves."""
    return gate_settings


def enrolled(city: GateCity, card_id: str, subject: str, last_slot: int) -> None:
    """A card on a device, granted until that slot."""
    row = {"subject": subject, "device_name": "Máy", "platform": "android", "enrolled_at": AT}
    row |= {"card_id": card_id, "idempotency_key": card_id, "body_hash": ""}
    granted = {"card_id": card_id, "slot": last_slot, "subject": subject}
    granted |= {"anchor": "00" * 16, "header": "00" * 18, "grant": "00" * 64}

    def work(connection: Any) -> None:
        connection.execute(insert(enrolments), row)
        connection.execute(insert(grants), granted)

    city.database.run_here(work)


def block(city: GateCity, subject: str) -> None:
    """A lost phone."""
    values = {"subject": subject, "blocked_at": AT}
    city.database.run_here(lambda db: db.execute(insert(blocks), values))


def unblock(city: GateCity, subject: str) -> None:
    """Found again."""
    city.database.run_here(lambda db: db.execute(delete(blocks).where(blocks.c.subject == subject)))


async def test_a_gate_syncs_takes_cards_alone_and_brings_their_taps(
    make_gate: MakeGate, gate_city: GateCity
) -> None:
    """The whole way once: keys and list out, taps back, each with its 99 bytes."""
    gate, card = make_gate(), gate_city.card()
    assert await gate.sync() == 0
    for hours in range(3):
        assert gate.take(card) == "accepted", hours
        gate.wait(3600)
    assert await gate.sync() == 3
    assert await gate.sync() == 0
    found = select(taps.c.payload, taps.c.moment).order_by(taps.c.moment)
    rows = gate_city.database.run_here(lambda db: db.execute(found).all(), write=False)
    assert [row.payload for row in rows] == [card.raw(AT + 3600 * hour) for hour in range(3)]
    # The gate's clock is good to half the time that its question took.
    assert [row.moment for row in rows] == pytest.approx(
        [AT + 3600 * hour for hour in range(3)], abs=10
    )


async def test_two_gates_that_were_both_offline_are_joined_at_once(
    make_gate: MakeGate, gate_city: GateCity
) -> None:
    """A code relayed live opens two gates; the second upload flags both, not a minute later."""
    north, south, card = make_gate("north"), make_gate("south"), gate_city.card()
    await north.sync()
    await south.sync()
    assert north.take(card) == south.take(card) == "accepted"
    gate_city.clock.at += 7200
    north.clocks.at = south.clocks.at = gate_city.clock.at
    await north.sync()
    flagged = select(taps.c.gate_id).where(taps.c.flagged == "two_gates").order_by(taps.c.gate_id)
    assert gate_city.database.run_here(lambda db: db.scalars(flagged).all(), write=False) == []
    await south.sync()
    found = gate_city.database.run_here(lambda db: db.scalars(flagged).all(), write=False)
    assert found == ["north", "south"]


async def test_a_block_reaches_the_gate_by_delta_and_leaves_with_its_last_slot(
    make_gate: MakeGate, gate_city: GateCity
) -> None:
    """The list holds who must be refused now, and costs each sync what changed."""
    gate, card, other = make_gate(), gate_city.card(), gate_city.card(card_id=b"another!")
    enrolled(gate_city, card.card_id.hex(), "a", SLOT + 2)
    enrolled(gate_city, other.card_id.hex(), "b", SLOT + 72)
    await gate.sync()
    block(gate_city, "a")
    block(gate_city, "b")
    gate.wait(15)
    await gate.sync()
    assert gate.take(card) == gate.take(other) == "revoked"
    assert gate.station.standing().denied == 2
    unblock(gate_city, "b")
    gate.wait(15)
    await gate.sync()
    assert gate.take(card) == "revoked"
    assert gate.take(other) == "accepted"
    gate.wait((SLOT + 3) * 3600 + 29 - gate.clocks.at)
    await gate.sync()
    assert gate.station.standing().denied == 1
    gate.wait(10)
    await gate.sync()
    assert gate.station.standing().denied == 0
    since = [path.rpartition("=")[2] for path in gate.wire.asked if "since" in path]
    assert since[0] == "0"
    assert "0" not in since[1:]


async def test_a_gate_that_was_away_for_long_gets_the_whole_list(
    make_gate: MakeGate, gate_city: GateCity
) -> None:
    """Changes are remembered for a week; after that a delta would leave cards on the list for ever."""
    gate, card = make_gate(deny_max_age_hours=999, keys_max_age_hours=999), gate_city.card()
    enrolled(gate_city, card.card_id.hex(), "a", SLOT + 10)
    block(gate_city, "a")
    await gate.sync()
    gate_city.clock.at += 86_400
    await gate_city.http.get("/gate/v1/deny")
    gate_city.clock.at += 9 * 86_400
    enrolled(gate_city, "00" * 8, "b", SLOT + 999)
    block(gate_city, "b")
    document = (await gate_city.http.get("/gate/v1/deny")).content
    gone = select(deny_entries.c.card_id)
    assert gate_city.database.run_here(lambda db: db.scalars(gone).all()) == ["00" * 8]
    gate.clocks.at = gate_city.clock.at
    await gate.sync()
    standing = gate.station.standing()
    assert standing.denied == len(open_deny(document, gate_city.root, None).deny) == 1
    assert gate.take(card) == "accepted"


async def test_a_list_that_did_not_change_keeps_its_version_and_becomes_younger(
    gate_city: GateCity,
) -> None:
    """An idle night must not make every gate refuse everybody in the morning."""
    first = open_deny((await gate_city.http.get("/gate/v1/deny")).content, gate_city.root, None)
    gate_city.clock.at += 3600
    answer = await gate_city.http.get(f"/gate/v1/deny?since={first.version}")
    again = open_deny(answer.content, gate_city.root, first)
    assert again.version == first.version
    assert again.issued_at == first.issued_at + 3600
    assert len(answer.content) == 132


async def test_a_new_issuer_key_gets_slots_and_the_old_one_loses_them(
    gate_city: GateCity, make_gate: MakeGate
) -> None:
    """A key that was changed signs nothing new, and what it granted stays good for 72 hours."""
    gate, old = make_gate(), gate_city.card()
    await gate.sync()
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (gate_city.settings.data_folder / "keys" / "card-issuer-02.pem").write_bytes(pem)
    new = gate_city.card(card_id=b"another!")
    assert (old.key_number, new.key_number) == (1, 2)
    assert gate.take(new) == "unknown_key"
    await gate.sync()
    assert gate.take(new) == gate.take(old) == "accepted"
    answer = (await gate_city.http.get("/gate/v1/keys?nonce=ab")).content
    found = json.loads(answer[64:])
    slots = {key["number"]: (key["first_slot"], key["last_slot"]) for key in found["keys"]}
    assert slots == {1: (0, SLOT + 73), 2: (SLOT - 1, 0xFFFFFFFF)}
    assert open_keys(answer, gate_city.root).nonce == "ab"
    (gate_city.settings.data_folder / "keys" / "card-issuer-01.pem").unlink()
    assert await gate.sync() == 2
    gate.wait(74 * 3600)
    await gate.sync()
    assert gate.take(old) == "unknown_key"
    assert gate.take(new) == "accepted"


async def test_a_coming_key_is_known_at_every_gate_before_it_signs(
    gate_city: GateCity, make_gate: MakeGate
) -> None:
    """A gate offline for three days takes the first codes of a new key."""
    gate, folder = make_gate(), gate_city.settings.data_folder / "keys"
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (folder / "card-issuer-02.next.pem").write_bytes(pem)
    await gate.sync()
    assert gate_city.card().key_number == 1
    gate.wait(70 * 3600)
    (folder / "card-issuer-02.next.pem").rename(folder / "card-issuer-02.pem")
    new = gate_city.card(card_id=b"another!")
    assert new.key_number == 2
    assert gate.take(new) == gate.take(gate_city.card()) == "accepted"


async def test_key_sets_keep_their_version_until_they_change(gate_city: GateCity) -> None:
    """A version that went up with every question could never show that one went back."""

    async def version() -> int:
        return open_keys(
            (await gate_city.http.get("/gate/v1/keys")).content, gate_city.root
        ).version

    first = await version()
    gate_city.clock.at += 3600
    assert await version() == first
    (gate_city.settings.data_folder / "keys" / "card-issuer-01.pem").unlink()
    gate_city.clock.at -= 7200
    assert await version() == first + 1


async def test_without_a_root_key_nothing_is_signed(gate_city: GateCity) -> None:
    """Outside the sandbox the root key is its keeper's to bring; nobody makes one up."""
    (gate_city.settings.data_folder / "keys" / "card-root.pem").unlink()
    for name in ("keys", "deny"):
        answer = await gate_city.http.get(f"/gate/v1/{name}")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/service-down")


@pytest.mark.parametrize("query", ["keys?nonce=xyz", "keys?nonce=" + "a" * 65, "deny?since=-1"])
async def test_a_question_that_is_none_is_refused(gate_city: GateCity, query: str) -> None:
    """What is signed is never text from outside, beyond a short nonce."""
    assert (await gate_city.http.get(f"/gate/v1/{query}")).status_code == 422
