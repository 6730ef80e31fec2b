"""The sandbox's facility, which answers corrections beside the application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from gateway.database import Database
from gateway.health_people.corrections import JOB, answer_as_sandbox
from gateway.jobs import Again, Job, Worker, working
from gateway.settings import Settings


async def answer(job: Job, *, settings: Settings, database: Database) -> Again | None:
    """One step of the sandbox's facility; the next follows at its pace."""
    more = await database.run(lambda db: answer_as_sandbox(db, job.reference, settings.clock()))
    return Again(settings.correction_seconds) if more else None


def worker_of(app: FastAPI) -> Worker:
    """The worker that answers as the sandbox's facility."""
    settings, database = app.state.settings, app.state.database
    return Worker(
        database, {JOB: partial(answer, settings=settings, database=database)}, settings.clock
    )


@asynccontextmanager
async def background(app: FastAPI) -> AsyncIterator[None]:
    """Answer while the block runs; outside the sandbox nobody pretends to be a facility."""
    if not app.state.settings.sandbox:
        yield
        return
    async with working(worker_of(app)):
        yield
