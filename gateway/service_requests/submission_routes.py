"""GeoReport's POST Service Request, JSON and XML: by a resident's token, or by the `api_key` of
another submitter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast, get_args

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey
from gateway.media_store import MediaStore
from gateway.problems import Problem
from gateway.security import Caller, calling, permit
from gateway.service_requests import answers, api_keys
from gateway.service_requests.api_keys import Submitter
from gateway.service_requests.draft import NewServiceRequest
from gateway.service_requests.filters import check_jurisdiction
from gateway.service_requests.form import (
    MEDIA_FIELD,
    MEDIA_IDS_FIELD,
    read_submission,
)
from gateway.service_requests.georeport_answers import Format, written
from gateway.service_requests.submission import Intake
from gateway.shown_tokens import refused

router = APIRouter(prefix="/open311/v2", tags=["Open311 GeoReport v2"])

SMALL_FORM = 64_000
"""Bytes of a form that is read from somebody without a token. With photos the api_key stands in the
address, so that it is known before the body is read.
"""


async def _resident(caller: Annotated[Caller | None, Depends(calling)]) -> str | None:
    """The subject of a token with the scope `reports`; None without a token."""
    if caller is None:
        return None
    permit(caller, scope="reports")
    return caller.subject


Resident = Annotated[str | None, Depends(_resident)]


def _form_schema() -> dict[str, Any]:
    """The request body in both encodings, and the two ways to say who sends it."""
    fields = NewServiceRequest.model_json_schema()
    fields["properties"] |= {
        "api_key": {"type": "string"},
        "attribute[CODE]": {"type": "string", "description": "An answer to a question."},
        MEDIA_IDS_FIELD: {"type": "string", "description": "Ids of photos sent ahead, by commas."},
    }
    photos = {"type": "array", "maxItems": 5, "items": {"type": "string", "format": "binary"}}
    multipart = {**fields, "properties": {**fields["properties"], MEDIA_FIELD: photos}}
    content = {
        "application/x-www-form-urlencoded": {"schema": fields},
        "multipart/form-data": {"schema": multipart},
    }
    return {
        "requestBody": {"required": True, "content": content},
        "security": [{"bearer": []}, {"api_key": []}],
    }


def _submit(format_: Format) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request,
        resident: Resident,
        settings: CurrentSettings,
        database: CurrentDatabase,
        key: IdempotencyKey,
        api_key: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        submitter = None
        if resident is None and api_key:
            submitter = await _submitter(database, api_key)
        elif resident is None and not _is_small_form(request):
            raise refused(None)
        is_stranger = resident is None and submitter is None
        submission = await read_submission(request, settings, needs_key=is_stranger)
        check_jurisdiction(submission.draft.jurisdiction_id, settings)
        if is_stranger:
            submitter = await _submitter(database, submission.api_key)
        subject = resident or cast(Submitter, submitter).subject
        attempt = Attempt(subject, key, submission.body_hash(), settings.clock())
        intake = Intake(settings, database, cast(MediaStore, request.app.state.media_store))
        receipt, is_repeated = await to_thread.run_sync(
            intake.submit, submission, attempt, submitter
        )
        headers = {"Location": _place(settings.api_url, format_, receipt)}
        if is_repeated:
            headers["Idempotency-Replayed"] = "true"
        return written(format_, "service_requests", [receipt], headers)

    return endpoint


for _format in get_args(Format):
    router.add_api_route(
        f"/requests.{_format}",
        _submit(_format),
        methods=["POST"],
        name=f"submit_{_format}",
        description="Take a report in; with the same Idempotency-Key and body, answer as the first time.",
        status_code=201,
        response_model=list[answers.Receipt] if _format == "json" else None,
        response_class=Response,
        openapi_extra=_form_schema(),
    )


def _is_small_form(request: Request) -> bool:
    """Whether the body may be read to find an api_key in it: a stranger's photos are not."""
    content_type = request.headers.get("content-type", "").lower()
    length = request.headers.get("content-length", "")
    is_plain = content_type.startswith("application/x-www-form-urlencoded")
    return is_plain and length.isascii() and length.isdigit() and int(length) <= SMALL_FORM


async def _submitter(database: Database, api_key: str) -> Submitter:
    found = await database.run(lambda db: api_keys.find(db, api_key), write=False)
    if found is None:
        raise Problem(403, "unknown-api-key", "This api_key is not known")
    return found


def _place(api: str, format_: Format, receipt: dict[str, Any]) -> str:
    if token := receipt["token"]:
        return f"{api}/open311/v2/tokens/{token}.{format_}"
    return f"{api}/open311/v2/requests/{receipt['service_request_id']}.{format_}"
