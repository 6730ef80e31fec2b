"""A stand-in has the shape of what it stands for, is the same each time, and tells nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.diagnostics.shapes import GRID, SHAPES
from services.diagnostics.stand_ins import StandIns, form_of, typed
from services.plates import is_plate

SECRET, OTHER = b"s" * 32, b"t" * 32
ID_NUMBERS = st.from_regex(r"0[0-9]{11}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Mn", "Cn", "Co")), max_size=60)


@given(st.sampled_from(sorted(SHAPES)), WORDS)
def test_the_same_value_is_the_same_within_a_bundle_and_another_outside(
    kind: str, text: str
) -> None:
    """Support can follow one person through a bundle, and nobody through two."""
    assert StandIns(SECRET).of(kind, text) == StandIns(SECRET).of(kind, text)
    long = text + "Nguyễn Thị Mẫu 0123456789"
    assert StandIns(SECRET).of(kind, long) != StandIns(OTHER).of(kind, long)


@given(st.sampled_from(["name", "words", "address", "reference", "opaque"]), WORDS)
def test_a_text_keeps_its_length_and_what_stands_between_its_letters(kind: str, text: str) -> None:
    """Screens still draw: the same lines, the same breaks."""
    drawn = StandIns(SECRET).of(kind, text)
    if text.isascii():
        assert len(drawn) == len(text)
    between = [sign for sign in text if not sign.isalnum()]
    assert [sign for sign in drawn if not sign.isalnum()] == between


@given(ID_NUMBERS)
def test_an_id_number_stays_a_valid_one_of_somebody_else(number: str) -> None:
    """The app checks the number's form before it draws it."""
    drawn = StandIns(SECRET).of("id_number", number)
    assert drawn != number
    assert len(drawn) == 12
    assert drawn.isdigit()
    assert 1 <= int(drawn[:3]) <= 96
    born = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}[drawn[3]] + int(drawn[4:6])
    assert born < 2026


@pytest.mark.parametrize("phone", ["0912345678", "091 234 56 78", "+84 912345678"])
def test_a_phone_number_stays_one(phone: str) -> None:
    """The same grouping, and a prefix that exists."""
    drawn = StandIns(SECRET).of("phone", phone)
    assert drawn != phone
    assert form_of(drawn) == form_of(phone) == "phone"


@pytest.mark.parametrize(
    ("plate", "vehicle"), [("30K-012.34", "car_up_to_9"), ("30K01234", "car_up_to_9")]
)
def test_a_plate_stays_a_plate(plate: str, vehicle: str) -> None:
    """A parking screen with a stand-in must not refuse it."""
    assert is_plate(StandIns(SECRET).of("plate", plate), vehicle)


@given(
    st.dates(date(1900, 8, 1), date(2026, 11, 26)), st.dates(date(1900, 8, 1), date(2026, 11, 26))
)
def test_dates_move_together(one: date, other: date) -> None:
    """Who is older stays older, and what came first comes first."""
    bundle = StandIns(SECRET)
    for kind in ("date", "birthdate"):
        first, second = (date.fromisoformat(bundle.of(kind, d.isoformat())) for d in (one, other))
        assert first != one
        assert first - second == one - other


@pytest.mark.parametrize("text", ["1990", "1990-05", "1990-05-17", "2026-11-26T02:38:02Z"])
def test_a_date_keeps_its_form(text: str) -> None:
    """FHIR knows years and months as well as days."""
    drawn = StandIns(SECRET).of("date", text)
    assert len(drawn) == len(text)
    assert drawn.endswith("Z") == text.endswith("Z")


@given(st.floats(20.5, 21.5))
def test_a_place_moves_within_the_size_of_a_ward(degrees: float) -> None:
    """Support sees which part of the city it was, not which house."""
    drawn = StandIns(SECRET).of("degrees", degrees)
    assert abs(drawn - degrees) < GRID
    assert drawn // GRID == pytest.approx(degrees // GRID, abs=1)


@pytest.mark.parametrize("value", [None, True, False, ""])
def test_nothing_stays_nothing(value: object) -> None:
    """An empty field must stay empty, or the screen would show what was not there."""
    assert StandIns(SECRET).of("name", value) is value


def test_each_stand_in_has_a_name_to_be_spoken_of() -> None:
    """Support says "Họ tên 1" to the resident."""
    bundle = StandIns(SECRET, named=True)
    first = bundle.of("name", "Nguyễn Thị Mẫu")
    second = bundle.of("name", "Trần Văn Thử")
    assert bundle.of("name", "Nguyễn Thị Mẫu") == first
    assert bundle.names == {first: "name 1", second: "name 2"}
    assert bundle.counts == {"name": 2}


@given(st.sampled_from(["words", "digits", "phone", "plate", "id_number"]), st.integers(1, 80))
def test_a_replay_types_a_text_of_the_same_length(form: str, length: int) -> None:
    """A check for "too short" answers in the replay as it did for the resident."""
    text = typed(form, length)
    if form in ("words", "digits"):
        assert len(text) == length
    assert text == typed(form, length)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("001190000001", "id_number"),
        ("0912 345 678", "phone"),
        ("30K-012.34", "plate"),
        ("482913", "digits"),
        ("7,4", "number"),
        ("17/05/1990", "date"),
        ("lan@example.vn", "email"),
        ("Đèn đường hỏng", "words"),
    ],
)
def test_a_form_is_all_that_is_kept_of_what_was_typed(text: str, form: str) -> None:
    """The form lets a replay pass the same checks."""
    assert form_of(text) == form
    assert form_of(typed(form, len(text))) == form
