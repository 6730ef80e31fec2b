"""Reports in the database. Every read names the resident whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.service_requests.tables import (
    CLOSED_CODES,
    media,
    service_request_numbers,
    service_request_updates,
    service_requests,
)
from gateway.working_time import HANOI

MOST = 1000
"""The most reports one list holds, as GeoReport says."""

_ID = re.compile(r"HN-[0-9]{4}-[0-9]{5,9}")

ServiceRequestRow = Row[Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty one is not applied."""

    service_request_ids: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of a report's timeline."""

    status_code: str
    moment: datetime
    description: str = field(default="", repr=False)
    agency: str = ""
    actor: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo already in the store, to be recorded with its report.

    `stage` is `before` or `after`.
    """

    media_id: str
    description: str = ""
    stage: str = "before"


def add(
    connection: Connection, subject: str, values: dict[str, Any], photos: Sequence[StoredPhoto]
) -> str:
    """Record a report with its first update and its photos; returns its new service_request_id."""
    sent: datetime = values["requested_datetime"]
    service_request_id = _next_id(connection, sent)
    row = {"status_code": "waiting", "status_notes": "", "updated_datetime": sent, **values}
    connection.execute(
        insert(service_requests).values(
            service_request_id=service_request_id, subject=subject, **row
        )
    )
    add_update(connection, service_request_id, Update("waiting", sent))
    for position, photo in enumerate(photos):
        connection.execute(
            insert(media).values(
                media_id=photo.media_id,
                subject=subject,
                service_request_id=service_request_id,
                position=position,
                stage=photo.stage,
                description=photo.description,
                created=sent,
            )
        )
    return service_request_id


def add_update(connection: Connection, service_request_id: str, entry: Update) -> None:
    """Add to the timeline; the report takes over the entry's status, text and time."""
    mine = service_request_updates.c.service_request_id == service_request_id
    count = connection.execute(
        select(func.count()).select_from(service_request_updates).where(mine)
    ).scalar_one()
    connection.execute(
        insert(service_request_updates).values(
            update_id=f"{service_request_id}-{count + 1:03}",
            service_request_id=service_request_id,
            status_code=entry.status_code,
            datetime=entry.moment,
            description=entry.description,
            agency=entry.agency,
            actor=entry.actor,
        )
    )
    connection.execute(
        update(service_requests)
        .where(service_requests.c.service_request_id == service_request_id)
        .values(
            status_code=entry.status_code,
            status_notes=entry.description,
            updated_datetime=entry.moment,
        )
    )


def list_mine(
    connection: Connection, subject: str, filters: Filters = Filters()
) -> Sequence[ServiceRequestRow]:
    """The resident's reports, newest first, at most `MOST`."""
    columns = service_requests.c
    found = select(service_requests).where(columns.subject == subject)
    if filters.service_request_ids:
        found = found.where(columns.service_request_id.in_(filters.service_request_ids))
    if filters.service_codes:
        found = found.where(columns.service_code.in_(filters.service_codes))
    if len(set(filters.statuses)) == 1:
        is_closed = columns.status_code.in_(CLOSED_CODES)
        found = found.where(is_closed if filters.statuses[0] == "closed" else ~is_closed)
    if filters.start is not None:
        found = found.where(columns.requested_datetime >= filters.start)
    if filters.end is not None:
        found = found.where(columns.requested_datetime <= filters.end)
    newest_first = (columns.requested_datetime.desc(), columns.service_request_id.desc())
    return connection.execute(found.order_by(*newest_first).limit(MOST)).all()


def find_mine(
    connection: Connection, subject: str, service_request_id: str
) -> ServiceRequestRow | None:
    """The resident's report of that id; None also when it is another resident's."""
    if not _ID.fullmatch(service_request_id):
        return None
    found = list_mine(connection, subject, Filters(service_request_ids=(service_request_id,)))
    return found[0] if found else None


def updates_of_mine(
    connection: Connection, subject: str, service_request_id: str
) -> Sequence[Row[Any]]:
    """The timeline of the resident's own report, oldest first; empty when it is not theirs."""
    if not _ID.fullmatch(service_request_id):
        return []
    updates = service_request_updates.c
    return connection.execute(
        select(service_request_updates)
        .join(service_requests)
        .where(
            service_requests.c.subject == subject,
            updates.service_request_id == service_request_id,
        )
        .order_by(updates.datetime, updates.update_id)
    ).all()


def media_of_mine(
    connection: Connection, subject: str, service_request_ids: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    """The photos of the resident's own reports, by service_request_id, in their order."""
    rows = connection.execute(
        select(media)
        .where(media.c.subject == subject, media.c.service_request_id.in_(service_request_ids))
        .order_by(media.c.service_request_id, media.c.position)
    ).all()
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.service_request_id, []).append(row)
    return found


def _next_id(connection: Connection, sent: datetime) -> str:
    """HN-YYMM-NNNNN, counted anew each month; the row stays locked until the transaction ends."""
    month = f"{sent.astimezone(HANOI):%y%m}"
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    number = connection.execute(
        dialect.insert(service_request_numbers)
        .values(month=month, last=1)
        .on_conflict_do_update(
            index_elements=["month"], set_={"last": service_request_numbers.c.last + 1}
        )
        .returning(service_request_numbers.c.last)
    ).scalar_one()
    return f"HN-{month}-{number:05}"
