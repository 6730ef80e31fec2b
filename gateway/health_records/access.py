"""Who may read which record, and by what right. Every read of a record goes through here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from gateway.health_records.store import find_patient
from gateway.problems import not_found
from gateway.security import Caller

ALWAYS = frozenset({"Patient", "Practitioner", "PractitionerRole", "Organization", "Location"})
"""Types that say whose record it is and who wrote it: readable with any part of it."""


@dataclass(frozen=True, slots=True)
class Right:
    """Why somebody may read a record, and how much of it.

    `basis`: "patient" (their own), "parent" (of a child under 16), "consent" (an adult's to a
    carer) or "facility". `sections`: LOINC codes of IPS sections and names of resource types;
    None is the whole record.
    """

    basis: str
    sections: frozenset[str] | None = None

    def covers(self, resource_type: str, section: str | None) -> bool:
        """Whether a resource of that type, which belongs to that section, may be read."""
        if self.sections is None or resource_type in ALWAYS:
            return True
        return resource_type in self.sections or section in self.sections


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
    return None


def readable_patients(connection: Connection, caller: Caller, at: float) -> tuple[str, ...]:
    """The logical ids of the records the caller may read, their own first."""
    own = find_patient(connection, caller.subject)
    return (own,) if own is not None else ()
