"""Taking one's data along under /privacy/exports: asked for, watched, fetched within a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row
from starlette.responses import Response, StreamingResponse

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.media_store import MediaStore
from gateway.privacy import exports
from gateway.privacy.erasure_routes import FreshResident, Id, Resident
from gateway.problems import Problem

router = APIRouter(prefix="/privacy", tags=["privacy"])

ZIP = "application/zip"
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}


class ExportBody(BaseModel):
    """In which language the readable page is written."""

    model_config = ConfigDict(strict=True, extra="forbid")

    language: Literal["vi", "en"]


class Export(BaseModel):
    """One export: `done` of `total` parts are written; its file is there from `ready` to `expires`."""

    export_id: str
    state: Literal["waiting", "ready", "failed"]
    done: int
    total: int
    created: datetime
    expires: datetime | None
    size: int | None
    sha256: str | None


@router.post("/exports", status_code=202)
async def begin(
    body: ExportBody, caller: FreshResident, settings: CurrentSettings, database: CurrentDatabase
) -> Export:
    """Have everything about the caller put together; asked again meanwhile it is the same one."""
    now = settings.clock()

    def work(db: Connection) -> Row[Any]:
        export_id = exports.ask(db, caller.subject, body.language, now)
        return exports.get_mine(db, caller.subject, export_id, now)

    return _shown(await database.run(work))


@router.get("/exports")
async def list_exports(
    caller: Resident, settings: CurrentSettings, database: CurrentDatabase
) -> list[Export]:
    """The caller's exports that are being made or can be fetched, the newest first."""
    now = settings.clock()
    rows = await database.run(lambda db: exports.list_mine(db, caller.subject, now), write=False)
    return [_shown(row) for row in rows]


@router.get("/exports/{export_id}")
async def get_export(
    export_id: Id, caller: Resident, settings: CurrentSettings, database: CurrentDatabase
) -> Export:
    """How far one of the caller's own exports is."""
    now = settings.clock()
    row = await database.run(
        lambda db: exports.get_mine(db, caller.subject, export_id, now), write=False
    )
    return _shown(row)


@router.get("/exports/{export_id}/file", response_class=Response, responses=_ANSWER)
async def fetch(
    request: Request,
    export_id: Id,
    caller: FreshResident,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The file of one of the caller's own exports, in parts."""
    now = settings.clock()
    row = await database.run(
        lambda db: exports.get_mine(db, caller.subject, export_id, now), write=False
    )
    size = exports.ready_of(row).size
    store = cast(MediaStore, request.app.state.media_store)
    headers = {
        "Content-Disposition": 'attachment; filename="ihanoi.zip"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    parts = await to_thread.run_sync(_open, store, export_id)
    return StreamingResponse(parts, media_type=ZIP, headers=headers)


def _open(store: MediaStore, export_id: str) -> Iterator[bytes]:
    try:
        return store.read_archive(export_id)
    except FileNotFoundError:
        raise Problem(410, "export-gone", "The file is not kept any more") from None


def _shown(row: Row[Any]) -> Export:
    return Export.model_validate(dict(row._mapping))
