"""What of a report's photos everybody may see: an officer decides, photo by photo."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Connection, Row, select, update
from starlette.responses import Response

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.media_store import MediaStore
from gateway.problems import not_found
from gateway.public_photos import public_copy
from gateway.service_requests import records
from gateway.service_requests.desk_acts import Desk, Publishing
from gateway.service_requests.desk_routes import AtDesk
from gateway.service_requests.moving import Scene
from gateway.service_requests.officers import Officer
from gateway.service_requests.reading import of_desk
from gateway.service_requests.tables import media
from gateway.service_requests.watching import live_of
from gateway.settings import Settings

router = APIRouter(prefix="/desk", tags=["Desk"])

_MEDIA_ID = re.compile(r"[0-9a-f]{32}")
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Box = Annotated[list[Fraction], Field(min_length=4, max_length=4)]


class Publicity(BaseModel):
    """Whether everybody may see a photo, and which parts of it nobody should: boxes of x, y,
    width and height as fractions of the picture.
    """

    model_config = {"extra": "forbid"}

    cleared: bool
    boxes: Annotated[list[Box], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _inside(self) -> Publicity:
        for x, y, width, height in self.boxes:
            if not (width and height and x + width <= 1.001 and y + height <= 1.001):
                raise ValueError("a box lies outside the picture")
        return self


@router.put("/media/{media_id}/public", status_code=204)
async def set_public(
    request: Request,
    media_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
    body: Publicity,
) -> Response:
    """Let everybody see a copy of the photo with its boxes hidden, or nobody any more."""
    store = cast(MediaStore, request.app.state.media_store)

    def write(connection: Connection) -> None:
        row = _of_desk(connection, officer, settings, media_id)
        if body.cleared:
            # Inside the transaction: what is said to be cleared is there.
            store.put_public(media_id, public_copy(store.get(media_id), body.boxes))
        connection.execute(
            update(media)
            .where(media.c.media_id == media_id)
            .values(cleared=body.cleared, boxes=body.boxes)
        )
        scene = Scene(connection, settings, settings.clock())
        act: Publishing = "publish" if body.cleared else "hide"
        Desk(scene, officer).log(row, act, row.status_code, media_id)
        records.announce(connection, row.service_request_id, row.agency_code, scene.now)

    await database.run(write)
    live_of(request).nudge()
    return Response(status_code=204)


def _of_desk(
    connection: Connection, officer: Officer, settings: Settings, media_id: str
) -> Row[Any]:
    """The photo's report. Raises a 404 `Problem`, also for one of another agency's."""
    if not _MEDIA_ID.fullmatch(media_id):
        raise not_found()
    wanted = select(media.c.service_request_id).where(
        media.c.media_id == media_id, media.c.kind == "photo"
    )
    of_report = connection.scalar(wanted)
    if of_report is None:
        raise not_found()
    return of_desk(connection, officer, settings, of_report, lock=True)
