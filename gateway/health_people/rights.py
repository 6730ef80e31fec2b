"""By what right somebody reads a record that is not their own: as a parent, or by consent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from gateway.health_people.relations import children_of, day_of, ends_on
from gateway.health_people.tables import consents, relations
from gateway.health_records.right import Right
from gateway.health_records.tables import patients

PARENT, CONSENT = "parent", "consent"


def right_of(connection: Connection, subject: str, patient_id: str, at: float) -> Right | None:
    """The right of that resident to a record that is not their own (`at`: seconds since 1970), or
    None. A parent's right covers all and ends on the day on which the child turns 16.
    """
    moment = datetime.fromtimestamp(at, UTC)
    if _is_parent(connection, subject, patient_id, moment):
        return Right(PARENT)
    found = connection.scalars(
        select(consents.c.sections).where(
            consents.c.carer == subject,
            consents.c.patient_id == patient_id,
            in_force(moment),
        )
    ).all()
    if not found:
        return None
    chosen = [frozenset(json.loads(sections)) for sections in found]
    # Of two consents to one carer each adds its parts; an empty list is the whole record.
    return Right(CONSENT, None if frozenset() in chosen else frozenset().union(*chosen))


def readable_patients(connection: Connection, subject: str, at: float) -> tuple[str, ...]:
    """The logical ids of the records of others that this resident may read: children first."""
    moment = datetime.fromtimestamp(at, UTC)
    minors = [
        row.child
        for row in children_of(connection, subject)
        if day_of(moment) < ends_on(row.child_birthdate)
    ]
    of_children = select(patients.c.subject, patients.c.patient_id).where(
        patients.c.subject.in_(minors)
    )
    known: dict[str | None, str] = {
        row.subject: row.patient_id for row in connection.execute(of_children)
    }
    by_consent = (
        select(consents.c.patient_id)
        .where(consents.c.carer == subject, in_force(moment))
        .order_by(consents.c.decided, consents.c.consent_id)
    )
    found = [known[child] for child in minors if child in known]
    return tuple(dict.fromkeys([*found, *connection.scalars(by_consent)]))


def in_force(moment: datetime) -> ColumnElement[bool]:
    """Of consents: accepted, not ended, its last day not over."""
    running = or_(consents.c.until.is_(None), consents.c.until > moment)
    return and_(consents.c.state == "active", running)


def _is_parent(connection: Connection, subject: str, patient_id: str, moment: datetime) -> bool:
    birthdate = connection.scalar(
        select(relations.c.child_birthdate)
        .join(patients, patients.c.subject == relations.c.child)
        .where(relations.c.subject == subject, patients.c.patient_id == patient_id)
    )
    return birthdate is not None and day_of(moment) < ends_on(birthdate)
