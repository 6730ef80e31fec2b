"""Writing a look of staff down before it is answered, once an hour for the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from gateway.access_log.tables import staff_looks
from gateway.database import Database

SAME_LOOK = timedelta(hours=1)
"""Within this time the same person looking at the same thing once more is the same look."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who (`actor_name` of `office`, as residents read it) does what to which thing of `subject`."""

    subject: str = field(repr=False)
    actor_subject: str = field(repr=False)
    actor_name: str = field(repr=False)
    office: str
    service: str
    act: str
    reference: str
    at: datetime
    request_id: str


def new_ones(connection: Connection, looks: Sequence[Look]) -> list[Look]:
    """Those that were not written down within the hour."""
    if not looks:
        return []
    columns, first = staff_looks.c, looks[0]
    lately = select(columns.subject, columns.act, columns.reference).where(
        columns.actor_subject == first.actor_subject,
        columns.reference.in_({look.reference for look in looks}),
        columns.at > first.at - SAME_LOOK,
    )
    known = {tuple(row) for row in connection.execute(lately)}
    return [look for look in looks if (look.subject, look.act, look.reference) not in known]


def write(connection: Connection, looks: Sequence[Look]) -> None:
    """Write looks of one of the staff down, in the transaction of what they do."""
    found = new_ones(connection, looks)
    if found:
        connection.execute(insert(staff_looks), [asdict(look) for look in found])


async def keep(database: Database, looks: Sequence[Look]) -> None:
    """As `write`, for a route that only reads; the write lock is taken for new looks alone."""
    found = await database.run(lambda db: new_ones(db, looks), write=False)
    if found:
        await database.run(lambda db: write(db, found))
