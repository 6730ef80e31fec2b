"""Presenting chosen claims of one's own certificate, and the public side of such a link."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from gateway.certificates import applications, bodies, presentations, wire
from gateway.certificates.serving import (
    CertificateHolder,
    CurrentOffice,
    CurrentThrottle,
    FreshHolder,
)
from gateway.certificates.verification import Verdict
from gateway.dependencies import CurrentDatabase
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.security import PUBLIC

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])


@router.post("/applications/{application_id}/presentations", status_code=201)
async def begin_presentation(
    application_id: str,
    body: bodies.PresentationBody,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """What the device has to sign, so that the chosen claims can be shown for so long."""
    at, public_url = office.settings.clock(), office.settings.public_url
    asked = body_hash("certificates.present", application_id, body.expires_in)
    attempt = Attempt(caller.subject, key, asked, at)

    def work(db: Connection) -> dict[str, Any]:
        mine = applications.get_mine(db, caller.subject, application_id)
        presentations.forget_drafts(db, application_id, at)
        given = db, mine, body.expires_in, at, public_url
        answer, _ = once(db, attempt, lambda: presentations.draft(*given))
        return dict(answer)

    return await database.run(work)


@router.put("/presentations/{presentation_id}")
async def publish_presentation(
    presentation_id: str,
    body: bodies.PresentedBody,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """Take the SD-JWT with key binding and give out its link, this once."""
    given = caller.subject, presentation_id, body.presentation, office
    return await database.run(lambda db: presentations.publish(db, *given))


@router.get("/applications/{application_id}/presentations")
async def list_presentations(
    application_id: str, caller: CertificateHolder, office: CurrentOffice, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """What one showed of one's own certificate, until when, and who opened it."""

    def found(db: Connection) -> list[dict[str, Any]]:
        applications.get_mine(db, caller.subject, application_id)
        return presentations.of(db, application_id, office.settings.clock())

    return await database.run(found, write=False)


@router.delete("/presentations/{presentation_id}", status_code=204)
async def stop_presentation(
    presentation_id: str, caller: CertificateHolder, database: CurrentDatabase
) -> None:
    """End a link at once."""
    await database.run(lambda db: presentations.stop(db, caller.subject, presentation_id))


@router.post("/presentations/check", openapi_extra=PUBLIC)
async def check_presentation(
    request: Request,
    body: bodies.CheckerBody,
    office: CurrentOffice,
    database: CurrentDatabase,
    throttle: CurrentThrottle,
) -> dict[str, Any]:
    """What a link shows to whoever has it; the name they give is told to the owner."""
    throttle.hold_back(request)
    found = await database.run(lambda db: presentations.look(db, body.secret, body.name, office))
    if found.verdict is Verdict.UNKNOWN:
        throttle.missed(request)
    return {
        "verdict": found.verdict.value,
        "reason": found.reason,
        "claims": found.claims,
        "presentation": found.presentation or None,
        "checked_datetime": wire.moment(found.at.timestamp()),
        "expires_datetime": wire.moment(found.expires_at) if found.expires_at else None,
    }
