"""Parents and their children: a copy of what the population register has recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.health_people.tables import relations
from gateway.registers.population import Resident
from gateway.working_time import HANOI

OF_AGE = 16
"""The age in years from which a record is the child's alone (docs/health-people.md)."""


@dataclass(frozen=True, slots=True)
class Parenthood:
    """That `subject` is recorded as parent of `child` since a day."""

    subject: str = field(repr=False)
    child: str = field(repr=False)
    child_birthdate: date = field(repr=False)
    since: date


def recorded(residents: Iterable[Resident]) -> tuple[Parenthood, ...]:
    """What the register's residents say of parents and children."""
    people = {resident.subject: resident for resident in residents}
    return tuple(
        Parenthood(parent.subject, child.subject, child.birthdate, relation.since)
        for parent in people.values()
        for relation in parent.relations
        if relation.kind == "parent_of" and (child := people.get(relation.subject))
    )


def replace_relations(connection: Connection, found: Iterable[Parenthood]) -> None:
    """Make the copy say what the register says now: one that is gone there gives no right here."""
    connection.execute(delete(relations))
    rows = [
        {
            "subject": one.subject,
            "child": one.child,
            "child_birthdate": one.child_birthdate,
            "since": one.since,
        }
        for one in found
    ]
    if rows:
        connection.execute(insert(relations), rows)


def children_of(connection: Connection, subject: str) -> list[Row[Any]]:
    """The children recorded for that resident, the youngest last, whatever their age."""
    mine = select(relations).where(relations.c.subject == subject)
    return list(connection.execute(mine.order_by(relations.c.child_birthdate, relations.c.child)))


def parents_of(connection: Connection, child: str) -> list[Row[Any]]:
    """The parents recorded for that resident, whatever the child's age."""
    theirs = select(relations).where(relations.c.child == child)
    return list(connection.execute(theirs.order_by(relations.c.subject)))


def day_of(at: datetime) -> date:
    """The day in Hà Nội: birthdays begin there at midnight."""
    return at.astimezone(HANOI).date()


def birthday(birthdate: date, years: int) -> date:
    """The day on which somebody turns that old; one born on 29 February on 1 March."""
    try:
        return birthdate.replace(year=birthdate.year + years)
    except ValueError:
        return date(birthdate.year + years, 3, 1)


def ends_on(birthdate: date) -> date:
    """The first day on which a parent's right is over."""
    return birthday(birthdate, OF_AGE)
