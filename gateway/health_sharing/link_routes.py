"""What anyone with a link may ask (SMART Health Links): its manifest, its file, whether it runs.

Any viewer on any site may open a link: answers carry CORS headers, and no cookie counts here.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.responses import JSONResponse

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_sharing import opening
from gateway.health_sharing.wire import ManifestBody
from gateway.problems import Problem, field_error, invalid, reference_of, response
from gateway.security import PUBLIC

router = APIRouter(prefix="/shl", tags=["health_sharing"])

_CORS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_JOSE = "application/jose"
LONGEST_BODY = 10_000
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ManifestBody.model_json_schema()}},
    }
}


@router.post("/{token}", openapi_extra={**PUBLIC, **_BODY})
async def open_link(
    token: str,
    request: Request,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The manifest, after the passcode where there is one; each opening is logged by name."""
    try:
        body = await _read(request)
    except Problem as problem:
        return _refused(problem, request)
    asked = opening.Request(
        token,
        body.recipient,
        body.passcode,
        body.embedded_length_max,
        reference_of(request),
        settings.clock(),
    )
    try:
        found = await database.run(lambda db: opening.open_share(db, asked))
    except Problem as problem:
        return _refused(problem, request)
    if isinstance(found, opening.Wrong):
        title, remaining = "The passcode is wrong", found.remaining
        wrong = Problem(401, "wrong-passcode", title, remainingAttempts=remaining)
        return _refused(wrong, request)
    return JSONResponse({"files": [_file(found, settings.api_url)]}, headers=_CORS)


@router.get("/{token}", status_code=204, openapi_extra=PUBLIC, response_class=Response)
async def is_running(
    token: str, request: Request, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """204 while the link runs, so that an open page can close itself when it is stopped."""
    now = settings.clock()
    try:
        await database.run(lambda db: opening.running(db, token, now), write=False)
    except Problem as problem:
        return _refused(problem, request)
    return Response(status_code=204, headers=_CORS)


@router.get(
    "/files/{ticket}",
    openapi_extra=PUBLIC,
    response_class=Response,
    responses={200: {"content": {_JOSE: {}}}},
)
async def get_file(
    ticket: str, request: Request, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """The encrypted file behind a short-lived address, once."""
    now = settings.clock()
    try:
        jwe = await database.run(lambda db: opening.take_file(db, ticket, now))
    except Problem as problem:
        return _refused(problem, request)
    return Response(jwe, media_type=_JOSE, headers=_CORS)


@router.options("/{token}", status_code=204, openapi_extra=PUBLIC, response_class=Response)
async def allow_other_viewers(token: str) -> Response:
    """The preflight of another site's viewer (Fetch, section 3.2.2)."""
    allowed = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers={**_CORS, **allowed})


async def _read(request: Request) -> ManifestBody:
    """The body, with a bound on what a stranger may send. Raises 400, 413 and 422 `Problem`s."""
    received = b""
    async for chunk in request.stream():
        received += chunk
        if len(received) > LONGEST_BODY:
            raise Problem(413, "body-too-large", "The body is too large")
    try:
        return ManifestBody.model_validate_json(received)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-body", "The body is not valid JSON") from None
        raise invalid([field_error(item) for item in error.errors()]) from None


def _file(found: opening.Opened, api_url: str) -> dict[str, Any]:
    where = {"embedded": found.jwe} if found.ticket is None else _location(found.ticket, api_url)
    return {
        "contentType": "application/fhir+json",
        "fhirVersion": "4.0.1",
        "status": "finalized",
        "lastUpdated": found.created_at.isoformat(timespec="seconds"),
        **where,
    }


def _location(ticket: str, api_url: str) -> dict[str, str]:
    return {"location": f"{api_url}/shl/files/{ticket}"}


def _refused(problem: Problem, request: Request) -> Response:
    answer = response(problem, reference_of(request))
    answer.headers.update(_CORS)
    return answer
