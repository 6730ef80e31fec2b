"""Texts that look like a kind of value and are nobody's: a name, a phone number, a plate.

Every function takes the real value for its shape and a `Random` for everything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

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


def words(text: str, random: Random) -> str:
    """Letters for letters, figures for figures; what stands between them stays."""
    return "".join([_like(sign, random) for sign in unicodedata.normalize("NFC", text)])


def reference(text: str, random: Random) -> str:
    """The same for identifiers: only letters that an address may carry as they are."""
    return "".join(
        [
            str(random.randrange(10))
            if sign.isdigit()
            else _cased(random.choice("abcdef" if _hexadecimal(text) else PLAIN), sign)
            if sign.isalpha()
            else sign
            for sign in text
        ]
    )


def id_number(text: str, random: Random) -> str:
    """Twelve figures as on an identity card: province, century and sex, year, number."""
    if not (text.isdigit() and len(text) == 12):
        return words(text, random)
    century = random.choice("0123")
    year = random.randrange(0, 20) if century in "23" else random.randrange(30, 100)
    return f"{random.choice(PROVINCES)}{century}{year:02}{random.randrange(10**6):06}"


def phone(text: str, random: Random) -> str:
    """The same grouping; a mobile number stays one."""
    drawn = words(text, random)
    found = re.match(r"(\s*(?:\+84\s?|0))([35789])", text)
    if found is None:
        return drawn
    return found[1] + random.choice("35789") + drawn[found.end() :]


def plate(text: str, random: Random) -> str:
    """A plate of Hà Nội of the same kind of vehicle."""
    drawn = "".join(
        str(random.randrange(10))
        if sign.isdigit()
        else random.choice("ABCDEFGHKLMNPSTUVXYZ")
        if sign.isalpha()
        else sign
        for sign in text
    )
    return random.choice(PLATE_PROVINCES) + drawn[2:] if text[:2].isdigit() else drawn


def email(text: str, random: Random) -> str:
    """An address of the same length below a domain that nobody has."""
    end = "@example.vn"
    return reference("a" * max(1, len(text) - len(end)), random) + end


def opaque(text: str, random: Random) -> str:
    """Keys and tokens: the same alphabet, unlike `reference` never shown or compared."""
    return "".join(
        str(random.randrange(10))
        if sign.isdigit()
        else _cased(random.choice(PLAIN), sign)
        if sign.isalpha()
        else sign
        for sign in text
    )


def number(value: float, random: Random) -> float:
    """A number with as many figures, in whole or with the same decimals."""
    if isinstance(value, int):
        drawn = reference(str(abs(value)), random)
        whole = int(drawn) or 1
        return -whole if value < 0 else whole
    if not abs(value) < 1e15:
        return 0.0
    decimals = len(repr(value).partition(".")[2]) if "e" not in repr(value) else 3
    return round(value * random.uniform(0.9, 1.1) + 10.0**-decimals, decimals)


def degrees(value: float, random: Random) -> float:
    """A coordinate elsewhere in the same square of GRID degrees, away from its edges."""
    if not -180 <= value <= 180:
        # No coordinate: near it would be it, but for the last figures.
        return number(value, random)
    square = value // GRID * GRID
    return round(square + GRID * random.uniform(_EDGE, 1 - _EDGE), 6)


def moved(text: str, days: int) -> str:
    """An ISO 8601 date (or year, or month) or moment, so many days earlier, in the same form."""
    if not _DAY.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text) - timedelta(days=days)
        except (ValueError, OverflowError):
            return words(text, Random(days))
        shown = moment.isoformat(timespec="microseconds" if "." in text else "seconds")
        return shown.replace("+00:00", "Z") if text.endswith("Z") else shown
    try:
        day = date.fromisoformat((text + "-06-15")[:10] if len(text) == 4 else (text + "-15")[:10])
    except ValueError:
        return words(text, Random(days))
    return (day - timedelta(days=days)).isoformat()[: len(text)]


SHAPES: dict[str, Callable[[str, Random], str]] = {
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


def _like(sign: str, random: Random) -> str:
    if sign.isdigit():
        return str(random.randrange(10))
    if not sign.isalpha():
        # Marks that NFC could not join belong to the letter before them.
        return "" if unicodedata.combining(sign) else sign
    vowel = unicodedata.normalize("NFD", sign)[0].lower() in _VOWEL_MARKS
    return _cased(random.choice(VOWELS if vowel else CONSONANTS), sign)


def _cased(drawn: str, sign: str) -> str:
    return drawn.upper() if sign.isupper() else drawn


def _hexadecimal(text: str) -> bool:
    return len(text) >= 8 and not set(text) - set("0123456789abcdef-")
