"""The extension's operations about others' reports: around a place, alike, followed; and photos
sent ahead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from gateway.conditional import json_answer
from gateway.consents import ledger as consents
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey
from gateway.media_store import MediaStore
from gateway.problems import FieldError, invalid
from gateway.security import PUBLIC, Caller, resident
from gateway.service_requests import report_answers as wire
from gateway.service_requests.around import FARTHEST_METRES, Found, is_open, nearby, similar
from gateway.service_requests.following import follow, unfollow
from gateway.service_requests.services import Service, services
from gateway.service_requests.tables import service_requests
from gateway.service_requests.uploads import Uploads, read_upload
from gateway.service_requests.viewing import Viewer, shown

router = APIRouter(prefix="/reports", tags=["Reports"])

Reporter = Annotated[Caller, Depends(resident(scope="reports"))]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]


@router.get("/nearby", openapi_extra=PUBLIC, response_model=list[wire.NearbyRequest])
async def list_nearby(
    request: Request,
    settings: CurrentSettings,
    database: CurrentDatabase,
    lat: Latitude,
    long: Longitude,
    radius: Annotated[int, Query(ge=50, le=FARTHEST_METRES)] = 1000,
    service_code: str = "",
    status: Literal["", "open", "closed"] = "",
) -> Response:
    """Reports of the last 90 days around a place, nearest first, without names."""
    narrowed = []
    if service_code:
        narrowed.append(service_requests.c.service_code == _known(service_code).service_code)
    if status:
        narrowed.append(is_open() if status == "open" else ~is_open())
    viewer = Viewer(settings)

    def read(connection: Connection) -> list[dict[str, Any]]:
        found = nearby(connection, lat, long, radius, viewer.now, narrowed)
        return _placed(connection, found, viewer)

    return json_answer(request, await database.run(read, write=False))


@router.get("/similar", openapi_extra=PUBLIC, response_model=list[wire.SimilarRequest])
async def list_similar(
    request: Request,
    settings: CurrentSettings,
    database: CurrentDatabase,
    service_code: str,
    lat: Latitude,
    long: Longitude,
) -> Response:
    """Open reports of one service that may be about the same thing, nearest first."""
    service = _known(service_code)
    viewer = Viewer(settings)

    def read(connection: Connection) -> list[dict[str, Any]]:
        found = similar(connection, service, lat, long, viewer.now)
        entries = _placed(connection, found, viewer)
        for entry, one in zip(entries, found, strict=True):
            sent: datetime = one.row.requested_datetime
            entry["age_days"] = max(0, (viewer.now - sent).days)
        return entries

    return json_answer(request, await database.run(read, write=False))


@router.put("/{service_request_id}/follow", status_code=204)
async def begin_to_follow(
    service_request_id: str, caller: Reporter, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """Follow somebody else's report."""
    now = settings.clock()

    def begin(connection: Connection) -> None:
        consents.demand(connection, caller.subject, "follow_notices", settings)
        follow(connection, caller.subject, service_request_id, now)

    await database.run(begin)
    return Response(status_code=204)


@router.delete("/{service_request_id}/follow", status_code=204)
async def end_following(
    service_request_id: str, caller: Reporter, database: CurrentDatabase
) -> Response:
    """Follow it no longer."""
    await database.run(lambda db: unfollow(db, caller.subject, service_request_id))
    return Response(status_code=204)


@router.post(
    "/photos",
    status_code=201,
    response_model=wire.Uploaded,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["media"],
                        "properties": {
                            "media": {"type": "string", "format": "binary"},
                            "description": {"type": "string", "maxLength": 300},
                        },
                    }
                }
            },
        }
    },
)
async def upload(
    request: Request,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> Response:
    """Keep one photo (or an officer's PDF) for 48 hours, for a report or an act that names it."""
    sent = await read_upload(request, settings, documents="officer" in caller.roles)
    attempt = Attempt(caller.subject, key, sent.body_hash(), settings.clock())
    uploads = Uploads(settings, database, cast(MediaStore, request.app.state.media_store))
    answer, is_repeated = await to_thread.run_sync(uploads.keep, sent, attempt)
    headers = {"Idempotency-Replayed": "true"} if is_repeated else None
    return JSONResponse(answer, 201, headers)


def _known(service_code: str) -> Service:
    service = services().get(service_code)
    if service is None:
        raise invalid([FieldError(field="service_code", code="unknown")])
    return service


def _placed(connection: Connection, found: list[Found], viewer: Viewer) -> list[dict[str, Any]]:
    entries = shown(connection, [one.row for one in found], viewer)
    for entry, one in zip(entries, found, strict=True):
        entry["distance_m"] = one.distance_m
    return entries
