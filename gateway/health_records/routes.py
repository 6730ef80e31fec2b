"""The FHIR R4 server: what of it exists is what `/metadata` says, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from sqlalchemy import Connection

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_records import reading
from gateway.health_records.access import readable
from gateway.health_records.accesses import Look, record
from gateway.health_records.binaries import binary_answer
from gateway.health_records.capability import capability_statement, smart_configuration
from gateway.health_records.facilities import CallingFacility
from gateway.health_records.outcomes import MEDIA_TYPE, FhirRoute, fhir
from gateway.health_records.parameters import GENERATED, PARAMETERS
from gateway.health_records.questions import Pairs, invalid, pairs_of
from gateway.health_records.reading import Asking
from gateway.health_records.scopes import demand
from gateway.health_records.sections import only_sections
from gateway.health_records.serving import Served
from gateway.health_records.store import stored_bundles
from gateway.health_records.summary import etag, summarize
from gateway.health_records.transactions import read_transaction, store
from gateway.problems import Problem, not_found, reference_of
from gateway.security import PUBLIC, Caller, resident
from gateway.settings import Settings

router = APIRouter(prefix="/fhir/R4", route_class=FhirRoute, tags=["health_records"])

Reader = Annotated[Caller, Depends(resident())]
_FHIR: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
_REFUSAL = {**_FHIR, "description": "An OperationOutcome"}
_PUBLIC: dict[int | str, dict[str, Any]] = {200: _FHIR}
_REFUSALS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 403, 404), _REFUSAL)
_ANSWERS = {**_PUBLIC, **_REFUSALS}
_CONDITIONAL = {**_ANSWERS, 304: {"description": "It is still that of the entity tag"}}
_SENDING = {**_ANSWERS, 413: _REFUSAL, 415: _REFUSAL, 422: _REFUSAL}
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_LONGEST_FORM = 64_000
_TYPES = {*PARAMETERS, *GENERATED}


@router.get("/metadata", openapi_extra=PUBLIC, responses=_PUBLIC, response_class=Response)
async def metadata(settings: CurrentSettings) -> Response:
    """The CapabilityStatement: what this server can do, honestly."""
    return fhir(capability_statement(settings))


@router.get("/.well-known/smart-configuration", openapi_extra=PUBLIC, response_class=Response)
async def smart(settings: CurrentSettings) -> Response:
    """Where a SMART app signs residents in, and what it may ask for (SMART App Launch 2.2)."""
    return fhir(smart_configuration(settings), media_type="application/json")


@router.get("/Patient/{patient_id}/$summary", responses=_CONDITIONAL, response_class=Response)
async def summary(
    *,
    patient_id: str,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """An International Patient Summary as a document Bundle, with an entity tag."""
    demand(caller, "*", "r")
    asking = _asking(request, caller, settings, "$summary")

    def work(connection: Connection) -> str:
        right = readable(connection, caller, patient_id, asking.at)
        look = replace(asking.look, basis=right.basis, part="$summary")
        record(connection, patient_id, look)
        whole = summarize(patient_id, stored_bundles(connection, patient_id))
        return whole if right.sections is None else only_sections(whole, right.sections)

    found = await database.run(work)
    return _conditional(found, etag(found), if_none_match)


@router.get("/Patient/{patient_id}/$everything", responses=_ANSWERS, response_class=Response)
async def everything(
    patient_id: str,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The record page by page; with `_since`, what came or changed since."""
    demand(caller, "Patient", "s")
    asking = _asking(request, caller, settings, "$everything")
    pairs = pairs_of(request.query_params.multi_items())
    return fhir(await database.run(lambda c: reading.everything(c, asking, patient_id, pairs)))


