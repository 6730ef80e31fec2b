"""The residents' operations under /support/v1: sending a bundle, its thread, deleting it."""

from __future__ import annotations

from typing import Annotated, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.media_store import MediaStore
from gateway.security import Caller, resident
from gateway.settings import Settings
from gateway.support import cases, receiving, viewing, wire

router = APIRouter(prefix="/support/v1", tags=["Support"])

Resident = Annotated[Caller, Depends(resident("reports"))]


@router.post(
    "/bundles", status_code=201, response_model=wire.WholeCase, openapi_extra=receiving.FORM
)
async def send(
    request: Request,
    response: Response,
    caller: Resident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> wire.WholeCase:
    """Take a bundle in and give its code; once for each Idempotency-Key."""
    sent = await receiving.read_sent(request, settings.support)
    attempt = Attempt(caller.subject, key, sent.body_hash(), settings.clock())
    keeping = receiving.Keeping(settings, database, store_of(request))
    code, is_repeated = await to_thread.run_sync(keeping.keep, sent, attempt)
    if is_repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return await _read(database, settings, caller, code)


@router.get("/cases")
async def list_cases(
    caller: Resident, settings: CurrentSettings, database: CurrentDatabase
) -> wire.Cases:
    """The caller's own bundles and threads, newest first."""

    def found(db: Connection) -> wire.Cases:
        mine = cases.list_mine(db, caller.subject)
        return wire.Cases(cases=viewing.summaries(db, mine, settings.clock()))

    return await database.run(found, write=False)


@router.get("/cases/{code}")
async def get_case(
    code: str, caller: Resident, settings: CurrentSettings, database: CurrentDatabase
) -> wire.WholeCase:
    """One of the caller's own, with its thread and who opened it."""
    return await _read(database, settings, caller, code)


@router.delete("/cases/{code}/bundle", status_code=204)
async def delete_bundle(
    request: Request,
    code: str,
    caller: Resident,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> None:
    """Delete one's own file at once; the thread stays. Twice is once."""
    now = settings.clock()
    case_id = await database.run(lambda db: cases.delete_bundle(db, caller.subject, code, now))
    await to_thread.run_sync(store_of(request).delete, case_id)


@router.post("/cases/{code}/messages", status_code=201)
async def write_message(
    code: str,
    body: wire.MessageBody,
    caller: Resident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> wire.WholeCase:
    """Write into one's own thread; once for each Idempotency-Key."""
    now = settings.clock()
    attempt = Attempt(caller.subject, key, body_hash("support.write", code, body.text), now)

    def work(db: Connection) -> None:
        def write() -> None:
            cases.write(db, caller.subject, code, body.text, settings.support, now)

        once(db, attempt, write)

    await database.run(work)
    return await _read(database, settings, caller, code)


@router.post("/cases/{code}/close")
async def close(
    code: str,
    body: wire.NothingBody,
    caller: Resident,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> wire.WholeCase:
    """Say that it is settled. Twice is once."""
    await database.run(lambda db: cases.close(db, caller.subject, code, settings.clock()))
    return await _read(database, settings, caller, code)


def store_of(request: Request) -> MediaStore:
    """Where the files lie."""
    return cast(MediaStore, request.app.state.media_store)


async def _read(
    database: Database, settings: Settings, caller: Caller, code: str
) -> wire.WholeCase:
    def found(db: Connection) -> wire.WholeCase:
        mine = cases.own(db, caller.subject, code)
        return wire.WholeCase(**viewing.whole(db, mine, settings.clock()))

    return await database.run(found, write=False)
