"""The staff's operations under /support/v1/desk, with the scope `support`: agents open bundles by code and answer;
a supervisor reads the log of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection

from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import Problem, not_found
from gateway.security import Caller, resident
from gateway.settings import Settings
from gateway.support import answering, viewing, wire
from gateway.support.personas import names
from gateway.support.routes import store_of
from gateway.support.staff import Staff, staff_of

router = APIRouter(prefix="/support/v1/desk", tags=["Support"])

Act = Callable[[Connection, answering.Opened], None]


async def agent(
    caller: Annotated[Caller, Depends(resident("support", role="support"))],
    settings: CurrentSettings,
) -> Staff:
    """The support agent who calls. Raises a 403 `Problem`."""
    return staff_of(caller, settings)


Agent = Annotated[Staff, Depends(agent)]
Supervisor = Annotated[Caller, Depends(resident("support", role="supervisor"))]


@router.get("/cases")
async def list_cases(
    staff: Agent,
    settings: CurrentSettings,
    database: CurrentDatabase,
    state: Annotated[Literal["open", "closed"], Query()] = "open",
) -> wire.Cases:
    """What residents sent, without what they wrote and without whose it is; opening one needs its code
    and a purpose.
    """

    def found(db: Connection) -> wire.Cases:
        rows = answering.waiting(db, state)
        return wire.Cases(cases=viewing.summaries(db, rows, settings.clock()))

    return await database.run(found, write=False)


@router.post("/openings", status_code=201)
async def open_case(
    body: wire.OpeningBody, staff: Agent, settings: CurrentSettings, database: CurrentDatabase
) -> wire.OpenedCase:
    """Open a bundle by its code for a purpose: logged, and its resident is told."""
    now, rules = settings.clock(), settings.support
    opening_id = await database.run(
        lambda db: answering.open_case(db, staff, body.code, body.purpose, rules, now)
    )
    if opening_id is None:
        raise Problem(404, "no-such-support-code", "There is no bundle with this code")
    return await _read(database, settings, staff, opening_id)


@router.get("/openings/{opening_id}")
async def get_opened(
    opening_id: str, staff: Agent, settings: CurrentSettings, database: CurrentDatabase
) -> wire.OpenedCase:
    """What this agent has open."""
    return await _read(database, settings, staff, opening_id)


@router.get(
    "/openings/{opening_id}/bundle",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def get_bundle(
    request: Request,
    opening_id: str,
    staff: Agent,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The file, for a replay; logged."""
    now, rules = settings.clock(), settings.support

    def work(db: Connection) -> str:
        it = answering.opened(db, staff, opening_id, rules, now)
        return answering.download(db, staff, it, now)

    case_id = await database.run(work)
    try:
        data = await to_thread.run_sync(store_of(request).get_bundle, case_id)
    except FileNotFoundError:
        raise not_found() from None
    # It is somebody else's file: it is saved, and never opened as a page of ours.
    headers = {
        "Content-Disposition": 'attachment; filename="support-bundle.zip"',
        "Content-Security-Policy": "sandbox",
    }
    return Response(data, media_type="application/zip", headers=headers)


@router.post("/openings/{opening_id}/answers", status_code=201)
async def answer(
    opening_id: str,
    body: wire.MessageBody,
    staff: Agent,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> wire.OpenedCase:
    """Write to the resident; once for each Idempotency-Key."""
    now = settings.clock()
    attempt = Attempt(staff.subject, key, body_hash("support.answer", opening_id, body.text), now)

    def act(db: Connection, it: answering.Opened) -> None:
        once(db, attempt, lambda: answering.answer(db, staff, it, body.text, now))

    return await _act(database, settings, staff, opening_id, act)


@router.post("/openings/{opening_id}/engineers")
async def hand_over(
    opening_id: str,
    body: wire.NothingBody,
    staff: Agent,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> wire.OpenedCase:
    """Hand the bundle to the engineers. Twice is once."""

    def act(db: Connection, it: answering.Opened) -> None:
        answering.hand_over(db, staff, it, settings.clock())

    return await _act(database, settings, staff, opening_id, act)


@router.get("/log")
async def get_log(
    caller: Supervisor,
    settings: CurrentSettings,
    database: CurrentDatabase,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> wire.Log:
    """Who of the staff opened what and why, newest first."""
    rows = await database.run(lambda db: answering.log(db, before), write=False)
    more = rows[-1].entry_id if len(rows) == answering.MOST else 0
    sandbox = names() if settings.sandbox else {}
    return wire.Log(entries=[wire.log_entry(row, sandbox) for row in rows], before=more)


async def _act(
    database: Database, settings: Settings, staff: Staff, opening_id: str, act: Act
) -> wire.OpenedCase:
    now = settings.clock()
    await database.run(
        lambda db: act(db, answering.opened(db, staff, opening_id, settings.support, now))
    )
    return await _read(database, settings, staff, opening_id)


async def _read(
    database: Database, settings: Settings, staff: Staff, opening_id: str
) -> wire.OpenedCase:
    now = settings.clock()

    def found(db: Connection) -> wire.OpenedCase:
        it = answering.opened(db, staff, opening_id, settings.support, now)
        whole = viewing.whole(db, it.case, now)
        return wire.OpenedCase(**whole, opening_id=opening_id, opening_ends=wire.local(it.ends))

    return await database.run(found, write=False)
