"""Every look into a record leaves a row: who, when, which part, by what right, to what end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.health_records.right import Right
from gateway.health_records.tables import accesses, patients
from gateway.security import Caller

OWN_RECORD = "patient"
_PURPOSES = {"patient": "PATRQT", "parent": "FAMRQT", "consent": "PWATRNY", "facility": "TREAT"}


def purpose_of(basis: str) -> str:
    """Why somebody with that right looks, as a code of HL7's v3 ActReason."""
    return _PURPOSES.get(basis, "TREAT")


@dataclass(frozen=True, slots=True)
class Look:
    """One look that is about to happen.

    `part`: what is looked at, as `Type`, `Type/id` or an operation's name. `name`: what somebody
    without an account calls themselves. `purpose`: a code of v3 ActReason, by the right if empty.
    """

    caller: Caller
    interaction: str
    request_id: str
    at: datetime
    basis: str = OWN_RECORD
    part: str = ""
    purpose: str = ""
    name: str = field(default="", repr=False)


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
    connection.execute(insert(accesses).values(_row(patient_id, look, look.basis)))


def record_all(connection: Connection, rights: Mapping[str, Right], look: Look) -> None:
    """Write one look into several records down, each by its own right."""
    rows = [_row(patient_id, look, right.basis) for patient_id, right in rights.items()]
    if rows:
        connection.execute(insert(accesses), rows)


def _row(patient_id: str, look: Look, basis: str) -> dict[str, object]:
    return {
        "patient_id": patient_id,
        "subject": look.caller.subject,
        "client_id": look.caller.client_id,
        "interaction": look.interaction,
        "basis": basis,
        "part": look.part[:255],
        "purpose": look.purpose or purpose_of(basis),
        "name": look.name[:255],
        "request_id": look.request_id,
        "at": look.at,
    }


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
