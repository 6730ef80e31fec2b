"""Applications for a certificate: one at a time, moved from state to state, read by their owner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from gateway import jobs
from gateway.certificates.configuration import Configuration
from gateway.certificates.tables import IN_PROCESS, applications, certificates, history
from gateway.problems import Problem, not_found
from gateway.registers.population import Resident
from gateway.working_time import HANOI, after_working_days

JOB = "certificate"
RESIDENT, AUTHORITY = "resident", "authority"

_NEXT = text(
    "INSERT INTO certificate_counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = certificate_counters.value + 1 RETURNING value"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a resident sends. `contact_phone` has ten digits; None means the registered one."""

    certificate_type: int
    purpose: str
    delivery: str
    contact_phone: str | None = field(repr=False)


def submit(
    connection: Connection, resident: Resident, draft: Draft, at: datetime, rules: Configuration
) -> str:
    """Store the application with its job and return its id.

    Raises a 409 `Problem` while another one is in process.
    """
    current = in_process(connection, resident.subject)
    if current is not None:
        title = "Another application is in process"
        raise Problem(409, "application-in-process", title, application_id=current)
    application_id = f"LL-{at.astimezone(HANOI):%y%m}-{_next(connection, 'application', at):05d}"
    row = _new_row(application_id, resident, draft, at, rules)
    connection.execute(insert(applications).values(**row))
    _record(connection, application_id, "submitted", at, RESIDENT)
    jobs.enqueue(connection, JOB, application_id, at.timestamp())
    return application_id


def in_process(connection: Connection, subject: str) -> str | None:
    """The id of the resident's application that has no result yet, or None."""
    mine = select(applications.c.application_id).where(
        applications.c.subject == subject, applications.c.status.in_(IN_PROCESS)
    )
    found: str | None = connection.scalar(mine)
    return found


def list_mine(connection: Connection, subject: str) -> list[Row[Any]]:
    """The resident's applications with their certificates, newest first."""
    mine = _with_certificate().where(applications.c.subject == subject)
    newest = applications.c.submitted_at.desc(), applications.c.application_id.desc()
    return list(connection.execute(mine.order_by(*newest)))


def get_mine(connection: Connection, subject: str, application_id: str) -> Row[Any]:
    """One application of that resident. Raises a 404 `Problem`, also for another resident's."""
    mine = _with_certificate().where(
        applications.c.subject == subject, applications.c.application_id == application_id
    )
    found = connection.execute(mine).first()
    if found is None:
        raise not_found()
    return found


def get(connection: Connection, application_id: str) -> Row[Any] | None:
    """One application, for the office itself."""
    return connection.execute(
        select(applications).where(applications.c.application_id == application_id)
    ).first()


def history_of(connection: Connection, application_id: str) -> list[Row[Any]]:
    """The states of an application, oldest first."""
    states = select(history).where(history.c.application_id == application_id)
    return list(connection.execute(states.order_by(history.c.position)))


def advance(
    connection: Connection,
    application_id: str,
    before: str,
    after: str,
    at: datetime,
    **values: Any,
) -> bool:
    """Move from one state to another, once: False when it is not in state `before` any more."""
    still = applications.c.application_id == application_id, applications.c.status == before
    moved = update(applications).where(*still).values(status=after, note=None, **values)
    if connection.execute(moved).rowcount != 1:
        return False
    _record(connection, application_id, after, at, AUTHORITY)
    return True


def note(connection: Connection, application_id: str, code: str) -> None:
    """Say why the application does not move: register_down or needs_look."""
    this = applications.c.application_id == application_id
    connection.execute(update(applications).where(this).values(note=code))


def give_number(connection: Connection, application_id: str, code: str) -> None:
    """Give the application its certificate's number and code: numbers without gaps or repeats."""
    number = f"MẪU-{_value(connection, 'certificate'):06d}"
    this = applications.c.application_id == application_id
    connection.execute(update(applications).where(this).values(number=number, code=code))


def _next(connection: Connection, series: str, at: datetime) -> int:
    return _value(connection, f"{series}-{at.astimezone(HANOI):%y%m}")


def _value(connection: Connection, name: str) -> int:
    value: int = connection.execute(_NEXT, {"name": name}).scalar_one()
    return value


def _new_row(
    application_id: str, resident: Resident, draft: Draft, at: datetime, rules: Configuration
) -> dict[str, Any]:
    deadline = after_working_days(at, rules.working_days)
    return {
        "application_id": application_id,
        "subject": resident.subject,
        "certificate_type": draft.certificate_type,
        "purpose": draft.purpose,
        "contact_phone": draft.contact_phone or resident.phone,
        "delivery": draft.delivery,
        "fee": rules.fee,
        "identity": identity_of(resident),
        "status": "submitted",
        "submitted_at": at.timestamp(),
        "due_at": deadline.due.timestamp(),
        "working_days": [day.isoformat() for day in deadline.working_days],
    }


def identity_of(resident: Resident) -> dict[str, str]:
    """What the population register says and the form prints; the birthdate as YYYY-MM-DD."""
    return {
        "name": resident.name,
        "birthdate": resident.birthdate.isoformat(),
        "gender": resident.gender,
        "identity_number": resident.cccd,
        "address": resident.address,
    }


def birthdate_of(identity: dict[str, str]) -> date:
    """The birthdate in a stored identity."""
    return date.fromisoformat(identity["birthdate"])


def _record(
    connection: Connection, application_id: str, status: str, at: datetime, actor: str
) -> None:
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


def _with_certificate() -> Any:
    columns = (
        certificates.c.status.label("certificate_status"),
        certificates.c.issued_at,
        certificates.c.ended_on,
        certificates.c.pages,
        certificates.c.sha256,
        func.length(certificates.c.document).label("size"),
    )
    same = certificates.c.application_id == applications.c.application_id
    return select(applications, *columns).select_from(applications.outerjoin(certificates, same))
