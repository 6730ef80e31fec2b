"""The public operations under /certificates/v1: checking, and the sandbox's root certificate."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from gateway.certificates import wire
from gateway.certificates.serving import CurrentOffice
from gateway.certificates.uploads import TooLargeError, read_submission
from gateway.certificates.verification import Verification, Verifier
from gateway.dependencies import CurrentDatabase
from gateway.problems import FieldError, Problem, field_error, invalid
from gateway.security import PUBLIC

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])

_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}, "code": {"type": "string"}},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": wire.CodeBody.model_json_schema()},
            "multipart/form-data": {"schema": _FORM},
        },
    }
}


@router.post("/verify", openapi_extra={**PUBLIC, **_BODY})
async def verify(
    request: Request, office: CurrentOffice, database: CurrentDatabase
) -> dict[str, Any]:
    """Check a PDF (multipart field `file`) or a printed code (JSON or field `code`); anyone may."""
    verifier = Verifier(database, office.authority.root.certificate, office.settings.clock)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return as_json(await verifier.check_code(await _code(request)))
    if kind != "multipart/form-data":
        raise Problem(415, "unsupported-media-type", "Send JSON or multipart/form-data")
    try:
        sent = await read_submission(request, office.configuration.upload_limit)
    except TooLargeError:
        raise Problem(413, "too-large", "The file is too large") from None
    if sent.document:
        return as_json(await verifier.check_file(sent.document))
    if sent.code:
        return as_json(await verifier.check_code(sent.code))
    raise invalid([FieldError(field="file", code="missing")])


@router.get(
    "/sandbox-root.pem",
    openapi_extra=PUBLIC,
    response_class=Response,
    responses={200: {"content": {"application/x-pem-file": {}}}},
)
async def get_sandbox_root(office: CurrentOffice) -> Response:
    """The sandbox's root certificate, for checking a file with other people's tools."""
    headers = {"Content-Disposition": 'attachment; filename="ihanoi-sandbox-root.pem"'}
    pem = office.authority.root_pem
    return Response(pem, media_type="application/x-pem-file", headers=headers)


def as_json(found: Verification) -> dict[str, Any]:
    """A verification as it goes over the wire."""
    about = found.certificate
    return {
        "verdict": found.verdict.value,
        "reason": found.reason,
        "signer": found.signer or None,
        "checks": {
            "signature": found.signature.value,
            "content": found.content.value,
            "status": found.status.value,
        },
        "certificate": about
        and {
            "number": about.number,
            "name": about.name,
            "issued_date": about.issued_date.isoformat(),
            "ended_date": about.ended_date.isoformat() if about.ended_date else None,
        },
        "checked_datetime": wire.moment(found.checked_datetime.timestamp()),
    }


async def _code(request: Request) -> str:
    try:
        return wire.CodeBody.model_validate_json(await request.body()).code
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-body", "The body is not valid JSON") from None
        raise invalid([field_error(item) for item in error.errors()]) from None
