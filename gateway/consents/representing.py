"""Who decides about whose data: residents about their own from 16, parents about a child's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from gateway.consents.purposes import Purpose
from gateway.health_people.relations import OF_AGE, birthday, children_of, day_of, parents_of
from gateway.problems import Problem, not_found
from gateway.registers.population import ADULT


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data it is. `child_key` is empty for the caller; it tells children apart, not who they are."""

    subject: str = field(repr=False)
    child_key: str = ""
    birthdate: date | None = field(default=None, repr=False)

    def may_be_decided_by_parent(self, purpose: Purpose, now: datetime) -> bool:
        """Whether this child is young enough for a parent to decide."""
        if self.birthdate is None or not purpose.represented_until:
            return False
        return day_of(now) < birthday(self.birthdate, purpose.represented_until)


def key_of(parent: str, child: str) -> str:
    """What stands for a child in addresses and bodies, the same every time."""
    return hashlib.sha256(f"child of {parent}\n{child}".encode()).hexdigest()[:16]


def children(connection: Connection, subject: str, now: datetime) -> list[Person]:
    """The resident's children under 18 by recorded relation."""
    return [
        Person(row.child, key_of(subject, row.child), row.child_birthdate)
        for row in children_of(connection, subject)
        if row.since <= day_of(now) < birthday(row.child_birthdate, ADULT)
    ]


def person(connection: Connection, subject: str, child_key: str, now: datetime) -> Person:
    """The caller, or their child of that key. Raises a 404 `Problem` for a child that is not theirs."""
    if not child_key:
        return Person(subject)
    found = (one for one in children(connection, subject, now) if one.child_key == child_key)
    if (child := next(found, None)) is None:
        raise not_found()
    return child


def check_may_decide(
    connection: Connection, about: Person, purpose: Purpose, now: datetime
) -> None:
    """Raise a 403 `Problem` where somebody else decides: a parent for a child under 16, the child
    themselves once they are old enough.
    """
    if about.child_key:
        if not about.may_be_decided_by_parent(purpose, now):
            raise Problem(403, "child-decides", "The child decides this themselves")
        return
    births = [row.child_birthdate for row in parents_of(connection, about.subject)]
    if any(day_of(now) < birthday(born, OF_AGE) for born in births):
        raise Problem(403, "parents-decide", "The parents of a child decide")
