"""The agency's own desk: officers of a police agency look, ask, decide, refuse and revoke."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection, Row, select

from gateway import jobs
from gateway.access_log.looks import Look, keep, write
from gateway.certificates import applications, bodies, messages, moving, payments, registering
from gateway.certificates.moving import OFFICER
from gateway.certificates.office import Office
from gateway.certificates.serving import CurrentOffice
from gateway.certificates.surroundings import as_json
from gateway.certificates.tables import IN_PROCESS
from gateway.certificates.tables import applications as table
from gateway.dependencies import CurrentDatabase
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import Problem, not_found, reference_of
from gateway.security import Caller, resident
from gateway.service_requests.agencies import agencies
from gateway.service_requests.officers import officers

router = APIRouter(prefix="/certificates/v1/office", tags=["certificates"])

POLICE = ("city-police", "police-")
MOST = 200


async def officer_of(
    caller: Annotated[Caller, Depends(resident(scope="desk", role="officer", acr="loa2"))],
    office: CurrentOffice,
) -> Caller:
    """An officer of a police agency. Raises a 403 `Problem` for every other."""
    found = officers(office.settings).get(caller.subject)
    if found is None or not found.agency_code.startswith(POLICE):
        raise Problem(403, "no-agency", "This officer's agency does not issue certificates")
    return caller


AtOffice = Annotated[Caller, Depends(officer_of)]


@dataclass(frozen=True, slots=True)
class AtWork:
    """An officer's request, as the people an application is about read of it."""

    subject: str = field(repr=False)
    office: Office
    request_id: str = ""

    def looks(self, row: Row[Any], act: str) -> list[Look]:
        """A line for who applied, and one for their child where it is about that child."""
        settings = self.office.settings
        known = officers(settings)[self.subject]
        office = agencies(settings).name_of(known.agency_code)
        names, now = (known.subject, known.name, office), settings.clock()
        about = sorted({row.subject, row.person or row.subject})
        of = row.application_id
        return [Look(one, *names, "certificates", act, of, now, self.request_id) for one in about]


@router.get("/applications")
async def list_waiting(
    request: Request,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
    note: Annotated[Literal["needs_look", "answer_needed", "question", "late", ""], Query()] = "",
) -> list[dict[str, Any]]:
    """Applications in process, the one that is due first before the others."""
    now = office.settings.clock().timestamp()
    waiting = select(table.c.application_id).where(table.c.status.in_(IN_PROCESS))
    if note in {"needs_look", "answer_needed"}:
        waiting = waiting.where(table.c.note == note)
    if note == "late":
        waiting = waiting.where(table.c.due_at < now)

    def found(db: Connection) -> list[Row[Any]]:
        ids = db.scalars(waiting.order_by(table.c.due_at).limit(MOST)).all()
        shown = [one for one in ids if note != "question" or messages.awaits_agency(db, one)]
        return [_get(db, one) for one in shown]

    rows = await database.run(found, write=False)
    at_work = AtWork(officer.subject, office, reference_of(request))
    await keep(database, [look for row in rows for look in at_work.looks(row, "listed")])
    return await database.run(lambda db: [as_json(db, row, office) for row in rows], write=False)


@router.get("/applications/{application_id}")
async def get_waiting(
    request: Request,
    application_id: str,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """One application; the people it is about can read that it was opened."""
    row = await database.run(lambda db: _get(db, application_id), write=False)
    await keep(
        database, AtWork(officer.subject, office, reference_of(request)).looks(row, "opened")
    )
    return await database.run(lambda db: as_json(db, row, office), write=False)


@router.post("/applications/{application_id}/messages", status_code=201)
async def write_as_officer(
    application_id: str,
    body: bodies.OfficerMessageBody,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Answer the resident, or ask them something, for which the application then waits."""
    at = office.settings.clock()

    def act(db: Connection) -> None:
        found = _get(db, application_id)
        messages.write_as_authority(db, found, body.kind, body.text, at)

    attempt = _attempt("ask", officer, office, key, application_id, body.model_dump())
    return await database.run(lambda db: _done(db, application_id, office, attempt, act))


@router.post("/applications/{application_id}/decide")
async def decide(
    application_id: str,
    body: bodies.DecisionBody,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Decide about a record that needed a look: it is clear, or it is as the register has it."""
    at = office.settings.clock()

    def act(db: Connection) -> None:
        _get(db, application_id)
        if not moving.decide(db, application_id, body.result):
            raise _decided()
        jobs.hasten(db, moving.JOB, application_id, at.timestamp())

    attempt = _attempt("decide", officer, office, key, application_id, body.result)
    return await database.run(lambda db: _done(db, application_id, office, attempt, act))


@router.post("/applications/{application_id}/refuse")
async def refuse(
    application_id: str,
    body: bodies.RefusalBody,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Refuse an application with a coded reason, before it is signed."""
    at = office.settings.clock()

    def act(db: Connection) -> None:
        _get(db, application_id)
        for before in ("submitted", "received", "checking"):
            given = db, application_id, before, "refused", at
            if moving.advance(*given, actor=OFFICER, reason=body.reason, refusal_text=body.text):
                for kind in (moving.JOB, moving.LATE_JOB, payments.UNPAID_JOB):
                    jobs.drop(db, kind, application_id)
                return
        raise _decided()

    attempt = _attempt("refuse", officer, office, key, application_id, body.model_dump())
    return await database.run(lambda db: _done(db, application_id, office, attempt, act))


@router.post("/certificates/{number}/revoke", status_code=204)
async def revoke(
    number: str,
    body: bodies.RevocationBody,
    officer: AtOffice,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> None:
    """Take a certificate's force away; the status list, /verify and the resident see it at once."""
    at = office.settings.clock()
    attempt = _attempt("revoke", officer, office, key, number, body.reason)

    def act(db: Connection) -> None:
        if not registering.revoke(db, number, body.reason, at):
            raise not_found()
        of = db.scalars(select(table.c.application_id).where(table.c.number == number)).one()
        write(db, AtWork(officer.subject, office).looks(_get(db, of), "handled"))

    await database.run(lambda db: once(db, attempt, lambda: act(db)))


def _get(db: Connection, application_id: str) -> Row[Any]:
    found = applications.get(db, application_id)
    if found is None:
        raise not_found()
    return found


def _attempt(
    operation: str, officer: Caller, office: Office, key: str | None, *parts: Any
) -> Attempt:
    asked = body_hash(f"certificates.office.{operation}", *parts)
    return Attempt(officer.subject, key, asked, office.settings.clock())


def _done(
    db: Connection, application_id: str, office: Office, attempt: Attempt, act: Any
) -> dict[str, Any]:
    once(db, attempt, lambda: act(db))
    row = _get(db, application_id)
    write(db, AtWork(attempt.subject, office).looks(row, "handled"))
    return as_json(db, row, office)


def _decided() -> Problem:
    return Problem(409, "not-undecided", "Nothing is undecided about this application")
