"""Applications for a certificate: one at a time about one person, read by whoever sent them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from gateway import jobs
from gateway.certificates import moving, payments
from gateway.certificates.moving import JOB, RESIDENT
from gateway.certificates.office import Office
from gateway.certificates.people import Person
from gateway.certificates.tables import IN_PROCESS, applications, certificates, history
from gateway.consents import ledger as consents
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.registers.population import Resident
from gateway.settings import Settings
from gateway.working_time import HANOI, after_working_days

CONSENT = "certificate_register"
"""By which consent registers are asked about somebody (docs/consents.md)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a resident sends. `contact_phone` has ten digits; None means the registered one.
    `renews` is the application whose certificate the new one replaces.
    """

    certificate_type: int
    purpose: str
    delivery: str
    contact_phone: str | None = field(repr=False)
    former_names: list[str] = field(default_factory=list, repr=False)
    former_addresses: list[dict[str, Any]] = field(default_factory=list, repr=False)
    passcode_hash: str | None = field(default=None, repr=False)
    holder_key: dict[str, str] | None = field(default=None, repr=False)
    renews: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who applies, and about whom."""

    resident: Resident = field(repr=False)
    person: Person


def submit(db: Connection, office: Office, sender: Sender, draft: Draft, at: datetime) -> str:
    """Store the application with its job, or with its payment, and return its id.

    Raises a 409 `Problem` while another one about that person is in process, a 422 for a renewal
    of what cannot be renewed, a 503 for a fee that nobody takes.
    """
    about, by = sender.person.resident.subject, sender.resident.subject
    current = look_up(db, about, by, office.settings)
    if current is not None:
        mine = current.subject == sender.resident.subject
        shown = {"application_id": current.application_id} if mine else {}
        raise Problem(409, "application-in-process", "Another application is in process", **shown)
    _check_renewal(db, sender, draft)
    number = moving.next_value(db, f"application-{at.astimezone(HANOI):%y%m}")
    application_id = f"LL-{at.astimezone(HANOI):%y%m}-{number:05d}"
    row = _new_row(application_id, sender, draft, at, office)
    db.execute(insert(applications).values(**row))
    moving.write_down(db, application_id, row["status"], at, RESIDENT)
    if row["status"] == "unpaid":
        _ask_for_payment(db, office, application_id, at)
    else:
        due = datetime.fromtimestamp(row["due_at"], HANOI)
        moving.start(db, application_id, at, due)
    return application_id


def look_up(db: Connection, person: str, by: str, settings: Settings) -> Row[Any] | None:
    """The application about that person that has no result yet: its id and who sent it.

    Raises a 403 `Problem` while the registers may not be asked about that person.
    """
    consents.demand(db, person, CONSENT, settings, parent=by)
    columns = applications.c
    about: Any = select(columns.application_id, columns.subject).where(
        columns.person == person, columns.status.in_(IN_PROCESS)
    )
    found: Row[Any] | None = db.execute(about).first()
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
    """One application with its certificate, for the office itself."""
    wanted = _with_certificate().where(applications.c.application_id == application_id)
    return connection.execute(wanted).first()


def history_of(connection: Connection, application_id: str) -> list[Row[Any]]:
    """The states of an application, oldest first."""
    states = select(history).where(history.c.application_id == application_id)
    return list(connection.execute(states.order_by(history.c.position)))


def withdraw(db: Connection, application: Row[Any], at: datetime) -> None:
    """Take an application back; twice is once. What was paid before the register was asked is to
    be paid back.

    Raises a 409 `Problem` once the certificate is being signed, or there is a result.
    """
    if application.status == "withdrawn":
        return
    for before in ("unpaid", "submitted", "received", "checking"):
        given = application.application_id, before, "withdrawn", at
        if moving.advance(db, *given, actor=RESIDENT):
            if before != "checking":
                payments.pay_back(db, application.application_id)
            for kind in (JOB, moving.LATE_JOB, payments.UNPAID_JOB):
                jobs.drop(db, kind, application.application_id)
            return
    raise Problem(409, "too-late-to-withdraw", "This can no longer be withdrawn")


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


def _check_renewal(db: Connection, sender: Sender, draft: Draft) -> None:
    if draft.renews is None:
        return
    columns = applications.c
    same = select(certificates.c.number).where(
        columns.application_id == draft.renews,
        certificates.c.application_id == columns.application_id,
        columns.subject == sender.resident.subject,
        columns.person == sender.person.resident.subject,
        columns.certificate_type == draft.certificate_type,
        certificates.c.status != "superseded",
    )
    if db.scalar(same) is None:
        raise invalid([FieldError(field="renews", code="not_renewable")])


def _new_row(
    application_id: str, sender: Sender, draft: Draft, at: datetime, office: Office
) -> dict[str, Any]:
    rules = office.configuration
    deadline = after_working_days(at, rules.working_days)
    fee, _ = rules.fee_on(at.astimezone(HANOI).date())
    return {
        "application_id": application_id,
        "subject": sender.resident.subject,
        "person": sender.person.resident.subject,
        "relation": sender.person.relation,
        "certificate_type": draft.certificate_type,
        "purpose": draft.purpose,
        "contact_phone": draft.contact_phone or sender.resident.phone,
        "delivery": draft.delivery,
        "fee": fee,
        "identity": identity_of(sender.person.resident),
        "former_names": draft.former_names,
        "former_addresses": draft.former_addresses,
        "passcode": draft.passcode_hash,
        "holder_key": draft.holder_key,
        "renews": draft.renews,
        "status": "unpaid" if fee else "submitted",
        "submitted_at": at.timestamp(),
        "due_at": deadline.due.timestamp(),
        "working_days": [day.isoformat() for day in deadline.working_days],
    }


def _ask_for_payment(db: Connection, office: Office, application_id: str, at: datetime) -> None:
    application = get(db, application_id)
    if office.bank is None or application is None:
        raise Problem(503, "service-down", "Nobody takes payments here now")
    payments.order(db, application, office.bank, office.configuration, at)
    until = at + timedelta(hours=office.configuration.payment_hours)
    jobs.enqueue(db, payments.UNPAID_JOB, application_id, until.timestamp())


def _with_certificate() -> Any:
    columns = (
        certificates.c.status.label("certificate_status"),
        certificates.c.issued_at,
        certificates.c.ended_on,
        certificates.c.ended_reason,
        certificates.c.pages,
        certificates.c.sha256,
        certificates.c.credential,
        certificates.c.status_index,
        certificates.c.archive_sha256,
        func.length(certificates.c.document).label("size"),
    )
    same = certificates.c.application_id == applications.c.application_id
    return select(applications, *columns).select_from(applications.outerjoin(certificates, same))