@router.post("", responses=_SENDING, response_class=Response)
async def transaction(
    request: Request,
    facility: CallingFacility,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """A facility's transaction about one patient: stored whole or not at all, once however often."""
    if "json" not in request.headers.get("content-type", ""):
        raise Problem(415, "unsupported-media-type", "Send application/fhir+json")
    content = await request.body()
    sent = await to_thread.run_sync(read_transaction, content)
    sender = f"facility:{facility.facility_id}"
    caller = Caller(sender, "", frozenset(), frozenset(), sender)
    look = Look(
        caller,
        "transaction",
        reference_of(request),
        settings.clock(),
        basis="facility",
        part=sent.bundle.type,
        name=facility.name,
    )
    return fhir(await database.run(lambda c: store(c, sent, facility, look)))


@router.get("/{resource_type}", responses=_ANSWERS, response_class=Response)
async def search(
    resource_type: str,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """A searchset of one type; without `patient`, of the caller's own record."""
    pairs = pairs_of(request.query_params.multi_items())
    return await _search(resource_type, pairs, request, caller, settings, database)


@router.post("/{resource_type}/_search", responses=_ANSWERS, response_class=Response)
async def search_by_form(
    resource_type: str,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The same search with its parameters in a form, so that no address holds them."""
    body = await request.body()
    try:
        if len(body) > _LONGEST_FORM:
            raise ValueError
        form = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise invalid("the form cannot be read") from None
    pairs = pairs_of([*request.query_params.multi_items(), *form])
    return await _search(resource_type, pairs, request, caller, settings, database)


@router.get("/{resource_type}/{logical_id}", responses=_CONDITIONAL, response_class=Response)
async def read(
    *,
    resource_type: str,
    logical_id: str,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """One resource, with its version as entity tag; what may not be read is not found."""
    _known(resource_type)
    demand(caller, resource_type, "r")
    asking = _asking(request, caller, settings, "read")
    if resource_type in GENERATED:
        made = await database.run(lambda c: reading.read_made(c, asking, resource_type, logical_id))
        return _conditional(reading.made_text(made), 'W/"1"', if_none_match)
    found: Served = await database.run(
        lambda c: reading.read_one(c, asking, resource_type, logical_id)
    )
    if resource_type == "Binary" and (bare := binary_answer(request, found)) is not None:
        return bare
    modified = {"Last-Modified": format_datetime(found.updated, usegmt=True)}
    return _conditional(found.text, found.tag, if_none_match, modified)


@router.api_route(
    "/{path:path}", methods=_EVERY_METHOD, include_in_schema=False, openapi_extra=PUBLIC
)
async def nothing_here(path: str) -> Response:
    """Every other address and method, so that a FHIR client gets an OperationOutcome here too."""
    named = path in ("metadata", ".well-known/smart-configuration")
    if named or path.split("/", maxsplit=1)[0] in _TYPES:
        raise Problem(
            405, "method-not-allowed", "This server does not do that", headers={"Allow": "GET"}
        )
    raise not_found()


async def _search(
    kind: str,
    pairs: Pairs,
    request: Request,
    caller: Caller,
    settings: Settings,
    database: CurrentDatabase,
) -> Response:
    _known(kind)
    if kind not in reading.searched_types():
        raise Problem(405, "method-not-allowed", "This type is read, not searched")
    demand(caller, kind, "s")
    asking = _asking(request, caller, settings, "search-type")
    return fhir(await database.run(lambda c: reading.search(c, asking, kind, pairs)))


def _known(kind: str) -> None:
    if kind not in _TYPES:
        raise not_found()


def _asking(request: Request, caller: Caller, settings: Settings, interaction: str) -> Asking:
    wanted = request.query_params.get("_format", "json")
    accepted = request.headers.get("accept", "")
    only_others = "xml" in accepted and "json" not in accepted and "*" not in accepted
    if "xml" in wanted or "turtle" in wanted or only_others:
        raise Problem(406, "validation", "This server speaks JSON only")
    look = Look(caller, interaction, reference_of(request), settings.clock())
    strict = "handling=strict" in request.headers.get("prefer", "").replace(" ", "")
    return Asking(look, f"{settings.api_url}/fhir/R4", settings.sandbox, strict)


def _conditional(
    text: str, tag: str, if_none_match: str, more: dict[str, str] | None = None
) -> Response:
    headers = {"ETag": tag, "Cache-Control": "no-store", **(more or {})}
    offered = {f"W/{one.strip().removeprefix('W/')}" for one in if_none_match.split(",")}
    if tag in offered or "*" in if_none_match:
        return Response(status_code=304, headers=headers)
    return fhir(text, headers=headers)
