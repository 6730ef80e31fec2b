"""Thousands of damaged codes: none is accepted, none stops the gate."""

import random

from hypothesis import given
from hypothesis import strategies as st

from gate.code import Verdict, check, read
from gate.memory import Memory
from services.card_code import encode_base45
from tests.support.card_codes import AT, SampleCard

CARD = SampleCard()
GATE = CARD.gate()
MEMORY = Memory()
TEXT, RAW = CARD.code(AT), CARD.raw(AT)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MUTATIONS = 6000


def mutated(chance: random.Random) -> str:
    """One valid code with a byte, a bit, a character or a length changed."""
    raw, text = bytearray(RAW), list(TEXT)
    place = chance.randrange(len(text))
    kind = chance.randrange(6)
    if kind == 0:
        raw[place % 99] ^= 1 << chance.randrange(8)
    elif kind == 1:
        raw[place % 99] = chance.randrange(256)
    elif kind == 2:
        text[place] = chance.choice(ALPHABET)
    elif kind == 3:
        text[place], text[place - 1] = text[place - 1], text[place]
    elif kind == 4:
        del text[place]
    else:
        text.insert(place, chance.choice(ALPHABET + "aé\0\n"))
    return encode_base45(bytes(raw)) if kind < 2 else "".join(text)


def test_no_damaged_code_is_accepted_and_none_stops_the_gate() -> None:
    """A gate meets scratched screens and people who try; it neither opens nor falls over."""
    chance, memory, seen = random.Random(45), Memory(), set()
    for _ in range(MUTATIONS):
        text = mutated(chance)
        if text != TEXT:
            verdict = check(text, GATE, memory, AT).verdict
            assert verdict is not Verdict.ACCEPTED, text
            seen.add(verdict)
    assert check(TEXT, GATE, memory, AT).verdict is Verdict.ACCEPTED
    assert {"malformed", "forged", "unknown_key", "too_old", "too_new", "expired"} <= seen


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    """Whatever a scanner delivers, the next resident can still pass."""
    assert check(text, GATE, MEMORY, AT).verdict in set(Verdict) - {Verdict.ACCEPTED}


@given(st.text(alphabet=ALPHABET, min_size=149, max_size=149))
def test_what_reads_as_a_code_is_spelt_in_the_one_way(text: str) -> None:
    """Two spellings of one code would be two codes to a careless memory."""
    code = read(text)
    assert code is None or encode_base45(code.raw) == text


@given(st.binary(min_size=99, max_size=99))
def test_ninety_nine_bytes_read_back_as_they_were_written(raw: bytes) -> None:
    """The device's base45 and the gate's are two programs; they must agree on every byte."""
    code = read(encode_base45(raw))
    if raw[82] > 239:
        assert code is None
    else:
        assert code is not None
        assert code.raw == raw
