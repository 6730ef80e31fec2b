"""What reading costs in a large city: `python -m tests.bench.reports` compares it with a small one.

Each read is a request over the gateway, asked of both cities in turn. On SQLite the steps of its
virtual machine are counted and CPU time is measured; on PostgreSQL (`--postgres`) the time that
passes. Aim: nothing costs more than three times as much. Ends with 1 when something does.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics as figures
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from gateway.database import Database
from tests.bench.city_of_reports import fill
from tests.bench.postgres_server import postgres_server
from tests.bench.report_reads import READS, Read, Reading, reading, settings_of, statements

SMALL = 10_000
AIM = 3.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one read costs in one city: steps of SQLite's machine (0 elsewhere), milliseconds, SQL
    statements, and bytes of the answer.
    """

    steps: int
    ms: float
    statements: int
    size: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A read in the small city and in the large one."""

    read: Read
    small: Cost
    large: Cost

    @property
    def worst(self) -> float:
        """The larger of the ratios of steps and of time."""
        steps = self.large.steps / self.small.steps if self.small.steps else 0.0
        return max(steps, self.large.ms / self.small.ms)

    def __str__(self) -> str:
        """One line of the table."""
        small, large = self.small, self.large
        steps = "                      "
        if small.steps:
            steps = f"{small.steps:8} {large.steps:8} {large.steps / small.steps:4.1f}x"
        return (
            f"{self.read.name:34} {small.size / 1000:7.1f} {large.size / 1000:7.1f} kB"
            f" {large.statements:2} SQL  {steps}"
            f"  {small.ms:7.2f} {large.ms:7.2f} ms {large.ms / small.ms:4.1f}x"
        )


async def compare(small: Reading, large: Reading, rounds: int, only: str) -> list[Compared]:
    """Every read in both cities, in turn, so that a busy machine slows both alike."""
    found = []
    for read in (read for read in READS if only in read.name):
        counts = [await _counted(city, read) for city in (small, large)]
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for city, kept in zip((small, large), times, strict=True):
                kept.append(await _timed(city, read))
        costs = [
            Cost(steps, figures.median(kept), sent, size)
            for (steps, sent, size), kept in zip(counts, times, strict=True)
        ]
        found.append(Compared(read, *costs))
        print(found[-1], flush=True)
    return found


async def _timed(city: Reading, read: Read) -> float:
    clock = time.process_time_ns if _is_sqlite(city) else time.perf_counter_ns
    before = clock()
    await city.get(read)
    return (clock() - before) / 1e6


async def _counted(city: Reading, read: Read) -> tuple[int, int, int]:
    """Steps, statements and bytes; the least of some, for the worker looks for jobs meanwhile."""
    steps = []
    for _ in range(3):
        with statements(city.database.engine) as sent, steps_of(city.database) as counted:
            answer = await city.get(read)
        steps.append(counted())
    return min(steps), len(sent), len(answer.content)


@contextmanager
def steps_of(database: Database) -> Iterator[Callable[[], int]]:
    """Tells how many steps SQLite's virtual machine took while the block ran; 0 on PostgreSQL."""
    counted = 0

    def step() -> int:
        nonlocal counted
        counted += 1
        return 0

    def begin(connection: Any, *_more: Any) -> None:
        connection.set_progress_handler(step, 1)

    def end(connection: Any, *_more: Any) -> None:
        connection.set_progress_handler(None, 1)

    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "checkout", begin)
        event.listen(database.engine, "checkin", end)
    try:
        yield lambda: counted
    finally:
        if database.engine.dialect.name == "sqlite":
            event.remove(database.engine, "checkout", begin)
            event.remove(database.engine, "checkin", end)


def _is_sqlite(city: Reading) -> bool:
    return city.database.engine.dialect.name == "sqlite"


def made(folder: Path, url: str, reports: int) -> str:
    """The address of a database with that many reports, made now unless it is there already."""
    database = Database(url)
    database.migrate()
    with database.transaction(write=False) as connection:
        is_there = connection.exec_driver_sql("SELECT count(*) FROM service_request_numbers")
        is_filled = bool(is_there.scalar())
    database.close()
    if not is_filled:
        began = time.perf_counter()
        fill(url, reports, settings_of(folder, url))
        print(f"{reports} reports made in {time.perf_counter() - began:.0f} s", flush=True)
    return url


async def run(folder: Path, urls: tuple[str, str], rounds: int, only: str) -> bool:
    """Print the table; returns whether every read is within the aim."""
    async with (
        reading(settings_of(folder, urls[0]), beside=True) as small,
        reading(settings_of(folder, urls[1]), beside=True) as large,
    ):
        found = await compare(small, large, rounds, only)
    worst = max(found, key=lambda one: one.worst)
    print(f"Most: {worst.worst:.1f}x, {worst.read.name} (aim: {AIM:.0f}x)")
    return worst.worst <= AIM


def main() -> int:
    """Make the cities, or find them in `--folder`, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="reads whose names hold this")
    parser.add_argument("--folder", type=Path, help="keeps the databases for the next time")
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ihanoi-bench-", ignore_cleanup_errors=True) as made_up:
        folder = asked.folder or Path(made_up)
        sizes = (SMALL, asked.reports)
        print(f"SQLite: {SMALL} and {asked.reports} reports; steps and CPU time of each request")
        files = [folder / f"reports-{size}.sqlite3" for size in sizes]
        small, large = (
            made(folder, f"sqlite:///{file}", size) for file, size in zip(files, sizes, strict=True)
        )
        is_well = asyncio.run(run(folder, (small, large), asked.rounds, asked.only))
        if asked.postgres:
            print(f"PostgreSQL: {SMALL} and {asked.reports} reports; time of each request")
            with postgres_server(*(f"reports_{size}" for size in sizes)) as urls:
                small, large = (
                    made(folder, url, size) for url, size in zip(urls, sizes, strict=True)
                )
                is_well &= asyncio.run(run(folder, (small, large), asked.rounds, asked.only))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
