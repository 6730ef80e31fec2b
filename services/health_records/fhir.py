"""FHIR R4 values as real documents hold them: lists for one value, partial dates, odd numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", re.DOTALL)
# Half characters, controls and marks that turn text around: they break or falsify what is drawn.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?")


class UnreadableError(ValueError):
    """An element that decides what a resource says is missing or of a wrong type."""


@dataclass(frozen=True, slots=True)
class FhirDate:
    """A FHIR date or dateTime with the precision it was given: `month` and `day` may be None."""

    as_given: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    at: datetime | None = None

    @property
    def sort_key(self) -> tuple[int, int, int, str]:
        """Orders partial dates by what is known of them, unknown ones first."""
        return (self.year or 0, self.month or 0, self.day or 0, self.as_given)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as the resource gives it; `unit` is for people, `code` often UCUM."""

    value: Decimal
    unit: str = ""
    code: str = ""
    comparator: str = ""

    @property
    def text(self) -> str:
        """Number and unit with a decimal point; views choose the comma."""
        number = f"{self.comparator}{self.value:f}"
        return f"{number} {self.unit}" if self.unit else number


def many(value: object) -> list[object]:
    """A list of whatever came: nothing, one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def mapping(value: object) -> Mapping[str, object]:
    """A JSON object; the first one of a list; else an empty one."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """One line of text; anything else is an empty text."""
    if not isinstance(value, str):
        return ""
    return " ".join((value if value.isprintable() else _UNSAFE.sub("", value)).split())


def paragraph(value: object) -> str:
    """Text whose line breaks matter (notes, conclusions)."""
    if not isinstance(value, str):
        return ""
    return "\n".join(text(line) for line in value.splitlines()).strip()


def number(value: object) -> Decimal | None:
    """A finite decimal number; None for anything else, `true` included."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        written = str(value).strip()
        return Decimal(written) if _NUMBER.fullmatch(written) else None
    except (ValueError, InvalidOperation):
        return None


def quantity(value: object) -> Quantity | None:
    """A `Quantity` with a number in it."""
    found = mapping(value)
    amount = number(found.get("value"))
    if amount is None:
        return None
    code = text(found.get("code"))
    unit = text(found.get("unit")) or code
    return Quantity(amount, unit, code, text(found.get("comparator")))


def date(value: object) -> FhirDate | None:
    """A date, dateTime, instant or partial date; what cannot be parsed keeps its own words."""
    given = text(value)
    if not given:
        return None
    match = _DATE.fullmatch(given)
    if match is None:
        return FhirDate(given)
    year, month, day = (int(part) if part else None for part in match.groups())
    if month is not None and not 1 <= month <= 12:
        month = day = None
    if day is not None and not 1 <= day <= 31:
        day = None
    return FhirDate(given, year, month, day, _moment(given))


def _moment(given: str) -> datetime | None:
    if "T" not in given:
        return None
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        return None
