"""Every word a gate can say, and every known way to get past it."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.code import Verdict, check
from gate.keys import DenyList, IssuerKey, KeySet
from gate.memory import Memory
from services.card_code import SLOT_SECONDS, encode_base45, link_at, payload, slot_at, step_at
from tests.support.card_codes import AT, KEY_NUMBER, SampleCard

CARD = SampleCard()
DENIED = DenyList([int.from_bytes(CARD.card_id, "big")])
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def answer(text: str, now: float = AT, **options: object) -> Verdict:
    """What a gate that remembers nothing says."""
    return check(text, CARD.gate(**options), Memory(), now).verdict


@pytest.mark.parametrize("late", [0, 15, 29.9])
def test_a_code_works_for_its_own_step_and_the_next(late: float) -> None:
    """A resident holds the phone up while the code changes."""
    assert answer(CARD.code(AT), AT + late) == "accepted"


def test_a_photograph_of_a_code_is_dead_after_thirty_seconds() -> None:
    """A code sent to a friend opens nothing."""
    assert answer(CARD.code(AT), AT + 30) == "too_old"
    assert answer(CARD.code(AT), AT + 31) == "too_old"


def test_a_code_of_the_next_step_is_taken_and_a_later_one_is_not() -> None:
    """A gate's clock may be a little behind, but nobody prepares codes for tomorrow."""
    assert answer(CARD.code(AT + 15)) == "accepted"
    assert answer(CARD.code(AT + 30)) == "too_new"
    assert answer(CARD.code(AT + SLOT_SECONDS)) == "too_new"


def test_the_last_code_of_an_hour_still_works_as_the_next_hour_begins() -> None:
    """An hour's edge must not shut out a resident who is at the gate at that moment."""
    edge = slot_at(AT) * SLOT_SECONDS + SLOT_SECONDS
    assert answer(CARD.code(edge - 1), edge + 14) == "accepted"
    assert answer(CARD.code(edge), edge - 1) == "accepted"
    assert answer(CARD.code(edge - 1), edge + 15) == "too_old"


def test_a_pass_ends_with_its_last_day_in_hanoi() -> None:
    """Midnight in Hanoi is 17:00 UTC: the city's day decides, not the server's."""
    midnight = (CARD.valid_until + 1) * 86_400 - 7 * 3600
    assert answer(CARD.code(midnight - 1), midnight - 1) == "accepted"
    assert answer(CARD.code(midnight), midnight) == "expired"


def test_a_card_on_the_deny_list_is_refused() -> None:
    """A stolen phone stops working once the gate has heard of it."""
    assert answer(CARD.code(AT), deny=DENIED) == "revoked"
    assert answer(CARD.but(card_id=bytes(8)).code(AT), deny=DENIED) == "accepted"


def test_a_gate_takes_only_its_products_and_every_product_when_none_is_named() -> None:
    """A bus pass must not open a parking yard."""
    assert answer(CARD.code(AT), products=frozenset({2, 7})) == "wrong_product"
    assert answer(CARD.code(AT), products=frozenset({1, 7})) == "accepted"
    assert answer(CARD.code(AT)) == "accepted"


def test_another_issuers_signature_is_forged() -> None:
    """Anybody can make keys; only the city's count."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    assert answer(CARD.but(issuer=stranger).code(AT)) == "forged"


def test_an_unknown_key_number_or_version_is_an_unknown_key() -> None:
    """A gate with old keys says so instead of calling an honest card forged."""
    assert answer(CARD.but(key_number=4).code(AT)) == "unknown_key"
    raw = bytearray(CARD.raw(AT))
    raw[0] = 0x20 | KEY_NUMBER
    assert answer(encode_base45(bytes(raw))) == "unknown_key"


def test_a_key_counts_only_for_the_slots_it_may_sign() -> None:
    """A retired key that leaks must not sign today's codes."""
    slot = slot_at(AT)

    def valid_for(first: int, last: int) -> Verdict:
        keys = KeySet([IssuerKey(KEY_NUMBER, CARD.issuer.public_key(), first, last)])
        return answer(CARD.code(AT), keys=keys)

    assert valid_for(slot, slot) == "accepted"
    assert valid_for(slot + 1, slot + 9) == "unknown_key"
    assert valid_for(slot - 9, slot - 1) == "unknown_key"


def test_a_key_number_swapped_for_another_known_key_is_forged() -> None:
    """The number is signed too."""
    second = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
    keys = KeySet(
        [IssuerKey(KEY_NUMBER, CARD.issuer.public_key()), IssuerKey(4, second.public_key())]
    )
    raw = bytearray(CARD.raw(AT))
    raw[0] = 0x10 | 4
    assert answer(encode_base45(bytes(raw)), keys=keys) == "forged"


