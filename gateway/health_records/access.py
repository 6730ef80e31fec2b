"""Who may read which record, and by what right. Every read of a record goes through here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from gateway.health_people import rights
from gateway.health_records.right import Right
from gateway.health_records.store import find_patient
from gateway.problems import not_found
from gateway.security import Caller

OWN = Right("patient")


def readable(connection: Connection, caller: Caller, patient_id: str, at: float) -> Right:
    """By what right the caller may read that record at that moment (seconds since 1970).

    Raises a 404 `Problem` when by none: nobody can tell a record of another from none.
    """
    right = right_of(connection, caller.subject, patient_id, at)
    if right is None:
        raise not_found()
    return right


def right_of(connection: Connection, subject: str, patient_id: str, at: float) -> Right | None:
    """The right of that resident to that record, or None."""
    if find_patient(connection, subject) == patient_id:
        return OWN
    return rights.right_of(connection, subject, patient_id, at)


def readable_patients(connection: Connection, caller: Caller, at: float) -> tuple[str, ...]:
    """The logical ids of the records the caller may read, their own first."""
    own = find_patient(connection, caller.subject)
    others = rights.readable_patients(connection, caller.subject, at)
    return (*((own,) if own is not None else ()), *others)


def rights_to(
    connection: Connection, caller: Caller, patient_ids: Iterable[str] | None, at: float
) -> dict[str, Right]:
    """The caller's rights to these records, those there is none to left out.

    None is their own record alone: another's is never mixed in unasked.
    """
    own = find_patient(connection, caller.subject)
    wanted = ([own] if own else []) if patient_ids is None else sorted(set(patient_ids))
    found = {one: right_of(connection, caller.subject, one, at) for one in wanted}
    return {one: right for one, right in found.items() if right is not None}
