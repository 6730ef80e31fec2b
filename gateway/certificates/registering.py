"""The register of issued files: stored once, archived, replaced by newer ones, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway import jobs
from gateway.certificates import moving, notices, pdf
from gateway.certificates.tables import certificates
from gateway.working_time import HANOI


def store(db: Connection, application: Row[Any], row: dict[str, Any], at: datetime) -> None:
    """Store the signed file with the state `ready`; what it renews is superseded from today."""
    if not moving.advance(db, application.application_id, "signing", "ready", at):
        return
    db.execute(insert(certificates).values(**row))
    jobs.drop(db, moving.LATE_JOB, application.application_id)
    if application.renews is not None:
        older = certificates.c.application_id == application.renews
        _end(db, older, "superseded", None, at)


def revoke(db: Connection, number: str, reason: str, at: datetime) -> bool:
    """Take the certificate's force away, once; False when it has none, or is not there."""
    if not _end(db, certificates.c.number == number, "revoked", reason, at):
        return False
    whose = select(certificates.c.application_id).where(certificates.c.number == number)
    notices.tell(db, db.execute(whose).scalar_one(), notices.REVOKED, at)
    return True


def document(db: Connection, number: str) -> bytes:
    """The signed file of one revision."""
    kept = select(certificates.c.document).where(certificates.c.number == number)
    return bytes(db.execute(kept).scalar_one())


def long_term(db: Connection, number: str) -> bytes | None:
    """The file with its archive timestamp (PAdES B-LTA), None when there is none."""
    kept = select(certificates.c.document, certificates.c.archive)
    found = db.execute(kept.where(certificates.c.number == number)).first()
    if found is None or found.archive is None:
        return None
    return bytes(found.document) + bytes(found.archive)


def store_archive(db: Connection, number: str, signed: bytes, added: bytes) -> None:
    """Keep what the archive timestamp adds, unless another worker was first."""
    this = certificates.c.number == number, certificates.c.archive.is_(None)
    db.execute(
        update(certificates)
        .where(*this)
        .values(archive=added, archive_sha256=pdf.sha256(signed + added))
    )


def _end(db: Connection, which: Any, status: str, reason: str | None, at: datetime) -> bool:
    """A certificate that is revoked stays revoked, also when a newer one comes."""
    last_day = at.astimezone(HANOI).date()
    before = ("valid", "superseded") if status == "revoked" else ("valid",)
    ended = update(certificates).where(which, certificates.c.status.in_(before))
    found = db.execute(ended.values(status=status, ended_on=last_day, ended_reason=reason))
    return found.rowcount == 1
