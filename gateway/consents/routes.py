"""Under /privacy: what residents are asked to agree to, what they decided, and deciding."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection

from gateway.consents import ledger, representing, wire
from gateway.consents.ledger import Decision
from gateway.consents.purposes import Purpose, purposes
from gateway.consents.representing import Person
from gateway.consents.stopping import stop
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_people import consents as carer_consents
from gateway.health_people.wire import Consent as CarerConsent
from gateway.health_records.store import find_patient
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import Problem, not_found, reference_of
from gateway.registers.names import name_of
from gateway.security import PUBLIC, Caller, resident
from gateway.settings import Settings

router = APIRouter(prefix="/privacy", tags=["privacy"])

LATEST = timedelta(days=30)
"""How long before it arrives a decision may have been made: as long as an outbox may wait."""
AnyResident = Annotated[Caller, Depends(resident(scope="openid"))]
ChildKey = Annotated[str, Query(pattern=r"^([0-9a-f]{16})?$")]


@router.get("/purposes", openapi_extra=PUBLIC)
async def list_purposes(settings: CurrentSettings) -> list[wire.PublicPurpose]:
    """What residents are asked about here, with the texts in force; anyone may read it."""
    return [wire.PublicPurpose.of(purpose) for purpose in purposes(settings).values()]


@router.get("/consents")
async def read_ledger(
    caller: AnyResident, settings: CurrentSettings, database: CurrentDatabase, child: ChildKey = ""
) -> wire.Ledger:
    """What the caller decided, or was decided about their child of that key."""
    return await database.run(lambda db: _ledger(db, settings, caller.subject, child), write=False)


@router.post("/consents/{purpose}", status_code=201)
async def decide(
    request: Request,
    purpose: str,
    body: wire.DecisionBody,
    caller: AnyResident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> wire.Ledger:
    """Agree, refuse or withdraw; what runs by a withdrawn consent stops in the same moment."""
    asked, now = _purpose(settings, purpose), settings.clock()
    attempt = Attempt(
        caller.subject,
        key,
        body_hash("privacy.decide", purpose, body.model_dump(mode="json")),
        now,
    )
    made = _decision(asked, body, caller, now, reference_of(request))

    def work(connection: Connection) -> wire.Ledger:
        once(connection, attempt, lambda: _keep(connection, made, body.child, asked))
        return _ledger(connection, settings, caller.subject, body.child)

    return await database.run(work)


def _keep(connection: Connection, made: Decision, child: str, asked: Purpose) -> None:
    about = representing.person(connection, made.decided_by, child, made.received)
    representing.check_may_decide(connection, about, asked, made.received)
    counts = ledger.write(connection, replace(made, subject=about.subject))
    if counts and made.decision != ledger.AGREED:
        stop(connection, about.subject, made.purpose, made.received)


def _decision(
    asked: Purpose, body: wire.DecisionBody, caller: Caller, now: datetime, request_id: str
) -> Decision:
    """The row to be. Raises a 409 `Problem` for an agreement to a text that is not in force."""
    text = asked.version(body.text_version)
    if text is None or (body.decision == ledger.AGREED and text is not asked.text):
        raise Problem(409, "consent-text-changed", "The text of the consent has changed")
    return Decision(
        subject=caller.subject,
        decided_by=caller.subject,
        purpose=asked.purpose,
        decision=body.decision,
        text_version=text.version,
        text_digest=text.in_language(body.language).digest,
        language=body.language,
        way=body.way,
        device=body.device,
        client_id=caller.client_id,
        decided=_moment_of(body, now),
        received=now,
        request_id=request_id,
    )


def _moment_of(body: wire.DecisionBody, now: datetime) -> datetime:
    """When it was decided: what the device says, unless that cannot be."""
    said = body.decided
    usable = said is not None and said.tzinfo is not None and now - LATEST <= said <= now
    return said if usable and said is not None else now


def _purpose(settings: Settings, code: str) -> Purpose:
    found = purposes(settings).get(code)
    if found is None:
        raise not_found()
    return found


def _ledger(connection: Connection, settings: Settings, caller: str, child: str) -> wire.Ledger:
    now = settings.clock()
    about = representing.person(connection, caller, child, now)
    newest = ledger.newest_of(connection, about.subject)
    return wire.Ledger(
        child=about.child_key,
        name=name_of(settings, about.subject),
        purposes=[
            wire.AskedPurpose.about(
                one,
                newest.get(one.purpose),
                may_decide=_may_decide(connection, about, one, now),
            )
            for one in purposes(settings).values()
            if not about.child_key or one.represented_until
        ],
        history=[wire.PastDecision.of(row) for row in ledger.history_of(connection, about.subject)],
        carers=_carers(connection, about, now),
        children=[
            wire.Child(
                child=one.child_key,
                name=name_of(settings, one.subject),
                patient_id=find_patient(connection, one.subject) or "",
            )
            for one in representing.children(connection, caller, now)
        ],
    )


def _may_decide(connection: Connection, about: Person, purpose: Purpose, now: datetime) -> bool:
    try:
        representing.check_may_decide(connection, about, purpose, now)
    except Problem:
        return False
    return True


def _carers(connection: Connection, about: Person, now: datetime) -> list[CarerConsent]:
    given = carer_consents.given_by(connection, about.subject, now)
    past = carer_consents.past_of(connection, about.subject, now)
    return [CarerConsent.of(row, now) for row in (*given, *past)]
