"""One line of the log, and where lines come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select

from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody saw or did something. `actor` says what kind of person: self, parent, carer, officer,
    support, inspector, hotline, facility, link (whoever held one) or anyone; `name` is as the resident
    may read it, `thing` what was seen, `purpose` a code of why, `reference` names it in its service.
    """

    at: datetime
    service: str
    act: str
    actor: str
    name: str = field(default="", repr=False)
    office: str = ""
    thing: str = ""
    purpose: str = ""
    reference: str = ""
    client: str = ""


Query = Callable[[str, bool], "Select[Any] | None"]
"""The rows of a log about a subject, newest first: those of the resident's own looks, or of others';
None where the log has no such rows.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """The log of one feature: the tables it lies in, the column that says when (an instant, or
    seconds since 1970), how it is asked and how a row reads.
    """

    name: str
    service: str
    tables: tuple[str, ...]
    at: ColumnElement[Any]
    query: Query
    shape: Callable[[Row[Any], Settings], Access]
    key: Callable[[Row[Any]], object]


def moment(value: datetime | float) -> datetime:
    """A moment as logs keep it: an instant, or seconds since 1970."""
    return value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)


def merged(found: Iterable[tuple[str, object, Access]]) -> list[tuple[str, object, Access]]:
    """Lines of several logs (source, key, line), the newest first."""
    return sorted(found, key=lambda one: one[2].at, reverse=True)
