"""One's own application as it goes over the wire, with everything that belongs to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.certificates import applications, letters, messages, payments, people, wire
from gateway.certificates.office import Office
from gateway.certificates.tables import applications as table


def as_json(db: Connection, row: Row[Any], office: Office) -> dict[str, Any]:
    """The application with states, payment, letters, messages and certificate."""
    application_id, child = row.application_id, row.relation == people.CHILD
    renewal = select(table.c.application_id).where(
        table.c.renews == application_id, table.c.status.not_in(("withdrawn", "closed", "refused"))
    )
    around = wire.Surroundings(
        states=applications.history_of(db, application_id),
        payment=payments.latest(db, application_id, office.settings.clock()) if row.fee else None,
        letters=letters.of(db, application_id),
        messages=messages.of(db, application_id),
        child_id=people.child_id(office, row.subject, row.person) if child else None,
        renewed_by=db.scalar(renewal.limit(1)),
        public_url=office.settings.public_url,
        complain_days=office.configuration.complain_days,
    )
    return wire.application(row, around)
