"""The owner's operations under /health/v1/shares: what would be shared, create, list, stop."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection

from gateway.consents import ledger as consents
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_records.accesses import Look, record
from gateway.health_records.sections import only_sections
from gateway.health_records.store import find_patient, stored_bundles
from gateway.health_records.summary import summarize
from gateway.health_sharing import shares
from gateway.health_sharing.content import with_bare_patient
from gateway.health_sharing.jwe import LARGEST
from gateway.health_sharing.wire import ShareBody
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import Problem, not_found, reference_of
from gateway.security import FRESH_SECONDS, Caller, resident
from gateway.written import Written

router = APIRouter(prefix="/health/v1/shares", tags=["health_sharing"])

Owner = Annotated[Caller, Depends(resident(scope="health"))]
FreshOwner = Annotated[Caller, Depends(resident(scope="health", max_age=FRESH_SECONDS))]
Section = Annotated[str, Query(pattern=r"^[0-9]{1,7}-[0-9]$")]
_OVERHEAD = 20_000
_FHIR = "application/fhir+json"


@router.get("/content", response_class=Response, responses={200: {"content": {_FHIR: {}}}})
async def get_content(
    *,
    request: Request,
    caller: FreshOwner,
    settings: CurrentSettings,
    database: CurrentDatabase,
    section: Annotated[list[Section], Query(min_length=1, max_length=30)],
    since: Written[date] | None = None,
) -> Response:
    """The document Bundle a link of these sections would hold, for the device to encrypt."""
    look = Look(caller, "share-content", reference_of(request), settings.clock(), part="$summary")

    def work(connection: Connection) -> str:
        patient_id = _patient(connection, caller)
        record(connection, patient_id, look)
        whole = summarize(patient_id, stored_bundles(connection, patient_id))
        return with_bare_patient(only_sections(whole, frozenset(section), since))

    return Response(await database.run(work), media_type=_FHIR)


@router.post("", status_code=201)
async def create(
    request: Request,
    body: ShareBody,
    caller: FreshOwner,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Keep an encrypted file under a new link, exactly once for each Idempotency-Key."""
    if int(request.headers.get("content-length") or 0) > LARGEST + _OVERHEAD:
        raise Problem(413, "body-too-large", "The body is too large")
    now, new = settings.clock(), body.new_share()
    hashed = body_hash("health_sharing.create", body.model_dump(mode="json"))
    attempt = Attempt(subject=caller.subject, key=key, body_hash=hashed, now=now)

    def work(connection: Connection) -> dict[str, Any]:
        def keep() -> str:
            consents.demand(connection, caller.subject, "health_share", settings)
            patient_id = _patient(connection, caller)
            return shares.create(connection, caller.subject, patient_id, new, now)

        share_id, _ = once(connection, attempt, keep)
        return shares.get_mine(connection, caller.subject, str(share_id), now)

    made = await database.run(work)
    links = {
        "links_url": f"{settings.api_url}/shl/",
        "viewer_url": f"{settings.public_url}/share/",
    }
    return {**made, **links}


@router.get("")
async def list_mine(
    caller: Owner, settings: CurrentSettings, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """The caller's own links and who opened them, running ones first."""
    now = settings.clock()
    return await database.run(lambda db: shares.list_mine(db, caller.subject, now), write=False)


@router.get("/{share_id}")
async def get_one(
    share_id: str, caller: Owner, settings: CurrentSettings, database: CurrentDatabase
) -> dict[str, Any]:
    """One of the caller's own links."""
    now = settings.clock()
    return await database.run(
        lambda db: shares.get_mine(db, caller.subject, share_id, now), write=False
    )


@router.post("/{share_id}/stop")
async def stop(
    share_id: str, caller: Owner, settings: CurrentSettings, database: CurrentDatabase
) -> dict[str, Any]:
    """End one's own link at once: nobody can open it from now on, and its file is deleted."""
    now = settings.clock()

    def work(connection: Connection) -> dict[str, Any]:
        shares.stop(connection, caller.subject, share_id, now)
        return shares.get_mine(connection, caller.subject, share_id, now)

    return await database.run(work)


def _patient(connection: Connection, caller: Caller) -> str:
    """The caller's own record. Raises a 404 `Problem` when there is none."""
    found = find_patient(connection, caller.subject)
    if found is None:
        raise not_found()
    return found
