"""Background work: one table of jobs with leases, so that a job outlives the process that began it.

A worker takes a due job for a limited time. It ends it, or puts it off; a worker that dies loses
its lease and another takes the job again. A handler may therefore run twice and must allow for it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Double,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from gateway.database import Database, metadata
from gateway.repeating import beside, repeat

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
POLL_SECONDS = 0.5
LONGEST_PAUSE = 600.0

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(64), nullable=False),
    Column("reference", String(255), nullable=False),
    Column("run_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease", String(64)),
    Column("leased_until", Double),
    UniqueConstraint("kind", "reference"),
    Index("ix_jobs_run_at", "run_at"),
)
"""What is still to do: times are Unix seconds; a finished job has no row."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as a worker holds it. `reference` is what it is about; `attempts` failed before."""

    job_id: int
    kind: str
    reference: str
    attempts: int
    lease: str


@dataclass(frozen=True, slots=True)
class Again:
    """A handler's answer: there is more to do, `seconds` from now; `failed` counts attempts."""

    seconds: float
    failed: bool = False


Handler = Callable[[Job], Awaitable[Again | None]]
"""Does one step of a job: None when the job is done. Whatever it raises puts the job off."""


def enqueue(connection: Connection, kind: str, reference: str, run_at: float) -> None:
    """Add a job in the caller's transaction; raises IntegrityError when it is already there."""
    connection.execute(insert(jobs).values(kind=kind, reference=reference, run_at=run_at))


def take(connection: Connection, kinds: tuple[str, ...], now: float) -> Job | None:
    """Lease the job that is due longest, or None; no other worker gets it until the lease ends."""
    due = select(jobs).where(*_due(kinds, now)).order_by(jobs.c.run_at).limit(1)
    found = connection.execute(due.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    lease = secrets.token_hex(16)
    held = update(jobs).where(jobs.c.job_id == found.job_id)
    connection.execute(held.values(lease=lease, leased_until=now + LEASE_SECONDS))
    return Job(found.job_id, found.kind, found.reference, found.attempts, lease)


def end(connection: Connection, job: Job) -> None:
    """Remove a finished job, unless its lease was lost."""
    connection.execute(delete(jobs).where(*_held(job)))


def put_off(connection: Connection, job: Job, run_at: float, *, failed: bool) -> None:
    """Give the job back for later, unless its lease was lost."""
    attempts = job.attempts + 1 if failed else 0
    later = update(jobs).where(*_held(job))
    connection.execute(
        later.values(run_at=run_at, attempts=attempts, lease=None, leased_until=None)
    )


def drop(connection: Connection, kind: str, reference: str) -> None:
    """Take a job away whose reason is gone; one that is not there is none to take away."""
    connection.execute(delete(jobs).where(jobs.c.kind == kind, jobs.c.reference == reference))


def hasten(connection: Connection, kind: str, reference: str, run_at: float) -> None:
    """Let a job run at that moment if it would come later: what it waited for has happened."""
    later = jobs.c.kind == kind, jobs.c.reference == reference, jobs.c.run_at > run_at
    connection.execute(update(jobs).where(*later).values(run_at=run_at))


def pause_after(attempts: int) -> float:
    """Seconds before the next try: 2, 4, 8 and so on, ten minutes at most."""
    return min(LONGEST_PAUSE, 2.0 ** min(attempts + 1, 16))


class Worker:
    """Runs due jobs one after another with the handler of their kind."""

    def __init__(
        self, database: Database, handlers: Mapping[str, Handler], clock: Callable[[], datetime]
    ) -> None:
        self._database, self._handlers, self._clock = database, dict(handlers), clock

    async def run_due(self) -> int:
        """Run every job that is due now; returns how many steps were taken."""
        steps = 0
        while await self._is_due() and await self._step():
            steps += 1
        return steps

    async def run(self) -> None:
        """Run jobs until cancelled. A database that is away is waited for."""
        await repeat(self.run_due, POLL_SECONDS, "jobs_halted")

    async def _is_due(self) -> bool:
        """Look without taking the write lock, which an idle worker must leave to others."""
        kinds, now = tuple(self._handlers), self._now()
        due = select(func.count()).select_from(jobs).where(*_due(kinds, now))
        return bool(await self._database.run(lambda db: db.scalar(due), write=False))

    async def _step(self) -> bool:
        kinds, now = tuple(self._handlers), self._now()
        job = await self._database.run(lambda db: take(db, kinds, now))
        if job is None:
            return False
        answer = await self._handle(job)
        if answer is None:
            await self._database.run(lambda db: end(db, job))
        else:
            due, failed = self._now() + answer.seconds, answer.failed
            await self._database.run(lambda db: put_off(db, job, due, failed=failed))
        return True

    async def _handle(self, job: Job) -> Again | None:
        try:
            return await self._handlers[job.kind](job)
        except Exception as error:  # One broken job must not hold up the others.
            log.error("job_failed %s %s", job.kind, type(error).__name__)
            return Again(pause_after(job.attempts), failed=True)

    def _now(self) -> float:
        return self._clock().timestamp()


def working(worker: Worker) -> AbstractAsyncContextManager[None]:
    """Run the worker beside whatever the block does, and stop it afterwards."""
    return beside(worker.run())


def _due(kinds: tuple[str, ...], now: float) -> tuple[ColumnElement[bool], ...]:
    free = or_(jobs.c.leased_until.is_(None), jobs.c.leased_until < now)
    return jobs.c.kind.in_(kinds), jobs.c.run_at <= now, free


def _held(job: Job) -> tuple[ColumnElement[bool], ...]:
    return jobs.c.job_id == job.job_id, jobs.c.lease == job.lease
