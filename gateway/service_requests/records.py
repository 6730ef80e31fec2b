"""Reports in the database. Every read names the resident whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.database import take_turn
from gateway.service_requests.handling_tables import changes
from gateway.service_requests.publicity import is_public, public_cell
from gateway.service_requests.ranked import first_of_each
from gateway.service_requests.tables import (
    CLOSED_CODES,
    OPEN_CODES,
    media,
    service_request_numbers,
    service_request_updates,
    service_requests,
)
from gateway.working_time import HANOI

MOST = 1000
"""The most reports one list holds, as GeoReport says."""

_NEWEST_FIRST = (
    service_requests.c.requested_datetime.desc(),
    service_requests.c.service_request_id.desc(),
)
_ID = re.compile(r"HN-[0-9]{4}-[0-9]{5,9}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

ServiceRequestRow = Row[Any]


def is_id(text: str) -> bool:
    """Whether the text can be a report's id at all; PostgreSQL cannot even look for a zero byte."""
    return _ID.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether the text can be a token at all."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty one is not applied."""

    service_request_ids: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    limit: int = MOST
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of a report's timeline."""

    status_code: str
    moment: datetime
    description: str = field(default="", repr=False)
    agency: str = ""
    actor: str = field(default="", repr=False)
    act: str = ""
    reason_code: str = ""
    actor_subject: str | None = field(default=None, repr=False)
    actor_role: str = ""
    agency_code: str = ""


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
    row["cell"] = public_cell(row["service_code"], row.get("lat"), row.get("long"))
    connection.execute(
        insert(service_requests).values(
            service_request_id=service_request_id, subject=subject, **row
        )
    )
    first = Update(row["status_code"], sent, act="submit", actor_role="resident")
    add_update(connection, service_request_id, first, revision=1)
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


def add_update(
    connection: Connection, service_request_id: str, entry: Update, **values: Any
) -> str:
    """Add to the timeline; the report takes over the entry's status, text and time, and `values`.

    Returns the entry's id. The change becomes visible to whoever waits for one.
    """
    report = connection.execute(_with_count(service_request_id)).one()
    update_id = f"{service_request_id}-{report.entries + 1:03}"
    connection.execute(
        insert(service_request_updates).values(
            update_id=update_id,
            service_request_id=service_request_id,
            status_code=entry.status_code,
            datetime=entry.moment,
            description=entry.description,
            agency=entry.agency,
            actor=entry.actor,
            act=entry.act,
            reason_code=entry.reason_code,
            actor_subject=entry.actor_subject,
            actor_role=entry.actor_role,
            agency_code=entry.agency_code,
        )
    )
    connection.execute(
        update(service_requests)
        .where(service_requests.c.service_request_id == service_request_id)
        .values(
            {
                "updated_datetime": entry.moment,
                "revision": service_requests.c.revision + 1,
                **_following_from(entry, report.status_code),
                **values,
            }
        )
    )
    announce(connection, service_request_id, report.agency_code, entry.moment)
    return update_id


def _with_count(service_request_id: str) -> Select[Any]:
    entries = (
        select(func.count())
        .where(service_request_updates.c.service_request_id == service_request_id)
        .scalar_subquery()
    )
    columns = service_requests.c
    found = select(columns.status_code, columns.agency_code, entries.label("entries"))
    return found.where(columns.service_request_id == service_request_id)


def _following_from(entry: Update, before: str) -> dict[str, Any]:
    """The report's columns that follow from an entry and the state before it."""
    moved = entry.status_code != before
    values: dict[str, Any] = {"status_code": entry.status_code}
    if entry.actor_role != "resident":
        values["status_notes"] = entry.description
    elif moved:
        values["status_notes"] = ""
    if moved:
        asks = entry.status_code == "needs_resident"
        values["paused_since"] = entry.moment if asks else None
        values["question"] = entry.description if asks else ""
        values["closed_datetime"] = entry.moment if entry.status_code in CLOSED_CODES else None
    return values


def change(connection: Connection, row: Row[Any], moment: datetime, **values: Any) -> None:
    """Change columns of a report without an entry in its timeline."""
    connection.execute(
        update(service_requests)
        .where(service_requests.c.service_request_id == row.service_request_id)
        .values({"revision": service_requests.c.revision + 1, **values})
    )
    announce(connection, row.service_request_id, row.agency_code, moment)


def announce(
    connection: Connection, service_request_id: str, agency_code: str, moment: datetime
) -> None:
    """Number a change. On PostgreSQL one at a time until its transaction ends, so that a reader
    who has seen a number has seen all below it; on SQLite the write lock does that.
    """
    take_turn(connection, "changes")
    connection.execute(
        insert(changes).values(
            service_request_id=service_request_id, agency_code=agency_code, moment=moment
        )
    )


def list_mine(connection: Connection, subject: str) -> Sequence[ServiceRequestRow]:
    """The resident's reports, newest first, at most `MOST`."""
    mine = select(service_requests).where(service_requests.c.subject == subject)
    return connection.execute(mine.order_by(*_NEWEST_FIRST).limit(MOST)).all()


def list_public(connection: Connection, filters: Filters) -> Sequence[ServiceRequestRow]:
    """Everybody's reports, newest first; those taken back and hoaxes are left out."""
    code = service_requests.c.service_code
    parts = [code == one for one in dict.fromkeys(filters.service_codes)] or [true()]
    most = filters.limit + filters.offset
    found = first_of_each(parts, [is_public(), *_narrowed(filters)], _NEWEST_FIRST, most)
    return connection.execute(found.limit(filters.limit).offset(filters.offset)).all()


def _narrowed(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """All of the filters but the services."""
    columns = service_requests.c
    if filters.service_request_ids:
        yield columns.service_request_id.in_(filters.service_request_ids)
    if len(set(filters.statuses)) == 1:
        # Said by the other codes: an index of the wanted ones would have them out of order.
        others = OPEN_CODES if filters.statuses[0] == "closed" else CLOSED_CODES
        yield columns.status_code.not_in(others)
    if filters.start is not None:
        yield columns.requested_datetime >= filters.start
    if filters.end is not None:
        yield columns.requested_datetime <= filters.end


def one_of(service_request_id: str) -> Filters:
    """The filter for one report."""
    return Filters(service_request_ids=(service_request_id,))


def id_of_token(connection: Connection, token: str) -> str | None:
    """The id of the report that token stands for."""
    columns = service_requests.c
    wanted = select(columns.service_request_id).where(columns.token == token)
    return connection.scalar(wanted)


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
