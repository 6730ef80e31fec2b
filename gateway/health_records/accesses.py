"""Every look into a record leaves a row: who, when, which part, by what right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.health_records.tables import accesses, patients
from gateway.security import Caller

OWN_RECORD = "own-record"


@dataclass(frozen=True, slots=True)
class Look:
    """One look that is about to happen."""

    caller: Caller
    interaction: str
    request_id: str
    at: datetime
    basis: str = OWN_RECORD


@dataclass(frozen=True, slots=True)
class Access:
    """One look that happened, for the patient to read."""

    subject: str = field(repr=False)
    client_id: str
    interaction: str
    basis: str
    request_id: str
    at: datetime


def record(connection: Connection, patient_id: str, look: Look) -> None:
    """Write the look down in the transaction that reads the record."""
    row = {
        "patient_id": patient_id,
        "subject": look.caller.subject,
        "client_id": look.caller.client_id,
        "interaction": look.interaction,
        "basis": look.basis,
        "request_id": look.request_id,
        "at": look.at,
    }
    connection.execute(insert(accesses).values(row))


def list_accesses(connection: Connection, subject: str) -> tuple[Access, ...]:
    """Every look into this resident's own record, newest first."""
    wanted = ("subject", "client_id", "interaction", "basis", "request_id", "at")
    query = (
        select(*(accesses.c[name] for name in wanted))
        .join(patients, patients.c.patient_id == accesses.c.patient_id)
        .where(patients.c.subject == subject)
        .order_by(accesses.c.access_id.desc())
    )
    return tuple(Access(*row) for row in connection.execute(query))
