"""Texts that look like a kind of value and are nobody's: a name, a phone number, a plate.

Every function takes the real value for its shape, and everything else from `drawn`: bytes that only
whoever knows a secret can foretell, EXTRA more than the value has signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import shake_256
from operator import getitem

EXTRA = 16

CONSONANTS, VOWELS = "bcdghklmnpqrstvx", "aeiouyăâêôơư"
PLAIN = "abcdefghkmnpqrstuvwxyz"
PROVINCES = ("001", "002", "004", "008", "010", "019", "024", "031", "038", "048", "056", "079")
"""Of the province codes an identity number begins with."""
PLATE_PROVINCES = ("29", "30", "31", "32", "33", "40")
GRID = 0.02
"""Degrees: a place becomes another one within about two kilometres, the size of a ward."""

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_EDGE = 1 / 16
_VOWEL_MARKS = frozenset("aeiouy")
_HEXADECIMAL_SIGNS = frozenset("0123456789abcdef-")
MOST_SIGNS = 2_000
"""Different signs remembered at once: a text may be made of any."""


class Like(dict[str, "str | tuple[str, ...]"]):
    """Sign → the 256 signs that the values of a byte stand for; letters become one of `letters`."""

    def __init__(self, letters: str, vowels: str = "") -> None:
        super().__init__()
        self._letters, self._vowels = letters, vowels or letters

    def __missing__(self, sign: str) -> str | tuple[str, ...]:
        if len(self) > MOST_SIGNS:
            self.clear()
        found = self[sign] = self._of(sign)
        return found

    def of(self, text: str, drawn: bytes) -> str:
        """Letters for letters, figures for figures; what stands between them stays."""
        return "".join(map(getitem, map(self.__getitem__, text), drawn))

    def _of(self, sign: str) -> str | tuple[str, ...]:
        if sign.isdigit():
            return _row("0123456789")
        if not sign.isalpha():
            # Marks that NFC could not join belong to the letter before them.
            return ("",) * 256 if unicodedata.combining(sign) else sign * 256
        vowel = unicodedata.normalize("NFD", sign)[0].lower() in _VOWEL_MARKS
        row = _row(self._vowels if vowel else self._letters)
        return row.upper() if sign.isupper() else row


def _row(signs: str) -> str:
    return (signs * (256 // len(signs) + 1))[:256]


_WORDS = Like(CONSONANTS, VOWELS)
_PLAIN = Like(PLAIN)
_HEXADECIMAL = Like("abcdef")
_CAPITALS = Like("ABCDEFGHKLMNPSTUVXYZ")


def words(text: str, drawn: bytes) -> str:
    """Letters for letters, vowels for vowels, figures for figures; what stands between them stays."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # A few rare signs become three.
    return _WORDS.of(text, drawn if len(text) <= len(drawn) else drawn * 3)


def reference(text: str, drawn: bytes) -> str:
    """The same for identifiers: only letters that an address may carry as they are."""
    return (_HEXADECIMAL if _hexadecimal(text) else _PLAIN).of(text, drawn)


def opaque(text: str, drawn: bytes) -> str:
    """Keys and tokens: the same alphabet, unlike `reference` never shown or compared."""
    return _PLAIN.of(text, drawn)


def id_number(text: str, drawn: bytes) -> str:
    """Twelve figures as on an identity card: province, century and sex, year, number."""
    if not (text.isdigit() and len(text) == 12):
        return words(text, drawn)
    province, century, year = drawn[:3]
    born = year % 20 if century % 4 > 1 else 30 + year % 70
    number = _PLAIN.of("0" * 6, drawn[3:])
    return f"{PROVINCES[province % len(PROVINCES)]}{century % 4}{born:02}{number}"


def phone(text: str, drawn: bytes) -> str:
    """The same grouping; a mobile number stays one."""
    figures = words(text, drawn)
    found = re.match(r"(\s*(?:\+84\s?|0))([35789])", text)
    if found is None:
        return figures
    return found[1] + "35789"[drawn[-1] % 5] + figures[found.end() :]


def plate(text: str, drawn: bytes) -> str:
    """A plate of Hà Nội of the same kind of vehicle."""
    signs = _CAPITALS.of(text, drawn)
    province = PLATE_PROVINCES[drawn[-1] % len(PLATE_PROVINCES)]
    return province + signs[2:] if text[:2].isdigit() else signs


def email(text: str, drawn: bytes) -> str:
    """An address of the same length below a domain that nobody has."""
    end = "@example.vn"
    return _PLAIN.of("a" * max(1, len(text) - len(end)), drawn) + end


def number(value: float, drawn: bytes) -> float:
    """A number with as many figures, in whole; with the same decimals, a twentieth more or less."""
    if isinstance(value, int):
        whole = int(_PLAIN.of(str(abs(value)), drawn)) or 1
        return -whole if value < 0 else whole
    if not abs(value) < 1e15:
        return 0.0
    decimals = len(repr(value).partition(".")[2]) if "e" not in repr(value) else 3
    return round(value * _between(0.95, 1.05, drawn) + 10.0**-decimals, decimals)


def degrees(value: float, drawn: bytes) -> float:
    """A coordinate elsewhere in the same square of GRID degrees, away from its edges."""
    if not -180 <= value <= 180:
        # No coordinate: near it would be it, but for the last figures.
        return number(value, drawn)
    square = value // GRID * GRID
    return round(square + GRID * _between(_EDGE, 1 - _EDGE, drawn), 6)


def moved(text: str, days: int) -> str:
    """An ISO 8601 date (or year, or month) or moment, so many days earlier, in the same form."""
    if not _DAY.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text) - timedelta(days=days)
        except (ValueError, OverflowError):
            return words(text, stream(str(days).encode(), len(text)))
        shown = moment.isoformat(timespec="microseconds" if "." in text else "seconds")
        return shown.replace("+00:00", "Z") if text.endswith("Z") else shown
    try:
        day = date.fromisoformat((text + "-06-15")[:10] if len(text) == 4 else (text + "-15")[:10])
    except ValueError:
        return words(text, stream(str(days).encode(), len(text)))
    return (day - timedelta(days=days)).isoformat()[: len(text)]


SHAPES: dict[str, Callable[[str, bytes], str]] = {
    "name": words,
    "words": words,
    "address": words,
    "reference": reference,
    "id_number": id_number,
    "phone": phone,
    "plate": plate,
    "email": email,
    "opaque": opaque,
}
"""The kinds of text; `number`, `degrees`, `date` and `birthdate` are the kinds of other values."""


def stream(beginning: bytes, signs: int) -> bytes:
    """What a text of so many signs needs, of SHAKE256 (FIPS 202): the same for the same beginning."""
    return shake_256(beginning).digest(signs + EXTRA)


def _between(low: float, high: float, drawn: bytes) -> float:
    return low + (high - low) * int.from_bytes(drawn[:6], "big") / 2**48


def _hexadecimal(text: str) -> bool:
    return len(text) >= 8 and not set(text) - _HEXADECIMAL_SIGNS
