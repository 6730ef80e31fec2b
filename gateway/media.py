"""The photos of reports over HTTP: the resident's own, in two sizes."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from gateway.dependencies import CurrentDatabase
from gateway.media_store import MediaStore
from gateway.problems import not_found
from gateway.security import Caller, resident
from gateway.service_requests.tables import media

router = APIRouter(prefix="/media", tags=["Media"])

_ID = re.compile(r"[0-9a-f]{32}")
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


def is_mine(connection: Connection, subject: str, media_id: str) -> bool:
    """Whether the resident has a photo of that id."""
    found = select(media.c.media_id).where(media.c.subject == subject, media.c.media_id == media_id)
    return connection.execute(found).one_or_none() is not None


@router.get("/{media_id}", response_class=Response, responses=_JPEG)
async def show_photo(
    request: Request,
    media_id: str,
    caller: Annotated[Caller, Depends(resident(scope="reports"))],
    database: CurrentDatabase,
    size: Annotated[Literal["full", "thumbnail"], Query()] = "full",
) -> Response:
    """The photo as a JPEG; `size=thumbnail` for the small one."""
    bare = media_id.removesuffix(".jpg")
    if not _ID.fullmatch(bare):
        raise not_found()
    if not await database.run(lambda db: is_mine(db, caller.subject, bare), write=False):
        raise not_found()
    store = cast(MediaStore, request.app.state.media_store)
    data = await to_thread.run_sync(lambda: store.get(bare, thumbnail=size == "thumbnail"))
    return Response(data, media_type="image/jpeg")
