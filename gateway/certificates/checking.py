"""The public operations under /certificates/v1: checking, status lists, keys, bank's callbacks."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from gateway.certificates import bodies, credential, payments, status_list, wire
from gateway.certificates.fields import Fields
from gateway.certificates.serving import CurrentOffice, CurrentThrottle, verifier_of
from gateway.certificates.uploads import TooLargeError, read_submission
from gateway.certificates.verification import Verdict, Verification, Verifier
from gateway.dependencies import CurrentDatabase
from gateway.problems import FieldError, Problem, field_error, invalid, not_found
from gateway.security import PUBLIC

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])

_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}, "code": {"type": "string"}},
}
_JSON = {
    "anyOf": [bodies.CodeBody.model_json_schema(), bodies.FieldsBody.model_json_schema()],
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _JSON},
            "multipart/form-data": {"schema": _FORM},
        },
    }
}
_EVENT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": payments.PaymentEvent.model_json_schema()}},
    }
}
LARGEST_EVENT = 4096


@router.post("/verify", openapi_extra={**PUBLIC, **_BODY})
async def verify(
    request: Request,
    office: CurrentOffice,
    database: CurrentDatabase,
    throttle: CurrentThrottle,
) -> dict[str, Any]:
    """Check a PDF (multipart field `file`), a printed code (JSON or field `code`), or a number with
    the five fields beside it (JSON); anyone may.
    """
    throttle.hold_back(request)
    found = await _check(request, verifier_of(office, database), office.configuration.upload_limit)
    if found.verdict is Verdict.UNKNOWN:
        throttle.missed(request)
    return as_json(found)


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


@router.get("/issuer-keys", openapi_extra=PUBLIC)
async def get_issuer_keys(office: CurrentOffice) -> dict[str, Any]:
    """The keys that sign credentials and status lists, as a JWK set."""
    return credential.key_set(office.authority)


@router.get(
    "/status-lists/{number}",
    openapi_extra=PUBLIC,
    response_class=Response,
    responses={200: {"content": {status_list.MEDIA_TYPE: {}}}},
)
async def get_status_list(
    number: Annotated[int, Path(ge=0, le=100_000)],
    office: CurrentOffice,
    database: CurrentDatabase,
) -> Response:
    """Which certificates are in force (Token Status List)."""

    def found(db: Connection) -> dict[int, str] | None:
        there = status_list.exists(db, number)
        return status_list.out_of_force(db, number) if there else None

    places = await database.run(found, write=False)
    if places is None:
        raise not_found()
    at, uri = office.settings.clock(), f"{credential.issuer(office.settings.api_url)}/status-lists"
    signed = status_list.signed(office.authority, f"{uri}/{number}", places, at)
    headers = {"Cache-Control": f"public, max-age={status_list.FRESH_SECONDS}"}
    return Response(signed, media_type=status_list.MEDIA_TYPE, headers=headers)


@router.post("/payments/callback", status_code=204, openapi_extra={**PUBLIC, **_EVENT})
async def receive_payment(
    request: Request,
    office: CurrentOffice,
    database: CurrentDatabase,
    signature: Annotated[str, Header(alias="Payment-Signature", max_length=200)] = "",
) -> None:
    """What the bank says of a payment, proved by its signature; the same event counts once."""
    bank, body = office.bank, await request.body()
    if bank is None:
        raise not_found()
    if len(body) > LARGEST_EVENT:
        raise Problem(413, "too-large", "The event is too large")
    await database.run(lambda db: payments.accept(db, bank, body, signature, office))


def as_json(found: Verification) -> dict[str, Any]:
    """A verification as it goes over the wire."""
    about = found.certificate
    return {
        "verdict": found.verdict.value,
        "reason": found.reason,
        "detail": found.detail,
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


async def _check(request: Request, verifier: Verifier, limit: int) -> Verification:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        asked = await _question(request)
        if isinstance(asked, bodies.CodeBody):
            return await verifier.check_code(asked.code)
        return await verifier.check_fields(Fields(**asked.model_dump()))
    if kind != "multipart/form-data":
        raise Problem(415, "unsupported-media-type", "Send JSON or multipart/form-data")
    try:
        sent = await read_submission(request, limit)
    except TooLargeError:
        raise Problem(413, "too-large", "The file is too large") from None
    if sent.document:
        return await verifier.check_file(sent.document)
    if sent.code:
        return await verifier.check_code(sent.code)
    raise invalid([FieldError(field="file", code="missing")])


async def _question(request: Request) -> bodies.CodeBody | bodies.FieldsBody:
    """The five fields where there is a number, else a code."""
    body = await request.body()
    asks_fields = b'"number"' in body
    model = bodies.FieldsBody if asks_fields else bodies.CodeBody
    reader: TypeAdapter[bodies.CodeBody | bodies.FieldsBody] = TypeAdapter(model)
    try:
        return reader.validate_json(body)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-body", "The body is not valid JSON") from None
        raise invalid([field_error(item) for item in error.errors()]) from None
