"""The extension beside GeoReport for residents: their own reports, what they may do with them,
changes as they happen, and the inbox. `docs/reports-extension.md` has each operation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy import Connection, Row
from starlette.responses import JSONResponse, Response

from gateway.conditional import json_answer
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.security import Caller, resident
from gateway.service_requests import notices, records
from gateway.service_requests import report_answers as wire
from gateway.service_requests import resident_acts as acts
from gateway.service_requests.live import LAST, LONGEST_WAIT
from gateway.service_requests.moving import Scene
from gateway.service_requests.reading import followed_by, own, show_one, timeline, visible
from gateway.service_requests.viewing import Viewer, shown
from gateway.service_requests.watching import interest_of, live_of, wait_for_changes

router = APIRouter(prefix="/reports", tags=["Reports"])

Reporter = Annotated[Caller, Depends(resident(scope="reports"))]
B = TypeVar("B", bound=acts.Body)


class NoticeIds(acts.Body):
    """Which lines of the inbox have been read."""

    notice_ids: Annotated[
        list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]], Field(min_length=1, max_length=500)
    ]


@router.get("/mine", response_model=list[wire.ServiceRequest])
async def list_mine(
    request: Request, caller: Reporter, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """The resident's own reports, newest first; 304 when nothing has changed."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = records.list_mine(connection, caller.subject)
        return shown(connection, rows, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


@router.get("/followed", response_model=list[wire.ServiceRequest])
async def list_followed(
    request: Request, caller: Reporter, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """The reports the resident follows, the newest follow first."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = followed_by(connection, caller.subject)
        return shown(connection, rows, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


@router.get("/changes", response_model=wire.Changes)
async def wait(
    request: Request,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
    since: Annotated[str, Query(pattern=r"^[0-9]{0,15}$")] = "",
    seconds: Annotated[float, Query(alias="wait", ge=0, le=LONGEST_WAIT)] = 0,
) -> Response:
    """What changed after the cursor `since`; waits up to `wait` seconds until something does."""
    interest = interest_of(caller, settings)
    cursor = min(int(since), LAST) if since else None
    found = await wait_for_changes(live_of(request), database, interest, cursor, seconds)
    return JSONResponse(found.model_dump(mode="json"))


@router.get("/inbox", response_model=list[wire.Notice])
async def show_inbox(request: Request, caller: Reporter, database: CurrentDatabase) -> Response:
    """The resident's own notices, newest first."""
    found = await database.run(lambda db: notices.inbox(db, caller.subject), write=False)
    return json_answer(request, found)


@router.post("/inbox/read", status_code=204)
async def mark_read(
    caller: Reporter, settings: CurrentSettings, database: CurrentDatabase, body: NoticeIds
) -> Response:
    """Mark notices as read; those that are not the resident's own are left alone."""
    moment = settings.clock()
    await database.run(lambda db: notices.mark_read(db, caller.subject, body.notice_ids, moment))
    return Response(status_code=204)


@router.get("/{service_request_id}", response_model=wire.ServiceRequest)
async def show(
    request: Request,
    service_request_id: str,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """A report that is the resident's own, followed by them, or public."""

    def read(connection: Connection) -> dict[str, Any]:
        row = visible(connection, caller.subject, service_request_id)
        return show_one(connection, row, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


@router.get("/{service_request_id}/updates", response_model=list[wire.UpdateEntry])
async def list_updates(
    request: Request,
    service_request_id: str,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The timeline of a report the resident may see, oldest first."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        row = visible(connection, caller.subject, service_request_id)
        return timeline(connection, row, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


def _act(name: str, model: type[B], work: Callable[[Scene, Row[Any], B], None]) -> None:
    """Serve one act of the resident at `/{service_request_id}/name`."""

    async def endpoint(
        request: Request,
        service_request_id: str,
        caller: Reporter,
        settings: CurrentSettings,
        database: CurrentDatabase,
        key: IdempotencyKey,
        body: Any,
    ) -> Response:
        hashed = body_hash(f"reports.{name}", service_request_id, body.model_dump())
        attempt = Attempt(caller.subject, key, hashed, settings.clock())

        def write(connection: Connection) -> tuple[Any, bool]:
            def act() -> dict[str, Any]:
                row = own(connection, caller.subject, service_request_id, lock=True)
                work(Scene(connection, settings, attempt.now), row, body)
                changed = own(connection, caller.subject, service_request_id)
                return show_one(connection, changed, Viewer(settings, caller.subject))

            return once(connection, attempt, act)

        answer, is_repeated = await database.run(write)
        live_of(request).nudge()
        headers = {"Idempotency-Replayed": "true"} if is_repeated else None
        return JSONResponse(answer, headers=headers)

    endpoint.__annotations__["body"] = model  # What FastAPI reads the body with.
    router.add_api_route(
        f"/{{service_request_id}}/{name}",
        endpoint,
        methods=["POST"],
        name=name,
        description=work.__doc__,
        response_model=wire.ServiceRequest,
    )


_act("answer", acts.Answer, acts.answer)
_act("withdraw", acts.Nothing, acts.withdraw)
_act("reopen", acts.Reopening, acts.reopen)
_act("rate", acts.Rated, acts.rate)
_act("correct", acts.Correction, acts.correct)
