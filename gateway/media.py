"""The photos of reports over HTTP, in two sizes: for the resident, and for officers of the agency."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection, or_, select
from starlette.responses import Response

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.media_store import MediaStore
from gateway.problems import not_found
from gateway.security import Caller, resident
from gateway.service_requests.live import Interest
from gateway.service_requests.tables import media, service_requests
from gateway.service_requests.watching import interest_of

router = APIRouter(prefix="/media", tags=["Media"])

_ID = re.compile(r"[0-9a-f]{32}")
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


def may_see(connection: Connection, interest: Interest, media_id: str) -> bool:
    """Whether the caller sent it, it belongs to a report of theirs, or they are an officer of the
    agency that has that report.
    """
    columns = service_requests.c
    theirs = or_(media.c.subject == interest.subject, columns.subject == interest.subject)
    if interest.agency_code is not None:
        theirs = or_(theirs, columns.agency_code == interest.agency_code)
    if interest.every:
        theirs = or_(theirs, columns.service_request_id.is_not(None))
    found = (
        select(media.c.media_id)
        .outerjoin(service_requests, columns.service_request_id == media.c.service_request_id)
        .where(media.c.media_id == media_id, theirs)
    )
    return connection.execute(found).one_or_none() is not None


@router.get("/{media_id}", response_class=Response, responses=_JPEG)
async def show_photo(
    request: Request,
    media_id: str,
    caller: Annotated[Caller, Depends(resident(scope="reports"))],
    settings: CurrentSettings,
    database: CurrentDatabase,
    size: Annotated[Literal["full", "thumbnail"], Query()] = "full",
) -> Response:
    """The photo as a JPEG; `size=thumbnail` for the small one."""
    bare = media_id.removesuffix(".jpg")
    if not _ID.fullmatch(bare):
        raise not_found()
    interest = interest_of(caller, settings)
    if not await database.run(lambda db: may_see(db, interest, bare), write=False):
        raise not_found()
    store = cast(MediaStore, request.app.state.media_store)
    data = await to_thread.run_sync(lambda: store.get(bare, thumbnail=size == "thumbnail"))
    return Response(data, media_type="image/jpeg")
