"""From state to state: each move happens once, is written down, and starts the work behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from gateway import jobs
from gateway.certificates import notices
from gateway.certificates.tables import applications, history

JOB, LATE_JOB = "certificate", "certificate-late"
RESIDENT, AUTHORITY, OFFICER, SANDBOX = "resident", "authority", "officer", "sandbox"

_NEXT = text(
    "INSERT INTO certificate_counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = certificate_counters.value + 1 RETURNING value"
)


def advance(
    connection: Connection,
    application_id: str,
    before: str,
    after: str,
    at: datetime,
    *,
    actor: str = AUTHORITY,
    **values: Any,
) -> bool:
    """Move from one state to another, once: False when it is not in state `before` any more."""
    still = applications.c.application_id == application_id, applications.c.status == before
    moved = update(applications).where(*still).values(status=after, note=None, **values)
    if connection.execute(moved).rowcount != 1:
        return False
    write_down(connection, application_id, after, at, actor)
    return True


def write_down(
    connection: Connection, application_id: str, status: str, at: datetime, actor: str
) -> None:
    """Add a state to the application's history; the resident is told of those that end it."""
    count = select(func.count()).where(history.c.application_id == application_id)
    connection.execute(
        insert(history).values(
            application_id=application_id,
            position=connection.scalar(count),
            status=status,
            at=at.timestamp(),
            actor=actor,
        )
    )
    if status in notices.OF_STATUS:
        notices.tell(connection, application_id, notices.OF_STATUS[status], at)


def start(connection: Connection, application_id: str, at: datetime, due: datetime) -> None:
    """Put the application on the office's desk, and its deadline into the calendar."""
    jobs.enqueue(connection, JOB, application_id, at.timestamp())
    jobs.enqueue(connection, LATE_JOB, application_id, due.timestamp())


def note(connection: Connection, application_id: str, code: str) -> None:
    """Say why the application does not move: register_down, register_error or needs_look."""
    this = applications.c.application_id == application_id
    connection.execute(update(applications).where(this).values(note=code))


def decide(connection: Connection, application_id: str, result: str) -> bool:
    """Keep an officer's decision about a record that needed a look; False when it needs none."""
    waits = (
        applications.c.application_id == application_id,
        applications.c.status == "checking",
        applications.c.note.in_(("needs_look", "answer_needed")),
        applications.c.decision.is_(None),
    )
    decided = update(applications).where(*waits).values(decision=result, note=None)
    return connection.execute(decided).rowcount == 1


def give_number(connection: Connection, application_id: str, code: str) -> None:
    """Give the application its certificate's number and code: numbers without gaps or repeats."""
    number = f"MẪU-{next_value(connection, 'certificate'):06d}"
    this = applications.c.application_id == application_id
    connection.execute(update(applications).where(this).values(number=number, code=code))


def next_value(connection: Connection, name: str) -> int:
    """The next number of that series, from 1."""
    value: int = connection.execute(_NEXT, {"name": name}).scalar_one()
    return value
