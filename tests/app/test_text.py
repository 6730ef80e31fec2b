"""Words: every message in every language, every error a sentence, Vietnamese formats."""

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app import catalogue
from app.text import explain, explain_field, show_date, show_money, show_time, status_of
from services.errors import FieldError, Rejected, ServiceError
from tests.support.locale import check, said, translated, words_of

ROOT = Path(__file__).parent.parent.parent
FONTS = sorted((ROOT / "assets" / "fonts").glob("*.ttf"))


def test_every_message_has_words_in_vietnamese_and_the_shipped_file_is_new() -> None:
    """A screen must never mix languages because a catalogue was forgotten."""
    assert check() == ""


def test_every_placeholder_survives_translation() -> None:
    """A lost {n} would show a resident a sentence without its number."""
    import re

    catalogue = translated()
    for key in said():
        singular, *others = (key,) if isinstance(key, str) else key
        message = catalogue.get(singular)
        assert message is not None
        wanted = set(re.findall(r"{\w+}", others[0] if others else singular))
        for sentence in words_of(message):
            assert set(re.findall(r"{\w+}", sentence)) == wanted, key


def test_vietnamese_words_are_composed() -> None:
    """Decomposed letters draw badly and are not found by search."""
    for message in translated():
        for words in words_of(message):
            assert unicodedata.is_normalized("NFC", words), words


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.stem)
def test_the_font_has_every_character_that_is_said(font: Path) -> None:
    """A missing letter is a box on the screen and a storm of requests for another font."""
    characters = set(TTFont(font).getBestCmap())
    sentences = [k if isinstance(k, str) else "".join(k) for k in said()]
    sentences += ["".join(words_of(m)) for m in translated() if m.id]
    absent = {c for words in sentences for c in words if ord(c) not in characters}
    assert not absent - {"\n"}


def test_there_are_fonts_to_check() -> None:
    """The test above cannot pass by finding no font."""
    assert len(FONTS) >= 4


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("error", ServiceError.__subclasses__())
def test_every_error_has_a_sentence(
    error: type[ServiceError], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new kind of failure cannot ship without words for it."""
    monkeypatch.setattr(catalogue, "language", lambda: language)
    sentence = explain(error("some_code", "ref-1"))
    generic = explain(ServiceError("some_code"))
    assert "ref-1" in sentence
    assert error.__name__ == "GatewayUnavailable" or not sentence.startswith(generic)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_refused_field_says_what_to_change(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown code of a newer gateway still gets a sentence."""
    monkeypatch.setattr(catalogue, "language", lambda: language)
    known = explain_field(FieldError("description", "too_short"))
    assert known != explain_field(FieldError("description", "new_code_of_2030"))
    assert explain(Rejected("validation", "ref-2")).endswith(".")


def test_dates_and_money_are_written_as_in_hanoi() -> None:
    """Formats of the design guide, section 9; the clock is Hà Nội's wherever the device is."""
    assert show_money(50_000) == "50.000 đ"
    assert show_money(0) == "0 đ"
    assert show_date(date(2026, 10, 14)) == "14/10/2026"
    assert show_time(datetime(2026, 10, 14, 10, 0, tzinfo=UTC)) == "17:00"


def test_a_status_nobody_knows_is_shown_as_it_came() -> None:
    """A newer gateway's status must not break an older app."""
    assert status_of("paused_by_flood").word == "paused_by_flood"
    assert status_of("done").tone == "primary"
