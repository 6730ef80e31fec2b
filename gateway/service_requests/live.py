"""Waiting for a change without asking again and again: a long poll that holds neither a thread
nor a database connection.

One task a process looks for new rows in `changes`, once a second and at once when told to, and
only while somebody waits; it wakes those whom a change concerns.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, Select, func, or_, select

from gateway.database import Database
from gateway.service_requests.handling_tables import changes, follows
from gateway.service_requests.tables import service_requests

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LONGEST_WAIT = 75.0
LAST = 2**31 - 1
"""The greatest number a change can have."""
MOST = 200
"""The most reports one answer names; the cursor stands after the last of them."""


@dataclass(frozen=True, slots=True)
class Interest:
    """Whose changes are waited for: a resident's, and for an officer those of an agency, or of
    `every` one.
    """

    subject: str = field(repr=False)
    agency_code: str | None = None
    every: bool = False


@dataclass(eq=False, slots=True)
class _Waiter:
    interest: Interest
    woken: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _News:
    """Whom the newest changes concern."""

    last: int
    subjects: frozenset[str]
    agencies: frozenset[str]

    def concerns(self, interest: Interest) -> bool:
        of_agency = interest.agency_code is not None and interest.agency_code in self.agencies
        return interest.every or of_agency or interest.subject in self.subjects


class Live:
    """Everybody who waits in this process, and the one task that looks for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiters: set[_Waiter] = set()
        self._nudged = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiters)

    def nudge(self) -> None:
        """Look at once: a change was committed in this process. Call it from the event loop."""
        self._nudged.set()

    async def wait(self, interest: Interest, cursor: int, seconds: float) -> bool:
        """Until a change after `cursor` may concern that caller: True, or the time is over: False.

        The caller has read up to `cursor`, which is looked at again once they are on the list.
        """
        with self._waiting(interest) as waiter:
            self._start(cursor)
            with suppress(TimeoutError):
                await asyncio.wait_for(waiter.woken.wait(), seconds)
            return waiter.woken.is_set()

    @contextmanager
    def _waiting(self, interest: Interest) -> Iterator[_Waiter]:
        waiter = _Waiter(interest)
        self._waiters.add(waiter)
        try:
            yield waiter
        finally:
            self._waiters.discard(waiter)
            self._nudged.set()  # The task ends when nobody is left.

    def _start(self, cursor: int) -> None:
        """Begin to look after that cursor, or go back to it: a caller may have read less."""
        if self._task is None or self._task.done():
            self._last = cursor
            self._task = asyncio.create_task(self._look())
        elif cursor < self._last:
            self._last = cursor
            self._nudged.set()

    async def _look(self) -> None:
        while self._waiters:
            try:
                seen = self._last
                news = await self._database.run(partial(_news, cursor=seen), write=False)
            except Exception as error:  # A database that is away is waited for.
                log.error("changes_unread %s", type(error).__name__)
            else:
                if news is not None:
                    if self._last == seen:  # Else somebody who has read less came meanwhile.
                        self._last = news.last
                    for waiter in self._waiters:
                        if news.concerns(waiter.interest):
                            waiter.woken.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), POLL_SECONDS)
            self._nudged.clear()


def _news(connection: Connection, cursor: int) -> _News | None:
    columns = (changes.c.seq, changes.c.service_request_id, changes.c.agency_code)
    rows = connection.execute(select(*columns).where(changes.c.seq > cursor)).all()
    if not rows:
        return None
    ids = {row.service_request_id for row in rows}
    owners = select(service_requests.c.subject, service_requests.c.agency_code).where(
        service_requests.c.service_request_id.in_(ids)
    )
    found = connection.execute(owners).all()
    following = select(follows.c.subject).where(follows.c.service_request_id.in_(ids))
    return _News(
        max(row.seq for row in rows),
        frozenset({row.subject for row in found} | set(connection.scalars(following))),
        frozenset({row.agency_code for row in (*found, *rows)}),
    )


def newest(connection: Connection) -> int:
    """The number of the newest change, 0 before the first."""
    return connection.scalar(select(func.max(changes.c.seq))) or 0


def changed_for(connection: Connection, interest: Interest, cursor: int) -> tuple[list[str], int]:
    """The reports of that caller that changed after `cursor`, and the cursor after them."""
    last = newest(connection)
    after = _concerning(interest).where(changes.c.seq > cursor)
    rows = connection.execute(after.order_by(changes.c.seq).limit(MOST)).all()
    if len(rows) == MOST:
        last = rows[-1].seq
    return list(dict.fromkeys(row.service_request_id for row in rows)), last


def _concerning(interest: Interest) -> Select[tuple[int, str]]:
    """The changes of that caller; a resident's are found by their reports, however many changes
    there were since.
    """
    columns, found = service_requests.c, changes.c.service_request_id
    wanted = select(changes.c.seq, found)
    if interest.every:
        return wanted
    own = select(columns.service_request_id).where(columns.subject == interest.subject)
    followed = select(follows.c.service_request_id).where(follows.c.subject == interest.subject)
    mine = found.in_(own.union_all(followed))
    if interest.agency_code is None:
        return wanted.where(mine)
    code = interest.agency_code
    joined = wanted.join(service_requests, columns.service_request_id == found)
    return joined.where(or_(mine, columns.agency_code == code, changes.c.agency_code == code))
