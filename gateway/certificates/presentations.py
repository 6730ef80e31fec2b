"""Chosen claims shown by a link: drafted here, signed on the device, checked by whoever has it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from gateway.certificates import credential, reads, sd_jwt, wire
from gateway.certificates.application_tables import presentation_checks, presentations
from gateway.certificates.office import Office
from gateway.certificates.tables import applications, certificates
from gateway.certificates.verification import Verdict
from gateway.problems import FieldError, Problem, invalid, not_found

DRAFT, ACTIVE, STOPPED, EXPIRED = "draft", "active", "stopped", "expired"


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody with a link sees: a verdict and, only for a valid one, the chosen claims."""

    verdict: Verdict
    reason: str
    at: datetime
    claims: dict[str, Any] = field(default_factory=dict, repr=False)
    presentation: str = field(default="", repr=False)
    expires_at: float = 0.0


def audience(public_url: str) -> str:
    """For whom a key binding is made: the page that shows it."""
    return f"{public_url}/verify"


def draft(
    db: Connection, application: Row[Any], seconds: int, at: datetime, public_url: str
) -> dict[str, Any]:
    """Begin a presentation: what the device has to sign. Raises a 409 `Problem` for a certificate
    that is not in force.
    """
    if application.certificate_status != "valid" or application.credential is None:
        raise Problem(409, "presentation-ended", "This certificate cannot be shown any more")
    row = {
        "presentation_id": secrets.token_hex(12),
        "application_id": application.application_id,
        "status": DRAFT,
        "nonce": secrets.token_urlsafe(24),
        "created_at": at.timestamp(),
        "expires_at": at.timestamp() + seconds,
    }
    db.execute(insert(presentations).values(**row))
    return {
        "presentation_id": row["presentation_id"],
        "nonce": row["nonce"],
        "aud": audience(public_url),
        "expires_datetime": wire.moment(at.timestamp() + seconds),
        "status": DRAFT,
    }


def publish(
    db: Connection, subject: str, presentation_id: str, text: str, office: Office
) -> dict[str, Any]:
    """Take what the device signed and give out the link, whose secret is kept by nobody here.

    Raises a 404 `Problem` for another resident's, a 409 once it has ended, a 422 saying why the
    presentation cannot be accepted.
    """
    at, public_url = office.settings.clock(), office.settings.public_url
    found = _mine(db, subject, presentation_id)
    if _status(found, at) != DRAFT:
        raise Problem(409, "presentation-ended", "This presentation has ended")
    try:
        presented = sd_jwt.check_binding(
            text,
            credential.public_key(office.authority),
            audience=audience(public_url),
            nonce=found.nonce,
            at=at,
        )
        _check_facts(presented, found, office)
    except sd_jwt.NotAcceptableError as error:
        raise invalid([FieldError(field="presentation", code=error.code)]) from None
    secret = secrets.token_urlsafe(24)
    this = presentations.c.presentation_id == presentation_id
    claims = list(presented.claims)
    kept = {"secret_hash": _hash(secret), "claims": claims, "presentation": text}
    db.execute(update(presentations).where(this).values(status=ACTIVE, **kept))
    return {
        "presentation_id": presentation_id,
        "status": ACTIVE,
        "claims": claims,
        "link": f"{public_url}/verify/p/{secret}",
        "expires_datetime": wire.moment(found.expires_at),
    }


def of(db: Connection, application_id: str, at: datetime) -> list[dict[str, Any]]:
    """The presentations of an application with who opened their links, newest first."""
    theirs = select(presentations).where(presentations.c.application_id == application_id)
    rows = db.execute(theirs.order_by(presentations.c.created_at.desc())).all()
    return [
        {
            "presentation_id": row.presentation_id,
            "status": _status(row, at),
            "claims": row.claims or [],
            "created_datetime": wire.moment(row.created_at),
            "expires_datetime": wire.moment(row.expires_at),
            "checks": _checks(db, row.presentation_id),
        }
        for row in rows
    ]


