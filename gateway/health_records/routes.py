"""The FHIR R4 server: what of it exists today is what `/metadata` says, no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from sqlalchemy import Connection

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_records.access import readable
from gateway.health_records.accesses import Look, record
from gateway.health_records.capability import capability_statement
from gateway.health_records.outcomes import MEDIA_TYPE, FhirRoute, fhir
from gateway.health_records.sections import only_sections
from gateway.health_records.store import find_patient, patient_resource, stored_bundles
from gateway.health_records.summary import etag, summarize
from gateway.problems import Problem, not_found, reference_of
from gateway.security import PUBLIC, Caller, resident

router = APIRouter(prefix="/fhir/R4", route_class=FhirRoute, tags=["health_records"])

Owner = Annotated[Caller, Depends(resident(scope="health"))]
_FHIR: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
_REFUSAL = {**_FHIR, "description": "An OperationOutcome"}
_PUBLIC: dict[int | str, dict[str, Any]] = {200: _FHIR}
_REFUSALS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 403, 404), _REFUSAL)
_ANSWERS = {**_PUBLIC, **_REFUSALS}
_CONDITIONAL = {**_ANSWERS, 304: {"description": "The summary is still the one of the entity tag"}}
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.get("/metadata", openapi_extra=PUBLIC, responses=_PUBLIC, response_class=Response)
async def metadata(settings: CurrentSettings) -> Response:
    """The CapabilityStatement: what this server can do, honestly."""
    return fhir(capability_statement(settings))


@router.get("/Patient", responses=_ANSWERS, response_class=Response)
async def search_patients(
    request: Request, caller: Owner, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """A searchset with the caller's own Patient, or empty: how a client learns its own id."""
    look = Look(caller, "search-type", reference_of(request), settings.clock())
    wanted = request.query_params.get("_id")

    def work(connection: Connection) -> dict[str, Any] | None:
        patient_id = find_patient(connection, caller.subject)
        if patient_id is None or wanted not in (None, patient_id):
            return None
        record(connection, patient_id, look)
        return patient_resource(connection, patient_id)

    return fhir(_searchset(await database.run(work), f"{settings.api_url}/fhir/R4"))


@router.get("/Patient/{patient_id}", responses=_ANSWERS, response_class=Response)
async def read_patient(
    patient_id: str,
    request: Request,
    caller: Owner,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The caller's own Patient; another's is not found."""
    look = Look(caller, "read", reference_of(request), settings.clock())

    def work(connection: Connection) -> dict[str, Any]:
        readable(connection, caller, patient_id, look.at.timestamp())
        record(connection, patient_id, look)
        return patient_resource(connection, patient_id)

    return fhir(await database.run(work))


@router.get("/Patient/{patient_id}/$summary", responses=_CONDITIONAL, response_class=Response)
async def summary(
    *,
    patient_id: str,
    request: Request,
    caller: Owner,
    settings: CurrentSettings,
    database: CurrentDatabase,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The caller's own International Patient Summary as a document Bundle, with an entity tag."""
    look = Look(caller, "$summary", reference_of(request), settings.clock())

    def work(connection: Connection) -> str:
        right = readable(connection, caller, patient_id, look.at.timestamp())
        record(connection, patient_id, replace(look, basis=right.basis))
        whole = summarize(patient_id, stored_bundles(connection, patient_id))
        return whole if right.sections is None else only_sections(whole, right.sections)

    found = await database.run(work)
    headers = {"ETag": etag(found), "Cache-Control": "no-store"}
    if etag(found) in {f"W/{tag.strip().removeprefix('W/')}" for tag in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return fhir(found, headers=headers)


@router.api_route(
    "/{path:path}", methods=_EVERY_METHOD, include_in_schema=False, openapi_extra=PUBLIC
)
async def nothing_here(path: str) -> Response:
    """Every other address and method, so that a FHIR client gets an OperationOutcome here too."""
    if path == "metadata" or path.startswith("Patient"):
        raise Problem(
            405, "method-not-allowed", "This server does not do that", headers={"Allow": "GET"}
        )
    raise not_found()


def _searchset(patient: dict[str, Any] | None, base: str) -> dict[str, Any]:
    found = [patient] if patient else []
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": f"{base}/Patient"}],
        "entry": [
            {"fullUrl": f"{base}/Patient/{p['id']}", "resource": p, "search": {"mode": "match"}}
            for p in found
        ],
    }
