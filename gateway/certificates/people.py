"""Whom an application may be about: the resident themselves, or a child of theirs by the register."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gateway.certificates.office import Office
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.registers.population import Resident
from gateway.secret_file import keyed
from gateway.working_time import HANOI

SELF, CHILD = "self", "child"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the certificate is about; `child_id` tells a parent's children apart and is no subject."""

    resident: Resident = field(repr=False)
    relation: str
    child_id: str | None = None


def today(office: Office) -> date:
    """The date in Hà Nội."""
    return office.settings.clock().astimezone(HANOI).date()


def is_too_young(office: Office, resident: Resident) -> bool:
    """Whether that person has not reached the age of the law, today in Hà Nội."""
    return resident.age_on(today(office)) < office.configuration.minimum_age


def child_id(office: Office, parent: str, child: str) -> str:
    """What stands for a child in addresses and bodies: nothing can be read from it."""
    return keyed(office.secret, "child", parent, child)[:16]


async def children_of(office: Office, subject: str) -> list[Person]:
    """The resident's children under 18 by recorded relation, eldest first."""
    found = await office.population.children_of(subject, today(office))
    return [Person(one, CHILD, child_id(office, subject, one.subject)) for one in found]


async def shown(office: Office, subject: str, wanted: str | None) -> Person | None:
    """The resident, None when the register does not know them, or the child of that id.

    Raises a 404 `Problem` for a child that is not theirs.
    """
    if wanted is not None:
        return await _child(office, subject, wanted)
    found = await office.population.find(subject)
    return None if found is None else Person(found, SELF)


async def applicant(office: Office, subject: str, wanted: str | None) -> tuple[Resident, Person]:
    """Who applies, and whom it is about.

    Raises a 409 `Problem` when one of them may not, a 422 for a child that is not theirs.
    """
    applying = await office.population.find(subject)
    if applying is None:
        raise Problem(409, "identity-unknown", "The population register does not know this person")
    person = Person(applying, SELF)
    if wanted is not None:
        try:
            person = await _child(office, subject, wanted)
        except Problem:
            raise invalid([FieldError(field="child_id", code="unknown_child")]) from None
    if is_too_young(office, applying) or is_too_young(office, person.resident):
        age = office.configuration.minimum_age
        raise Problem(409, "too-young", "The law asks for a higher age", minimum_age=age)
    return applying, person


async def _child(office: Office, subject: str, wanted: str) -> Person:
    for child in await children_of(office, subject):
        if child.child_id == wanted:
            return child
    raise not_found()
