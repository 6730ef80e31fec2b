"""How the application reaches its office, and the worker that issues certificates beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, FastAPI, Request

from gateway.certificates import payments
from gateway.certificates.bounded import INSPECTOR
from gateway.certificates.issuing import Issuing
from gateway.certificates.letters import Lateness
from gateway.certificates.moving import JOB, LATE_JOB
from gateway.certificates.office import Office, office_of
from gateway.certificates.throttle import Throttle
from gateway.certificates.verification import Verifier
from gateway.database import Database
from gateway.jobs import Worker, working
from gateway.problems import Problem
from gateway.security import FRESH_SECONDS, Caller, resident


async def current_office(request: Request) -> Office:
    """The office of this application. Raises a 503 `Problem` where no keys are installed."""
    try:
        return await to_thread.run_sync(office_of, request.app)
    except OSError:
        raise Problem(503, "service-down", "Certificates are not served here now") from None


CurrentOffice = Annotated[Office, Depends(current_office)]


def verifier_of(office: Office, database: Database) -> Verifier:
    """Checks by this office's roots and clock, files in a process with bounds."""
    return Verifier(
        database,
        office.authority.root.certificate,
        office.settings.clock,
        stamp_root=office.stamp_root,
        inspect=INSPECTOR,
    )


async def current_throttle(request: Request, office: CurrentOffice) -> Throttle:
    """What counts the checks of this application."""
    state = request.app.state
    if getattr(state, "certificate_throttle", None) is None:
        per_minute = office.configuration.checks_per_minute
        state.certificate_throttle = Throttle(per_minute, office.settings.relays)
    throttle: Throttle = state.certificate_throttle
    return throttle


CurrentThrottle = Annotated[Throttle, Depends(current_throttle)]
CertificateHolder = Annotated[Caller, Depends(resident(scope="certificates", acr="loa2"))]
FreshHolder = Annotated[
    Caller, Depends(resident(scope="certificates", acr="loa2", max_age=FRESH_SECONDS))
]
"""Who applies for a certificate, opens one or shows it: signed in just now."""


def worker_of(app: FastAPI) -> Worker:
    """A worker that issues certificates. Raises OSError where no keys are installed."""
    office, database = office_of(app), app.state.database
    signer = office.signer()
    handlers = {
        JOB: Issuing(database, office, signer).handle,
        LATE_JOB: Lateness(database, office, signer).handle,
        payments.UNPAID_JOB: payments.Unpaid(database, office.settings.clock).handle,
    }
    return Worker(database, handlers, office.settings.clock)


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
