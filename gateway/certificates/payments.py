"""Payments of a fee: asked for, paid exactly once, failed or expired."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway import jobs
from gateway.certificates import moving
from gateway.certificates.application_tables import payment_events, payments
from gateway.certificates.configuration import Configuration
from gateway.certificates.office import Office
from gateway.certificates.payment_provider import PaymentProvider
from gateway.certificates.tables import applications
from gateway.database import Database
from gateway.problems import Problem, invalid, not_found
from gateway.working_time import after_working_days

UNPAID_JOB = "certificate-unpaid"
MONEY = ("paid", "refund_due")


class PaymentEvent(BaseModel):
    """A callback of the bank. `event_id` is the bank's own: the same one is one event."""

    model_config = ConfigDict(extra="forbid", strict=True)

    event_id: str
    payment_id: str
    amount: int
    outcome: Literal["paid", "failed"]


def order(
    db: Connection,
    application: Row[Any],
    provider: PaymentProvider,
    rules: Configuration,
    at: datetime,
) -> str:
    """Ask for the application's fee anew; returns the payment's id.

    Raises a 409 `Problem` unless it is unpaid and no other payment is pending.
    """
    newest = latest(db, application.application_id, at)
    if application.status != "unpaid" or (newest is not None and newest["status"] == "pending"):
        raise Problem(409, "payment-not-wanted", "There is nothing to pay now")
    payment_id = secrets.token_hex(12)
    expires = at + timedelta(minutes=rules.payment_minutes)
    row = {
        "payment_id": payment_id,
        "application_id": application.application_id,
        "amount": application.fee,
        "status": "pending",
        "qr": provider.qr(payment_id, application.fee),
        "provider": provider.name,
        "created_at": at.timestamp(),
        "expires_at": expires.timestamp(),
    }
    db.execute(insert(payments).values(**row))
    return payment_id


def latest(db: Connection, application_id: str, at: datetime) -> dict[str, Any] | None:
    """The newest payment of an application, or the one that brought money; None without any."""
    of_it = select(payments).where(payments.c.application_id == application_id)
    rows = db.execute(of_it.order_by(payments.c.created_at.desc())).mappings()
    found = [_as_of(dict(row), at) for row in rows]
    return next(
        (one for wanted in (*MONEY, "pending") for one in found if one["status"] == wanted),
        found[0] if found else None,
    )


def _as_of(payment: dict[str, Any], at: datetime) -> dict[str, Any]:
    over = payment["status"] == "pending" and payment["expires_at"] <= at.timestamp()
    return {**payment, "status": "expired"} if over else payment


def read_event(body: bytes) -> PaymentEvent:
    """A callback's body. Raises a 422 `Problem` for one that is not."""
    try:
        return PaymentEvent.model_validate_json(body)
    except ValidationError:
        raise invalid([]) from None


def event_body(payment_id: str, amount: int, outcome: str) -> bytes:
    """What the sandbox's bank sends: one outcome of a payment is one event."""
    event = {
        "event_id": f"{payment_id}-{outcome}",
        "payment_id": payment_id,
        "amount": amount,
        "outcome": outcome,
    }
    return json.dumps(event).encode()


def accept(
    db: Connection, provider: PaymentProvider, body: bytes, signature: str, office: Office
) -> str:
    """Take a callback that proves where it comes from; returns the application's id.

    Raises a 403 `Problem` for one that does not, and whatever `take` raises.
    """
    if not provider.proves(body, signature):
        raise Problem(403, "not-permitted", "This callback does not prove where it comes from")
    return take(db, read_event(body), office.configuration, office.settings.clock())


def take(db: Connection, event: PaymentEvent, rules: Configuration, at: datetime) -> str:
    """Do what the bank says, once for each event; returns the application's id.

    Money that comes for an application nobody waits for any more is to be paid back. Raises a 404
    `Problem` for an unknown payment, a 422 for another amount.
    """
    payment = db.execute(
        select(payments).where(payments.c.payment_id == event.payment_id).with_for_update()
    ).first()
    if payment is None:
        raise not_found()
    if event.amount != payment.amount:
        raise Problem(422, "validation", "The amount is another one")
    application_id: str = payment.application_id
    if payment.status in MONEY or not _is_new(db, event, at):
        return application_id
    if event.outcome == "failed":
        _set(db, event.payment_id, "failed")
        return application_id
    begun = _begin(db, application_id, rules, at)
    _set(db, event.payment_id, "paid" if begun else "refund_due", paid_at=at.timestamp())
    return application_id


def pay_back(db: Connection, application_id: str) -> None:
    """What was paid for that application is to be paid back."""
    paid = payments.c.application_id == application_id, payments.c.status == "paid"
    db.execute(update(payments).where(*paid).values(status="refund_due"))


def _begin(db: Connection, application_id: str, rules: Configuration, at: datetime) -> bool:
    """The days of the law are counted from the payment."""
    deadline = after_working_days(at, rules.working_days)
    counted = {
        "due_at": deadline.due.timestamp(),
        "working_days": [day.isoformat() for day in deadline.working_days],
    }
    moved = moving.advance(
        db, application_id, "unpaid", "submitted", at, actor=moving.RESIDENT, **counted
    )
    if moved:
        moving.start(db, application_id, at, deadline.due.astimezone(UTC))
        jobs.drop(db, UNPAID_JOB, application_id)
    return moved


class Unpaid:
    """The job that waits for the hours in which a fee may be paid."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def handle(self, job: jobs.Job) -> None:
        """Close an application that nobody paid for in time."""
        at = self._clock()
        await self._database.run(
            lambda db: moving.advance(db, job.reference, "unpaid", "closed", at)
        )


def of_resident(db: Connection, subject: str, application_id: str, payment_id: str) -> Row[Any]:
    """A payment of one's own application. Raises a 404 `Problem`, also for another resident's."""
    joined = payments.join(applications, payments.c.application_id == applications.c.application_id)
    found = db.execute(
        select(payments)
        .select_from(joined)
        .where(
            applications.c.subject == subject,
            payments.c.application_id == application_id,
            payments.c.payment_id == payment_id,
        )
    ).first()
    if found is None:
        raise not_found()
    return found


def _is_new(db: Connection, event: PaymentEvent, at: datetime) -> bool:
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    row = {
        "event_id": event.event_id,
        "payment_id": event.payment_id,
        "outcome": event.outcome,
        "at": at.timestamp(),
    }
    added = dialect.insert(payment_events).values(**row).on_conflict_do_nothing()
    return db.execute(added.returning(payment_events.c.event_id)).one_or_none() is not None


def _set(db: Connection, payment_id: str, status: str, **values: Any) -> None:
    this = payments.c.payment_id == payment_id
    db.execute(update(payments).where(this).values(status=status, **values))
