"""What officers read: the queue of their agency, one report with its resident and its log, and
who else has it open.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from gateway.problems import FieldError, invalid
from gateway.registers.population import sandbox_residents
from gateway.service_requests import report_answers as wire
from gateway.service_requests.agencies import agencies
from gateway.service_requests.handling_tables import desk_log, presence
from gateway.service_requests.officers import Officer
from gateway.service_requests.ranked import first_of_each
from gateway.service_requests.reading import desk_sees
from gateway.service_requests.tables import (
    CLOSED_CODES,
    OPEN_CODES,
    STATUS_CODES,
    service_requests,
)
from gateway.settings import Settings
from gateway.working_time import HANOI

Sort = Literal["deadline", "newest", "oldest"]

_COLUMNS = service_requests.c
_BY = {
    "deadline": _COLUMNS.expected_datetime,
    "newest": _COLUMNS.requested_datetime,
    "oldest": _COLUMNS.requested_datetime,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queue is narrowed to; an empty one is not applied. Open reports, unless statuses
    are named.
    """

    statuses: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    assigned: Literal["", "me", "none"] = ""
    overdue: bool = False
    text: str = ""
    sort: Sort = "deadline"
    after: str = ""
    limit: int = 100


def queue(
    connection: Connection, officer: Officer, settings: Settings, wanted: Wanted
) -> tuple[Sequence[Row[Any]], str]:
    """One page of the agency's reports, and the cursor of the next, empty at the end.

    Raises a 422 `Problem` for a status or a cursor nobody knows.
    """
    by = _BY[wanted.sort]
    order = (by, _COLUMNS.service_request_id)
    clauses = [desk_sees(officer, settings), *_narrowed(officer, settings, wanted)]
    if wanted.after:
        last = tuple_(*_place(wanted.after))
        clauses.append(tuple_(*order) < last if wanted.sort == "newest" else tuple_(*order) > last)
    in_order = [column.desc() for column in order] if wanted.sort == "newest" else order
    found = first_of_each(_parts(wanted.statuses), clauses, in_order, wanted.limit + 1)
    rows = connection.execute(found.limit(wanted.limit + 1)).all()
    page = rows[: wanted.limit]
    if len(rows) == len(page):
        return page, ""
    last_row = page[-1]
    moment = (
        last_row.expected_datetime if wanted.sort == "deadline" else last_row.requested_datetime
    )
    return page, _cursor(moment, last_row.service_request_id)


def _narrowed(officer: Officer, settings: Settings, wanted: Wanted) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for column, values in (
        (_COLUMNS.urgency, wanted.urgencies),
        (_COLUMNS.service_code, wanted.service_codes),
        (_COLUMNS.ward_code, wanted.wards),
    ):
        if values:
            clauses.append(column.in_(values))
    if wanted.assigned == "me":
        clauses.append(_COLUMNS.assigned_subject == officer.subject)
    if wanted.assigned == "none":
        clauses.append(_COLUMNS.assigned_subject.is_(None))
    if wanted.overdue:
        late = _COLUMNS.expected_datetime < settings.clock()
        clauses += [late, _COLUMNS.closed_datetime.is_(None), _COLUMNS.paused_since.is_(None)]
    if wanted.text:
        clauses.append(_holds(wanted.text))
    return clauses


def _parts(statuses: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Those states in parts that an index has in order: the open ones together, else each."""
    codes = _status_codes(statuses)
    if set(codes) == set(OPEN_CODES):
        return [_COLUMNS.closed_datetime.is_(None)]
    return [_COLUMNS.status_code == code for code in codes]


def _status_codes(statuses: tuple[str, ...]) -> list[str]:
    if not statuses:
        return list(OPEN_CODES)
    words = {"open": set(OPEN_CODES), "closed": set(CLOSED_CODES)}
    known = words | {code: {code} for code in STATUS_CODES}
    if not known.keys() >= set(statuses):
        raise invalid([FieldError(field="status", code="unknown")])
    return sorted(set().union(*(known[status] for status in statuses)))


def _holds(text: str) -> ColumnElement[bool]:
    """Reports whose number, words or address hold the text, in whatever case."""
    columns = (_COLUMNS.service_request_id, _COLUMNS.description, _COLUMNS.address)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _cursor(moment: datetime, found: str) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {found}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        moment, _, found = text.partition(" ")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or "\0" in found:
            raise ValueError
        return at.astimezone(UTC), found
    except (ValueError, OverflowError, binascii.Error):
        raise invalid([FieldError(field="after", code="unknown")]) from None


def beside(
    connection: Connection, row: Row[Any], officer: Officer, settings: Settings
) -> dict[str, Any]:
    """What an officer sees of a report beyond what its resident does."""
    return {
        "reporter": reporter_of(row, settings).model_dump(mode="json"),
        "log": [entry.model_dump(mode="json") for entry in _log(connection, row, settings)],
        "presence": [
            one.model_dump(mode="json")
            for one in others(connection, row.service_request_id, officer, settings)
        ],
    }


def reporter_of(row: Row[Any], settings: Settings) -> wire.Reporter:
    """Who sent it, as the population register knows them; outside the sandbox there is none yet."""
    if row.submitter != "resident" or not settings.sandbox:
        return wire.Reporter(name=None, phone=None, submitter=row.submitter)
    found = next((one for one in sandbox_residents() if one.subject == row.subject), None)
    name, phone = (found.name, found.phone) if found else (None, None)
    return wire.Reporter(name=name, phone=phone, submitter=row.submitter)


def _log(connection: Connection, row: Row[Any], settings: Settings) -> list[wire.LogEntry]:
    register = agencies(settings)
    rows = connection.execute(
        select(desk_log)
        .where(desk_log.c.service_request_id == row.service_request_id)
        .order_by(desk_log.c.entry_id)
    )
    return [
        wire.LogEntry(
            datetime=entry.moment.astimezone(HANOI),
            name=entry.actor_name,
            agency=register.name_of(entry.agency_code),
            act=entry.act,
            before=entry.before_code,
            after=entry.after_code,
            detail=entry.detail,
        )
        for entry in rows
    ]


def be_present(connection: Connection, found: str, officer: Officer, settings: Settings) -> None:
    """Say that the officer has the report open now."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    now = settings.clock()
    oldest = now - timedelta(hours=1)
    connection.execute(delete(presence).where(presence.c.seen < oldest))
    values = {"name": officer.name, "seen": now}
    connection.execute(
        dialect.insert(presence)
        .values(service_request_id=found, subject=officer.subject, **values)
        .on_conflict_do_update(index_elements=["service_request_id", "subject"], set_=values)
    )


def others(
    connection: Connection, found: str, officer: Officer, settings: Settings
) -> list[wire.Seen]:
    """Which other officers have the report open."""
    since = settings.clock() - timedelta(seconds=settings.handling.presence_seconds)
    rows = connection.execute(
        select(presence.c.name, presence.c.seen)
        .where(
            presence.c.service_request_id == found,
            presence.c.subject != officer.subject,
            presence.c.seen >= since,
        )
        .order_by(presence.c.name)
    )
    return [wire.Seen(name=row.name, seen=row.seen.astimezone(HANOI)) for row in rows]
