"""Verifying a card's second tap of an hour by hashes alone must refuse what a signature refuses."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.cards.tap_checks import Payload, PublicKey, Verified, read, refusal
from tests.support.card_codes import AT, KEY_NUMBER, SampleCard

CARD = SampleCard(valid_until=65535)
HOUR = AT - AT % 3600
PUBLIC = CARD.issuer.public_key()
STRANGER = Ed25519PrivateKey.from_private_bytes(b"\5" * 32)


class Counting:
    """The issuer's public key, which notes what it is asked to verify."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def public_bytes_raw(self) -> bytes:
        """Its 32 bytes."""
        return PUBLIC.public_bytes_raw()

    def verify(self, signature: bytes, message: bytes) -> None:
        """Verifies, and notes it."""
        self.asked.append(signature)
        PUBLIC.verify(signature, message)


def shown(step: int, card: SampleCard = CARD) -> Payload:
    """What the card shows at that step of the hour."""
    found = read(card.raw(HOUR + 15 * step))
    assert found is not None
    return found


def word(payload: Payload, verified: Verified | None, key: Any = PUBLIC) -> str | None:
    """The gateway's word for a tap taken when its code was shown."""
    moment = payload.position * 15
    known = {KEY_NUMBER: PublicKey(key, 0, 0xFFFFFFFF)}
    return refusal(payload, moment, known, moment, verified)


def spoilt(payload: Payload, place: int) -> Payload | None:
    """The same with one bit of its 99 bytes turned."""
    raw = bytearray(payload.raw)
    raw[place // 8] ^= 1 << place % 8
    return read(bytes(raw))


steps = st.integers(0, 239)


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, min_size=1, max_size=4), st.lists(st.integers(0, 99 * 8 - 1), max_size=4))
def test_what_was_verified_before_changes_no_answer(order: list[int], turned: list[int]) -> None:
    """Older and newer steps in any order, and every damaged one: as if nothing were remembered."""
    verified = Verified()
    for step in order:
        payload = shown(step)
        assert word(payload, verified) is None
        for place in turned:
            damaged = spoilt(payload, place)
            if damaged is not None:
                assert word(damaged, verified) == word(damaged, None)


def test_a_cards_taps_of_an_hour_cost_one_signature() -> None:
    """On, off, and changing lines: the grant is the same for all of them."""
    verified, key = Verified(), Counting()
    for step in (100, 7, 239, 100):
        assert word(shown(step), verified, key) is None
    assert len(key.asked) == 1
    assert word(shown(7, CARD.but(card_id=b"another1")), verified, key) is None
    assert len(key.asked) == 2


def test_another_key_of_the_same_number_is_asked_anew() -> None:
    """What one key signed holds under no other."""
    verified = Verified()
    assert word(shown(3), verified) is None
    assert word(shown(3), verified, STRANGER.public_key()) == "forged"


def test_a_second_chain_for_an_hour_is_forged() -> None:
    """A link that leads to another anchor, newer or older than the one that held."""
    verified = Verified()
    assert word(shown(100), verified) is None
    for step in (99, 100, 101):
        other = bytearray(shown(step, CARD.but(seed=b"x" * 32)).raw)
        other[18:82] = shown(step).grant
        payload = read(bytes(other))
        assert payload is not None
        assert word(payload, verified) == "forged"
    assert word(shown(101), verified) is None


def test_what_is_remembered_has_a_bound() -> None:
    """The card that tapped longest ago is forgotten first, and verified again."""
    verified, key = Verified(kept=2), Counting()
    cards = [CARD.but(card_id=f"card-{n:03}".encode()) for n in range(3)]
    for card in (*cards, cards[2], cards[0]):
        assert word(shown(9, card), verified, key) is None
    assert len(key.asked) == 4
