"""How the application reaches its office, and the worker that issues certificates beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, FastAPI, Request

from gateway.certificates.applications import JOB
from gateway.certificates.issuing import Issuing
from gateway.certificates.office import Office, office_of
from gateway.jobs import Worker, working
from gateway.problems import Problem


async def current_office(request: Request) -> Office:
    """The office of this application. Raises a 503 `Problem` where no keys are installed."""
    try:
        return await to_thread.run_sync(office_of, request.app)
    except OSError:
        raise Problem(503, "service-down", "Certificates are not served here now") from None


CurrentOffice = Annotated[Office, Depends(current_office)]


def worker_of(app: FastAPI) -> Worker:
    """A worker that issues certificates. Raises OSError where no keys are installed."""
    office, database = office_of(app), app.state.database
    issuing = Issuing(database, office)
    return Worker(database, {JOB: issuing.handle}, office.settings.clock)


@asynccontextmanager
async def background(app: FastAPI) -> AsyncIterator[None]:
    """Issue certificates while the block runs; what was under way before a restart goes on."""
    try:
        worker = await to_thread.run_sync(worker_of, app)
    except OSError:
        yield
        return
    async with working(worker):
        yield
