"""FHIR's dates, each as the span of time it may mean (FHIR R4, search, section 3.1.1.4.7)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from gateway.working_time import HANOI

Span = tuple[float, float]
"""First and last millisecond since 1970; a date without a zone is Hà Nội's."""

FOREVER = 1e15
"""Stands for an end that is not said."""

_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2})"
    r"(T(?P<hour>\d{2}):(?P<minute>\d{2})(:(?P<second>\d{2})(\.(?P<fraction>\d+))?)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})?)?)?)?"
)


def span(said: object) -> Span | None:
    """What a date, dateTime or instant covers; None for anything that is none."""
    found = _DATE.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        return None
    try:
        return _span(found)
    except (ValueError, OverflowError):
        return None


def of_value(value: Any) -> Span | None:
    """The span of a date or a Period; an end that is not said lies at `FOREVER`."""
    if not isinstance(value, dict):
        return span(value)
    start, end = span(value.get("start")), span(value.get("end"))
    if start is None and end is None:
        return None
    return (start[0] if start else -FOREVER, end[1] if end else FOREVER)


def _span(found: re.Match[str]) -> Span:
    year, month, day = (int(found[name] or 1) for name in ("year", "month", "day"))
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    fraction = (found["fraction"] or "")[:3]
    micros = int(fraction.ljust(3, "0")) * 1000 if fraction else 0
    zone = HANOI if not found["zone"] else _zone(found["zone"])
    start = datetime(year, month, day, hour, minute, min(second, 59), micros, zone)
    low = start.timestamp() * 1000
    return round(low), round(low + _length(found, year, month) - 1)


def _length(found: re.Match[str], year: int, month: int) -> float:
    day = 86_400_000
    if not found["month"]:
        return day * (366 if monthrange(year, 2)[1] == 29 else 365)
    if not found["day"]:
        return day * monthrange(year, month)[1]
    if not found["hour"]:
        return day
    if not found["second"]:
        return 60_000
    return 10 ** (3 - len(found["fraction"][:3])) if found["fraction"] else 1000


def _zone(said: str) -> tzinfo:
    offset = timedelta(hours=int(said[1:3]), minutes=int(said[4:6])) if said != "Z" else timedelta()
    return timezone(-offset if said[0] == "-" else offset)
