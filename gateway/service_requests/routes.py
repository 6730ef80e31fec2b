"""Open311 GeoReport v2 over HTTP, JSON only.

The service list is public; reports are the resident's own.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from gateway.conditional import json_answer
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey
from gateway.media_store import MediaStore
from gateway.problems import not_found
from gateway.security import PUBLIC, Caller, resident
from gateway.service_requests import answers, records, report_answers
from gateway.service_requests.draft import NewServiceRequest
from gateway.service_requests.filters import FilterQuery, filters_of
from gateway.service_requests.form import MEDIA_FIELD, read_submission
from gateway.service_requests.reading import own, timeline
from gateway.service_requests.services import definition, list_entry, services
from gateway.service_requests.submission import Intake
from gateway.service_requests.viewing import Viewer, shown

router = APIRouter(prefix="/open311/v2", tags=["Open311 GeoReport v2"])

Reporter = Annotated[Caller, Depends(resident(scope="reports"))]

_CACHED = "public, max-age=300"


def _form_schema() -> dict[str, Any]:
    """The request body in both encodings; FastAPI does not read it, so that strangers' bodies are
    never parsed.
    """
    fields = NewServiceRequest.model_json_schema()
    photos = {"type": "array", "maxItems": 5, "items": {"type": "string", "format": "binary"}}
    multipart = {**fields, "properties": {**fields["properties"], MEDIA_FIELD: photos}}
    content = {
        "application/x-www-form-urlencoded": {"schema": fields},
        "multipart/form-data": {"schema": multipart},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.get("/services.json", openapi_extra=PUBLIC, response_model=list[answers.ServiceEntry])
async def list_services(request: Request, settings: CurrentSettings) -> Response:
    """What can be reported."""
    found = [list_entry(service, settings.deadlines) for service in services().values()]
    return json_answer(request, found, cache_control=_CACHED)


@router.get(
    "/services/{service_code}.json",
    openapi_extra=PUBLIC,
    response_model=answers.ServiceDefinition,
)
async def define_service(request: Request, service_code: str) -> Response:
    """What a report of that service may carry."""
    service = services().get(service_code)
    if service is None:
        raise not_found()
    return json_answer(request, definition(service), cache_control=_CACHED)


@router.post(
    "/requests.json",
    status_code=201,
    response_model=list[answers.Receipt],
    openapi_extra=_form_schema(),
)
async def submit(
    request: Request,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> Response:
    """Take a report in; with the same Idempotency-Key and body, answer as the first time."""
    submission = await read_submission(request, settings)
    attempt = Attempt(caller.subject, key, submission.body_hash(), settings.clock())
    intake = Intake(settings, database, cast(MediaStore, request.app.state.media_store))
    receipt, is_repeated = await to_thread.run_sync(intake.submit, submission, attempt)
    address = f"{settings.api_url}/open311/v2/requests/{receipt['service_request_id']}.json"
    headers = {"Location": address}
    if is_repeated:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse([receipt], 201, headers)


@router.get("/requests.json", response_model=list[report_answers.ServiceRequest])
async def list_requests(
    request: Request,
    query: Annotated[FilterQuery, Query()],
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The resident's own reports, newest first."""
    filters = filters_of(query)

    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = records.list_mine(connection, caller.subject, filters)
        return shown(connection, rows, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


@router.get(
    "/requests/{service_request_id}/updates.json",
    response_model=list[report_answers.UpdateEntry],
)
async def list_updates(
    request: Request,
    service_request_id: str,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The timeline of the resident's own report, oldest first."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        row = own(connection, caller.subject, service_request_id)
        return timeline(connection, row, Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))


@router.get(
    "/requests/{service_request_id}.json", response_model=list[report_answers.ServiceRequest]
)
async def show_request(
    request: Request,
    service_request_id: str,
    caller: Reporter,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The resident's own report, in a list of one as GeoReport has it."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        row = own(connection, caller.subject, service_request_id)
        return shown(connection, [row], Viewer(settings, caller.subject))

    return json_answer(request, await database.run(read, write=False))
