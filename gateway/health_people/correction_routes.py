"""Under /health/v1: what somebody says is wrong in a record, and the photos that prove it."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, Row

from gateway.health_people import corrections
from gateway.health_people.whose import AtRecord, AtTheRecord
from gateway.health_people.wire import Strict, Words
from gateway.health_records.sections import section_of
from gateway.idempotency import Attempt, IdempotencyKey, once, recall
from gateway.idempotency import body_hash as hash_of
from gateway.media_store import MediaStore
from gateway.photos import UnusablePhoto, clean
from gateway.problems import FieldError, invalid, not_found
from gateway.service_requests.uploads import Upload, read_upload

router = APIRouter(prefix="/health/v1", tags=["health_people"])

State = Literal["received", "in_review", "corrected", "not_corrected"]
_Patient = Annotated[str | None, Query(max_length=64)]
_Proof = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["media"],
                    "properties": {
                        "media": {"type": "string", "format": "binary"},
                        "description": {"type": "string"},
                    },
                }
            }
        },
    }
}
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


class CorrectionBody(Strict):
    """Which line, what is wrong with it, photos sent ahead; `patient_id` None is one's own record."""

    resource_type: str = Field(pattern=r"^[A-Za-z]{1,64}$")
    resource_id: str = Field(min_length=1, max_length=255)
    title: Annotated[Words, Field(min_length=1, max_length=500)]
    description: Annotated[Words, Field(min_length=5, max_length=2000)]
    media_ids: list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]] = Field(
        default_factory=list, max_length=corrections.PROOFS_MOST
    )
    patient_id: str | None = Field(default=None, max_length=64)


class Correction(BaseModel):
    """A request and what became of it."""

    correction_id: str
    resource_type: str
    resource_id: str
    title: str
    description: str
    media_ids: list[str]
    state: State
    reason: str
    facility: str
    created: datetime
    updated: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> Correction:
        """A row."""
        known = {name: row._mapping[name] for name in cls.model_fields if name != "media_ids"}
        return cls(**known, media_ids=json.loads(row.photos))


class Corrections(BaseModel):
    """The requests of one record, the newest first."""

    corrections: list[Correction]


@router.get("/corrections")
async def list_corrections(at: AtTheRecord, patient: _Patient = None) -> Corrections:
    """What was said to be wrong in one's own record, or one's child's."""

    def work(connection: Connection) -> Corrections:
        place = at.writing(connection, patient)
        at.look(connection, place, "search-type", "corrections")
        rows = corrections.of_record(connection, place)
        return Corrections(corrections=[Correction.of(row) for row in rows])

    return await at.database.run(work)


@router.post("/corrections", status_code=201)
async def correct(body: CorrectionBody, key: IdempotencyKey, at: AtTheRecord) -> Correction:
    """Say that a line is wrong, exactly once for each key. The line itself stays as it is."""
    if section_of({"resourceType": body.resource_type}) is None:
        raise invalid([FieldError(field="resource_type", code="unknown")])
    wanted = corrections.Wanted(
        body.resource_type, body.resource_id, body.title, body.description, tuple(body.media_ids)
    )
    attempt = Attempt(at.subject, key, hash_of("health.correct", body.model_dump()), at.now)

    def work(connection: Connection) -> Correction:
        place = at.writing(connection, body.patient_id)

        def begin() -> str:
            found = corrections.request(connection, place, at.subject, wanted, at.now)
            if at.settings.sandbox:
                pace = at.settings.correction_seconds
                corrections.ask_sandbox(connection, found, at.now, pace)
            return found

        correction_id = once(connection, attempt, begin)[0]
        return Correction.of(corrections.find(connection, place, correction_id))

    return await at.database.run(work)


@router.post("/proofs", status_code=201, openapi_extra=_MULTIPART)
async def send_proof(request: Request, key: IdempotencyKey, at: AtTheRecord) -> dict[str, str]:
    """Send a photo ahead of the request it proves: `media`, drawn anew, without metadata."""
    upload = await read_upload(request, at.settings, documents=False)
    asked = hash_of("health.corrections.proof", upload.body_hash())
    attempt = Attempt(at.subject, key, asked, at.now)
    return await to_thread.run_sync(_keep, at, _store(request), upload, attempt)


@router.get("/proofs/{proof_id}", response_class=Response, responses=_JPEG)
async def show_proof(
    request: Request,
    proof_id: _Proof,
    at: AtTheRecord,
    size: Annotated[Literal["full", "thumbnail"], Query()] = "full",
) -> Response:
    """One's own photo as a JPEG."""
    mine = await at.database.run(
        lambda db: corrections.may_see(db, at.subject, proof_id), write=False
    )
    if not mine:
        raise not_found()
    store = _store(request)
    try:
        data = await to_thread.run_sync(lambda: store.get(proof_id, thumbnail=size == "thumbnail"))
    except FileNotFoundError:
        raise not_found() from None
    return Response(data, media_type="image/jpeg")


def _keep(at: AtRecord, store: MediaStore, upload: Upload, attempt: Attempt) -> dict[str, str]:
    """Keep a photo once for each key; blocks. Raises a 422 `Problem` for no usable photo."""
    if attempt.key is not None:
        earlier = at.database.run_here(lambda db: recall(db, attempt), write=False)
        if earlier is not None:
            return {"media_id": str(earlier)}
    try:
        photo = clean(upload.data)
    except UnusablePhoto as error:
        raise invalid([FieldError(field="media", code=error.code)]) from error
    proof_id = secrets.token_hex(16)
    stale: list[str] = []

    def note(connection: Connection) -> str:
        def begin() -> str:
            stale.extend(corrections.keep_proof(connection, at.subject, proof_id, at.now))
            return proof_id

        return str(once(connection, attempt, begin)[0])

    kept = ""
    try:
        store.put(proof_id, photo)
        kept = at.database.run_here(note)
        return {"media_id": kept}
    finally:
        for unneeded in [*stale, *([] if kept == proof_id else [proof_id])]:
            store.delete(unneeded)


def _store(request: Request) -> MediaStore:
    return cast(MediaStore, request.app.state.media_store)
