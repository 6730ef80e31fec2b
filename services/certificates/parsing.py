"""Reading answers about certificates: one that lacks what it promises is a broken one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from services.errors import GatewayUnavailable

T = TypeVar("T")


def reading(read: Callable[[Any], T], answer: Any) -> T:
    """Return what `read` makes of an answer; GatewayUnavailable(`broken_answer`) if it cannot."""
    try:
        return read(answer)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise GatewayUnavailable("broken_answer") from None


def only(cls: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    """The item's entries that the class has fields for: a newer gateway may say more."""
    return {name: item[name] for name in cls.__dataclass_fields__ if name in item}


def date_of(text: str | None) -> date | None:
    """A date, None where there is none."""
    return None if text is None else date.fromisoformat(text)


def moment_of(text: str | None) -> datetime | None:
    """A moment, None where there is none."""
    return None if text is None else datetime.fromisoformat(text)
