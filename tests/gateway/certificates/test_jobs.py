"""Background work with leases."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from gateway.database import Database
from gateway.jobs import (
    LEASE_SECONDS,
    Again,
    Job,
    Worker,
    end,
    enqueue,
    jobs,
    put_off,
    take,
    working,
)
from tests.gateway.certificates.conftest import Clock

pytestmark = pytest.mark.postgresql


def left(database: Database) -> int:
    return database.run_here(lambda db: db.scalar(select(func.count()).select_from(jobs))) or 0


def add(database: Database, count: int, run_at: float) -> None:
    with database.transaction() as connection:
        for number in range(count):
            enqueue(connection, "stamp", str(number), run_at)


async def test_four_workers_do_every_job_once(database: Database, clock: Clock) -> None:
    """Two processes share the work; no resident gets two certificates for it."""
    done: Counter[str] = Counter()

    async def stamp(job: Job) -> None:
        done[job.reference] += 1
        await asyncio.sleep(0)

    add(database, 40, clock.now.timestamp())
    workers = [Worker(database, {"stamp": stamp}, clock) for _ in range(4)]
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert left(database) == 0
    assert set(done.values()) == {1}
    assert len(done) == 40


def test_a_taken_job_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    """A worker that died must not keep a resident's application for ever."""
    add(database, 1, 100.0)
    first = database.run_here(lambda db: take(db, ("stamp",), 100.0))
    assert first is not None
    assert database.run_here(lambda db: take(db, ("stamp",), 100.0 + LEASE_SECONDS)) is None
    second = database.run_here(lambda db: take(db, ("stamp",), 101.0 + LEASE_SECONDS))
    assert second is not None
    database.run_here(lambda db: end(db, first))
    database.run_here(lambda db: put_off(db, first, 9999.0, failed=True))
    assert left(database) == 1
    database.run_here(lambda db: end(db, second))
    assert left(database) == 0


def test_work_for_later_and_of_another_kind_waits(database: Database) -> None:
    """A worker takes what is due and what it knows how to do."""
    add(database, 1, 200.0)
    assert database.run_here(lambda db: take(db, ("stamp",), 199.0)) is None
    assert database.run_here(lambda db: take(db, ("other",), 300.0)) is None


def test_one_thing_is_queued_once(database: Database) -> None:
    """Two jobs about one application would race each other."""
    add(database, 1, 0.0)
    with pytest.raises(IntegrityError):
        add(database, 1, 0.0)


async def test_a_failing_job_is_put_off_and_does_not_stop_the_others(
    database: Database, clock: Clock
) -> None:
    """One broken application, and everybody else's goes on."""
    done = []

    async def stamp(job: Job) -> None:
        if job.reference == "0":
            raise ValueError
        done.append(job.reference)

    add(database, 3, clock.now.timestamp())
    await Worker(database, {"stamp": stamp}, clock).run_due()
    assert sorted(done) == ["1", "2"]
    row = database.run_here(lambda db: db.execute(select(jobs)).one())
    assert (row.reference, row.attempts, row.lease) == ("0", 1, None)
    assert row.run_at == clock.now.timestamp() + 2


async def test_a_running_worker_goes_on_until_the_block_ends(
    database: Database, clock: Clock
) -> None:
    """The gateway's own worker starts with it and stops with it."""
    seen = asyncio.Event()

    async def stamp(job: Job) -> Again:
        seen.set()
        return Again(60)

    add(database, 1, clock.now.timestamp())
    worker = Worker(database, {"stamp": stamp}, clock)
    async with working(worker):
        await asyncio.wait_for(seen.wait(), 10)
    assert left(database) == 1
