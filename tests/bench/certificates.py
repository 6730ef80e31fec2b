"""Certificates: CPU time from an application to its signed file, and a drain with kill -9.

    python -m tests.bench.certificates --cost 20
    python -m tests.bench.certificates --drain 1000 [--postgres]

The drain puts so many applications on the office's desk and lets two worker processes take them,
one of which is killed again and again. In the end each application must have one certificate,
the numbers must run from 1 without gap or repeat, and every file must be in the register as it was
signed. Leases are waited for on a clock that runs faster. Ends with 1 when anything is amiss.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from gateway.certificates import applications, moving
from gateway.certificates.applications import Draft, Sender
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.issuing import Issuing
from gateway.certificates.office import Office, open_office
from gateway.certificates.people import SELF, Person
from gateway.certificates.tables import applications as table
from gateway.certificates.tables import certificates, history
from gateway.database import Database
from gateway.jobs import Worker, jobs
from gateway.registers.criminal_records import SandboxCriminalRecords
from gateway.registers.population import Resident, SandboxPopulation, sandbox_residents
from gateway.settings import Settings
from tests.bench.postgres_server import postgres_server
from tests.support.consents import agree_to_everything

SPEED = 20.0
"""How much faster the workers' clock runs: a lost lease ends after three seconds."""
WORKERS = 2
PROGRESS = (10, 160)
"""Between two kills the workers take so many steps of the applications."""
STATES = ["submitted", "received", "checking", "signing", "ready"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the workers find the city, and when its clock began."""

    folder: Path
    url: str
    began: float
    count: int

    def clock(self) -> datetime:
        """The city's time."""
        real = time.time()
        return datetime.fromtimestamp(self.began + (real - self.began) * SPEED, UTC)

    def office(self) -> Office:
        """An office whose register knows everybody who applies, and waits for nothing."""
        settings = Settings(self.folder, database_url=self.url, clock=self.clock)
        people = crowd(self.count)
        opened = open_office(settings, {"IHANOI_CERTIFICATE_STEP_SECONDS": "0"})
        return replace(
            opened,
            population=SandboxPopulation(people),
            register=SandboxCriminalRecords(lambda: False, people),
        )


def crowd(count: int) -> tuple[Resident, ...]:
    """So many invented residents."""
    [model] = [one for one in sandbox_residents() if one.key == "nguyen-minh-anh"]
    return tuple(
        replace(model, subject=f"crowd-{n}", key=f"crowd-{n}", cccd=f"0019{n:08d}")
        for n in range(count)
    )


def fill(database: Database, office: Office, count: int, first: int = 0) -> None:
    """So many residents apply, from that one on."""
    draft = Draft(1, "employment", "electronic", None)
    people = crowd(first + count)[first:]
    database.run_here(lambda db: agree_to_everything(db, [one.subject for one in people]))
    for resident in people:
        sender = Sender(resident, Person(resident, SELF))
        database.run_here(
            lambda db, sender=sender: applications.submit(  # type: ignore[misc]
                db, office, sender, draft, office.settings.clock()
            )
        )


async def cost(count: int, folder: Path) -> float:
    """CPU seconds of an application from submitted to ready, without its archive timestamp: the
    mean of so many, after one that loads what all need.
    """
    plan = Plan(folder, f"sqlite:///{folder / 'cost.sqlite3'}", time.time(), count + 1)
    database, opened = Database(plan.url), plan.office()
    office = replace(opened, configuration=replace(opened.configuration, archive=False))
    database.migrate()
    worker = Worker(database, {moving.JOB: Issuing(database, office).handle}, plan.clock)
    fill(database, office, 1)
    await worker.run_due()
    began = time.process_time()
    fill(database, office, count, first=1)
    await worker.run_due()
    spent = (time.process_time() - began) / count
    done = database.run_here(lambda db: db.scalar(select(func.count()).select_from(certificates)))
    assert done == count + 1, f"{done} of {count + 1} were issued"
    database.close()
    return spent


def drain(count: int, url: str, folder: Path, seed: int = 7) -> tuple[list[str], dict[str, Any]]:
    """What is amiss after a drain with killed workers, and what happened."""
    plan = Plan(folder, url, time.time(), count)
    database, office, chance = Database(url), plan.office(), random.Random(seed)
    database.migrate()
    fill(database, office, count)
    began, killed = time.monotonic(), 0
    workers = [_worker(plan) for _ in range(WORKERS)]
    try:
        while _left(database):
            _wait_for_steps(database, chance.randrange(*PROGRESS))
            index = chance.randrange(WORKERS)
            if _left(database) and workers[index].poll() is None:
                workers[index].kill()
                workers[index].wait()
                killed += 1
            workers = [one if one.poll() is None else _worker(plan) for one in workers]
    finally:
        for one in workers:
            one.kill()
            one.wait()
    happened: dict[str, Any] = {"killed": killed, "seconds": round(time.monotonic() - began, 1)}
    amiss = _amiss(database, office, count)
    happened["archived"] = database.run_here(
        lambda db: db.scalar(select(func.count()).where(certificates.c.archive_sha256.is_not(None)))
    )
    database.close()
    return amiss, happened


def _wait_for_steps(database: Database, steps: int) -> None:
    """Until the workers have taken so many steps, or have nothing left to do, or stand still."""
    states = select(func.count()).select_from(history)
    before, until = database.run_here(lambda db: db.scalar(states)) or 0, time.monotonic() + 60
    while _left(database) and time.monotonic() < until:
        time.sleep(0.1)
        if (database.run_here(lambda db: db.scalar(states)) or 0) - before >= steps:
            return


def _worker(plan: Plan) -> subprocess.Popen[bytes]:
    told = [str(plan.folder), plan.url, repr(plan.began), str(plan.count)]
    return subprocess.Popen([sys.executable, "-m", "tests.bench.certificates", "--worker", *told])


def _left(database: Database) -> int:
    """Jobs without a result; deadlines of days to come are none."""
    left = select(func.count()).where(jobs.c.kind == moving.JOB)
    return database.run_here(lambda db: db.scalar(left)) or 0


def _amiss(database: Database, office: Office, count: int) -> list[str]:
    """Everything that is not as it must be."""

    def read(db: Any) -> tuple[list[Any], list[Any], list[Any]]:
        rows = db.execute(select(certificates)).all()
        return rows, db.execute(select(table)).all(), db.execute(select(history)).all()

    rows, applied, states = database.run_here(read)
    found = []
    numbers = sorted(int(row.number.rpartition("-")[2]) for row in rows)
    if numbers != list(range(1, count + 1)):
        found.append("the numbers have gaps or repeats")
    if {row.application_id for row in rows} != {row.application_id for row in applied}:
        found.append("an application has no certificate")
    if Counter(row.status for row in applied) != Counter({"ready": count}):
        found.append("an application is not ready")
    seen: dict[str, list[str]] = {}
    for state in sorted(states, key=lambda one: (one.application_id, one.position)):
        seen.setdefault(state.application_id, []).append(state.status)
    if any(each != STATES for each in seen.values()):
        found.append("a state was entered twice, or left out")
    root, at = office.authority.root.certificate, office.settings.clock() + timedelta(seconds=1)
    sample = random.Random(1).sample(rows, min(count, 50))
    if any(inspect(bytes(row.document), root, at).finding is not Finding.WHOLE for row in sample):
        found.append("a file is not as it was signed")
    return found


async def work(plan: Plan) -> None:
    """What a worker process does until it is killed."""
    database, office = Database(plan.url), plan.office()
    handle: Callable[..., Any] = Issuing(database, office).handle
    await Worker(database, {moving.JOB: handle}, plan.clock).run()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cost", type=int, default=0)
    parser.add_argument("--drain", type=int, default=0)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--worker", nargs=4)
    asked = parser.parse_args()
    if asked.worker:
        folder, url, began, count = asked.worker
        asyncio.run(work(Plan(Path(folder), url, float(began), int(count))))
        return 0
    amiss: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ihanoi-certificates-") as name:
        folder = Path(name)
        if asked.cost:
            spent = asyncio.run(cost(asked.cost, folder))
            print(f"application to signed file: {spent * 1000:.0f} ms of CPU, mean of {asked.cost}")
        if asked.drain:
            server = postgres_server("drain") if asked.postgres else nullcontext([""])
            with server as [url]:
                address = url or f"sqlite:///{folder / 'drain.sqlite3'}"
                amiss, happened = drain(asked.drain, address, folder)
            print(f"{asked.drain} applications drained: {happened}")
            print("\n".join(amiss) or "each one once, numbers without gap or repeat, nothing lost")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