def stop(db: Connection, subject: str, presentation_id: str) -> None:
    """End a link at once and forget what it showed; twice is once. Raises a 404 `Problem`."""
    _mine(db, subject, presentation_id)
    this = presentations.c.presentation_id == presentation_id
    db.execute(update(presentations).where(this).values(status=STOPPED, presentation=None))


def look(db: Connection, secret: str, name: str, office: Office) -> Look:
    """Open a link as `name`, which is what they typed; the owner sees that, and the verdict."""
    at = office.settings.clock()
    columns = (
        presentations,
        certificates.c.number,
        certificates.c.status.label("certificate_status"),
    )
    same = certificates.c.application_id == presentations.c.application_id
    found = db.execute(
        select(*columns)
        .select_from(presentations.join(certificates, same))
        .where(presentations.c.secret_hash == _hash(secret))
    ).first()
    if found is None or _status(found, at) != ACTIVE:
        return Look(Verdict.UNKNOWN, "unknown_link", at)
    verdict = Verdict(found.certificate_status)
    _record(db, found, name, verdict, at)
    if verdict is not Verdict.VALID:
        return Look(verdict, verdict.value, at, expires_at=found.expires_at)
    signed = found.presentation[: found.presentation.rindex("~") + 1]
    claims = sd_jwt.check(signed, credential.public_key(office.authority)).claims
    return Look(verdict, "genuine", at, claims, found.presentation, found.expires_at)


def is_open(db: Connection, secret: str, at: datetime) -> bool:
    """Whether a link shows anything now."""
    found = select(presentations).where(presentations.c.secret_hash == _hash(secret))
    row = db.execute(found).first()
    return row is not None and _status(row, at) == ACTIVE


def forget_drafts(db: Connection, application_id: str, at: datetime) -> None:
    """Drop what was begun and never signed."""
    old = (
        presentations.c.application_id == application_id,
        presentations.c.status == DRAFT,
        presentations.c.expires_at < at.timestamp(),
    )
    db.execute(delete(presentations).where(*old))


def _check_facts(presented: sd_jwt.Presented, found: Row[Any], office: Office) -> None:
    """It must be this certificate's own twin, and show something."""
    payload, api_url = presented.payload, office.settings.api_url
    place = credential.place(found.status_index, api_url)
    if payload.get("status") != {"status_list": place} or payload.get("iss") != credential.issuer(
        api_url
    ):
        raise sd_jwt.NotAcceptableError("other_certificate")
    if found.certificate_status != "valid":
        raise sd_jwt.NotAcceptableError("revoked")
    if not presented.claims:
        raise sd_jwt.NotAcceptableError("unreadable")


def _record(db: Connection, found: Row[Any], name: str, verdict: Verdict, at: datetime) -> None:
    row = {"name": name, "at": at.timestamp(), "verdict": verdict.value}
    db.execute(insert(presentation_checks).values(presentation_id=found.presentation_id, **row))
    reads.record(
        db,
        found.number,
        "presentation",
        at,
        actor=reads.ANYONE,
        verdict=verdict.value,
        name=name,
    )


def _mine(db: Connection, subject: str, presentation_id: str) -> Row[Any]:
    columns = (
        presentations,
        certificates.c.status_index,
        certificates.c.status.label("certificate_status"),
    )
    joined = presentations.join(
        applications, presentations.c.application_id == applications.c.application_id
    ).join(certificates, certificates.c.application_id == applications.c.application_id)
    found = db.execute(
        select(*columns)
        .select_from(joined)
        .where(
            applications.c.subject == subject,
            presentations.c.presentation_id == presentation_id,
        )
    ).first()
    if found is None:
        raise not_found()
    return found


def _checks(db: Connection, presentation_id: str) -> list[dict[str, Any]]:
    theirs = select(presentation_checks).where(
        presentation_checks.c.presentation_id == presentation_id
    )
    rows = db.execute(theirs.order_by(presentation_checks.c.check_id.desc()).limit(200))
    return [
        {"name": row.name, "datetime": wire.moment(row.at), "verdict": row.verdict} for row in rows
    ]


def _status(row: Row[Any], at: datetime) -> str:
    live = row.status in {DRAFT, ACTIVE}
    return EXPIRED if live and row.expires_at <= at.timestamp() else str(row.status)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
