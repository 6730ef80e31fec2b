"""A page of the log: the newest lines of every source, and where to go on."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select

from gateway.access_log import health, papers, reports
from gateway.access_log.access import Access, Source, merged
from gateway.columns import Instant
from gateway.problems import FieldError, invalid
from gateway.settings import Settings

SOURCES: tuple[Source, ...] = (*health.SOURCES, *reports.SOURCES, *papers.SOURCES)
"""Every log there is. A feature that keeps one adds its source here."""

DEEPEST = 100_000
"""How far into one log a page may begin."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: up to which moment lines count, and how many of each source were shown."""

    until: datetime
    seen: Counter[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose log, of which service (all if empty), one's own looks or those of others, and which page."""

    subject: str
    service: str
    own: bool
    after: str
    limit: int


def page(
    connection: Connection, settings: Settings, wanted: Wanted
) -> tuple[list[tuple[str, Access]], str]:
    """Lines with their ids, the newest first, and the cursor of the next page (empty at the end).

    Raises a 422 `Problem` for a cursor nobody gave out.
    """
    place = _place(wanted.after) if wanted.after else Place(settings.clock(), Counter())
    found = []
    for source in SOURCES:
        if (query := _query(source, wanted, place)) is None:
            continue
        rows = connection.execute(query.offset(place.seen[source.name]).limit(wanted.limit + 1))
        found += [(source.name, source.key(row), source.shape(row, settings)) for row in rows]
    lines = merged(found)
    shown = lines[: wanted.limit]
    seen = place.seen + Counter(name for name, _key, _line in shown)
    following = _cursor(Place(place.until, seen)) if len(lines) > len(shown) else ""
    return [(f"{name}-{key}", line) for name, key, line in shown], following


def _query(source: Source, wanted: Wanted, place: Place) -> Select[Any] | None:
    if wanted.service and source.service not in ("", wanted.service):
        return None
    query = source.query(wanted.subject, wanted.own)
    if query is None:
        return None
    if wanted.service and not source.service:
        query = query.where(query.selected_columns["service"] == wanted.service)
    until = place.until if isinstance(source.at.type, Instant) else place.until.timestamp()
    return query.where(source.at <= until)


def _cursor(place: Place) -> str:
    found = {"until": place.until.isoformat(), "seen": dict(sorted(place.seen.items()))}
    return base64.urlsafe_b64encode(json.dumps(found).encode()).decode()


def _place(cursor: str) -> Place:
    names = {source.name for source in SOURCES}
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        until, seen = datetime.fromisoformat(found["until"]), found["seen"].items()
        usable = until.tzinfo is not None and all(
            name in names and type(count) is int and 0 <= count <= DEEPEST for name, count in seen
        )
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        usable = False
    if not usable:
        raise invalid([FieldError(field="after", code="unknown")])
    return Place(until, Counter(dict(seen)))
