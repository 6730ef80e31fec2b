"""Thousands of damaged codes: none is accepted, none stops the gate."""

from hypothesis import given
from hypothesis import strategies as st

from gate.code import Verdict, check, read
from gate.memory import Memory
from services.card_code import encode_base45
from tests.campaigns.fuzz_card import ALPHABET, campaign
from tests.support.card_codes import AT, SampleCard

CARD = SampleCard()
GATE = CARD.gate()
MEMORY = Memory()
MUTATIONS = 2000


def test_no_damaged_code_is_accepted_and_none_stops_the_gate() -> None:
    """A gate meets scratched screens and people who try; it neither opens nor falls over."""
    seen = campaign(MUTATIONS, seed=45)
    assert seen.total() == MUTATIONS
    assert seen[Verdict.ACCEPTED] == 0
    assert {"malformed", "forged", "unknown_key", "too_old", "too_new", "expired"} <= set(seen)


@given(st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "replace")))
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
