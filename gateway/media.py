"""Photos and documents of reports over HTTP: for their resident, for the officers of the report,
and, once cleared, a copy for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection, Row, or_, select
from starlette.responses import Response

from gateway.access_log.looks import Look, keep
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.media_store import MediaStore
from gateway.problems import not_found, reference_of
from gateway.security import PUBLIC, Caller, resident
from gateway.service_requests.agencies import agencies
from gateway.service_requests.officers import officers
from gateway.service_requests.publicity import is_public
from gateway.service_requests.reading import desk_sees
from gateway.service_requests.tables import media, service_requests
from gateway.settings import Settings

router = APIRouter(prefix="/media", tags=["Media"])

_NAME = re.compile(r"([0-9a-f]{32})(?:\.jpg|\.pdf)?")
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
_ANY: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
_OF_REPORT = service_requests.c.service_request_id == media.c.service_request_id


def readable(
    connection: Connection, caller: Caller, settings: Settings, media_id: str
) -> Row[Any] | None:
    """What this caller may see of that id: their own upload, a photo or document of their own
    report, or for an officer one of their agency's reports.
    """
    may = [media.c.subject == caller.subject, service_requests.c.subject == caller.subject]
    officer = officers(settings).get(caller.subject) if "officer" in caller.roles else None
    if officer is not None and "desk" in caller.scopes:
        at_desk = desk_sees(officer, settings) & media.c.service_request_id.is_not(None)
        may.append(at_desk)
    wanted = (
        select(media, service_requests.c.subject.label("owner"), service_requests.c.submitter)
        .outerjoin(service_requests, _OF_REPORT)
        .where(media.c.media_id == media_id, or_(*may))
    )
    return connection.execute(wanted).one_or_none()


def is_cleared(connection: Connection, media_id: str) -> bool:
    """Whether everybody may see that photo: cleared, on a report everybody may see."""
    wanted = (
        select(media.c.media_id)
        .join(service_requests, _OF_REPORT)
        .where(media.c.media_id == media_id, media.c.cleared, is_public())
    )
    return connection.execute(wanted).one_or_none() is not None


@router.get(
    "/{media_id}/public.jpg", openapi_extra=PUBLIC, response_class=Response, responses=_JPEG
)
async def show_public(request: Request, media_id: str, database: CurrentDatabase) -> Response:
    """The photo as an officer cleared it for everybody."""
    bare = _bare(media_id)
    if not await database.run(lambda db: is_cleared(db, bare), write=False):
        raise not_found()
    data = await _read(lambda: _store(request).get_public(bare))
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=300"})


@router.get("/{media_id}", response_class=Response, responses=_ANY)
async def show(
    request: Request,
    media_id: str,
    caller: Annotated[Caller, Depends(resident(scope="reports"))],
    settings: CurrentSettings,
    database: CurrentDatabase,
    size: Annotated[Literal["full", "thumbnail"], Query()] = "full",
) -> Response:
    """The photo as a JPEG, `size=thumbnail` for the small one, or the document as a PDF."""
    bare = _bare(media_id)
    row = await database.run(lambda db: readable(db, caller, settings, bare), write=False)
    if row is None:
        raise not_found()
    if row.owner not in (None, caller.subject):
        await keep(database, _looks(row, caller, settings, reference_of(request)))
    if row.kind == "document":
        data = await _read(lambda: _store(request).get_document(bare))
        # A document is somebody else's file: it is saved, and never opened as a page of ours.
        headers = {
            "Content-Disposition": f'attachment; filename="{bare}.pdf"',
            "Content-Security-Policy": "sandbox",
        }
        return Response(data, media_type="application/pdf", headers=headers)
    data = await _read(lambda: _photo(_store(request), bare, row.cleared, size == "thumbnail"))
    return Response(data, media_type="image/jpeg")


def _photo(store: MediaStore, media_id: str, cleared: bool, thumbnail: bool) -> bytes:
    """The photo; of one whose sender's account was erased, the cleared copy. Raises
    FileNotFoundError.
    """
    try:
        return store.get(media_id, thumbnail=thumbnail)
    except FileNotFoundError:
        if not cleared:
            raise
        return store.get_public(media_id)


def _looks(row: Row[Any], caller: Caller, settings: Settings, request_id: str) -> list[Look]:
    """The line for the resident whose report the photo or document belongs to."""
    officer = officers(settings).get(caller.subject)
    if officer is None or row.submitter != "resident":
        return []
    office = agencies(settings).name_of(officer.agency_code)
    names = officer.subject, officer.name, office
    of_report = row.service_request_id
    now = settings.clock()
    return [Look(row.owner, *names, "reports", "saw_photos", of_report, now, request_id)]


async def _read(read: Callable[[], bytes]) -> bytes:
    try:
        return await to_thread.run_sync(read)
    except FileNotFoundError:
        raise not_found() from None


def _bare(name: str) -> str:
    found = _NAME.fullmatch(name)
    if found is None:
        raise not_found()
    return found[1]


def _store(request: Request) -> MediaStore:
    return cast(MediaStore, request.app.state.media_store)