@pytest.mark.parametrize("place", [1, 8, 13, 15, 16, 18, 50, 81, 83, 98])
def test_an_edited_byte_is_forged(place: int) -> None:
    """Card, product, group, last day, signature and link: none can be changed by its holder."""
    raw = bytearray(CARD.raw(AT))
    raw[place] ^= 1
    verdict = answer(encode_base45(bytes(raw)))
    assert verdict == ("expired" if place == 17 else "forged")


def test_a_later_link_cannot_be_made_from_a_shown_one() -> None:
    """Whoever films a code cannot compute the next."""
    slot, step = slot_at(AT), step_at(AT)
    shown = link_at(CARD.card_id, slot, CARD.seed, step)
    later = payload(CARD.header(slot), CARD.grant(slot), step + 1, shown)
    assert answer(encode_base45(later), AT + 15) == "forged"


def test_the_link_of_another_card_is_forged() -> None:
    """Two residents cannot mix their codes."""
    slot, step = slot_at(AT), step_at(AT)
    link = link_at(CARD.card_id, slot, b"\3" * 32, step)
    mixed = payload(CARD.header(slot), CARD.grant(slot), step, link)
    assert answer(encode_base45(mixed)) == "forged"


def test_a_second_anchor_for_the_same_hour_has_no_grant() -> None:
    """A holder who makes a second chain for a friend has no signature for it."""
    slot = slot_at(AT)
    second = CARD.but(seed=b"\4" * 32)
    raw = second.raw(AT)
    assert answer(encode_base45(CARD.header(slot) + CARD.grant(slot) + raw[82:])) == "forged"


@pytest.mark.parametrize(
    "text",
    [
        "",
        CARD.code(AT)[:-1],
        CARD.code(AT) + "0",
        " " + CARD.code(AT)[:-1],
        CARD.code(AT).lower(),
        "é" * 149,
        ":::" + CARD.code(AT)[3:],
        CARD.code(AT)[:-2] + "::",
        CARD.code(AT) + "\r",
        "\u0660" * 149,
    ],
    ids=["empty", "short", "long", "shifted", "case", "letters", "triple", "pair", "cr", "digits"],
)
def test_what_is_no_code_is_malformed(text: str) -> None:
    """A till receipt held before the camera gets an answer, not a crash."""
    assert answer(text) == "malformed"


def test_a_step_above_239_is_malformed() -> None:
    """There is no such moment, and no chain is that long."""
    raw = bytearray(CARD.raw(AT))
    raw[82] = 240
    assert answer(encode_base45(bytes(raw))) == "malformed"


def test_a_text_that_is_a_code_in_another_spelling_is_malformed() -> None:
    """Each code has one spelling, or a replay could hide behind a second one."""
    text, spellings = CARD.code(AT), 0
    for start in range(0, 149, 3):
        group = text[start : start + 3]
        size = 256 ** (len(group) - 1)
        number = sum(ALPHABET.index(letter) * 45**n for n, letter in enumerate(group)) + size
        if number < 45 ** len(group):
            digits = [number // 45**n % 45 for n in range(len(group))]
            other = "".join(ALPHABET[digit] for digit in digits)
            assert answer(text[:start] + other + text[start + 3 :]) == "malformed"
            spellings += 1
    assert spellings > 0


def test_the_first_check_that_fails_gives_the_word() -> None:
    """The order is the specification's, so that every gate says the same of a bad code."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    everything_wrong = CARD.but(issuer=stranger, valid_until=1, product=9, key_number=5)
    refusals: dict[str, Any] = {"products": frozenset({1}), "deny": DENIED}
    assert answer(everything_wrong.code(AT - 60), **refusals) == "unknown_key"
    wrong = everything_wrong.but(key_number=KEY_NUMBER)
    assert answer(wrong.code(AT - 60), **refusals) == "too_old"
    assert answer(wrong.code(AT + 60), **refusals) == "too_new"
    assert answer(wrong.code(AT), **refusals) == "expired"
    wrong = wrong.but(valid_until=CARD.valid_until)
    assert answer(wrong.code(AT), **refusals) == "revoked"
    assert answer(wrong.code(AT), products=frozenset({1})) == "wrong_product"
    assert answer(wrong.code(AT)) == "forged"
    assert answer(wrong.but(issuer=CARD.issuer).code(AT)) == "accepted"
