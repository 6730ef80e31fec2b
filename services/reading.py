"""Reading JSON as cities really answer it: numbers as strings, fields missing, null or odd."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from services.errors import GatewayUnavailable

CITY_TIME = timezone(timedelta(hours=7))
"""What a time without an offset means: Asia/Ho_Chi_Minh has had no other since 1975."""


def objects(body: Any) -> list[Mapping[str, Any]]:
    """Return the objects of an answer that should be a list; GatewayUnavailable if it is not."""
    if not isinstance(body, list):
        raise GatewayUnavailable("broken_answer")
    return [item for item in body if isinstance(item, Mapping)]


def one_object(body: Any) -> Mapping[str, Any]:
    """Return an answer that should be an object; GatewayUnavailable if it is not."""
    if not isinstance(body, Mapping):
        raise GatewayUnavailable("broken_answer")
    return body


def text(item: Mapping[str, Any], name: str) -> str | None:
    """Return a field as text without blanks around; None for nothing, and for no plain value."""
    value = item.get(name)
    if value is None or isinstance(value, (Mapping, list, bool)):
        return None
    return str(value).strip() or None


def words(item: Mapping[str, Any], name: str) -> str:
    """Return a field as text, empty where there is none."""
    return text(item, name) or ""


def yes(item: Mapping[str, Any], name: str) -> bool:
    """Return a field as a truth: true, "true", 1 and "1" are."""
    return str(item.get(name)).strip().lower() in ("true", "1")


def count(item: Mapping[str, Any], name: str) -> int | None:
    """Return a field as a whole number of at least 0."""
    found = words(item, name)
    return int(found) if found.isascii() and found.isdigit() and len(found) < 16 else None


def metres(item: Mapping[str, Any], name: str) -> float:
    """Return a field as a length of at least 0; 0 where there is none."""
    try:
        found = float(words(item, name))
    except ValueError:
        return 0.0
    return found if math.isfinite(found) and found > 0 else 0.0


def moment(item: Mapping[str, Any], name: str) -> datetime | None:
    """Return a field as a moment with an offset."""
    return moment_of(item.get(name))


def moment_of(value: Any) -> datetime | None:
    """Return a value as a moment with an offset, the city's where it has none."""
    try:
        found = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=CITY_TIME)


def day(value: Any) -> date | None:
    """Return a value as a date."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def degrees(value: Any, most: int) -> float | None:
    """Return a value as degrees of at most `most` either way."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return found if -most <= found <= most else None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return the value if it is an object, an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any) -> Iterable[Any]:
    """Return the value if it is a list, an empty one otherwise."""
    return value if isinstance(value, list) else ()


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list; none where there is no list."""
    return [item for item in sequence(value) if isinstance(item, Mapping)]


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts and numbers of a list as texts."""
    plain = (one for one in sequence(value) if isinstance(one, (str, int)))
    return tuple(str(one) for one in plain if not isinstance(one, bool))
