"""Checking without an account: what the file says, and what the register of issued files says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from anyio import to_thread
from cryptography import x509
from sqlalchemy import Connection, Row, or_, select

from gateway.certificates import pdf, reads
from gateway.certificates.coverage import Detail
from gateway.certificates.fields import Fields, normal_number
from gateway.certificates.inspection import Finding, Inspection, inspect
from gateway.certificates.tables import applications, certificates
from gateway.certificates.words import AUTHORITY, mask_name
from gateway.database import Database
from gateway.working_time import HANOI


class Verdict(StrEnum):
    """The answer; only `valid` may be accepted."""

    VALID = "valid"
    ALTERED = "altered"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"


class Outcome(StrEnum):
    """What one of the three checks gave."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a stranger may see of a certificate: number, masked name, day of issue, last day."""

    number: str
    name: str
    issued_date: date
    ended_date: date | None


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, why (a code), the three checks, and masked details where the register knows."""

    verdict: Verdict
    reason: str
    signature: Outcome
    content: Outcome
    status: Outcome
    checked_datetime: datetime
    signer: str = ""
    certificate: Subject | None = None
    detail: str | None = None


class Inspect(Protocol):
    """Looks at a PDF as of a moment; `inspection.inspect` or the process that bounds it."""

    def __call__(
        self,
        document: bytes,
        root: x509.Certificate,
        at: datetime,
        stamp_root: x509.Certificate | None = None,
    ) -> Inspection | None:
        """The inspection, None when it takes more time or memory than it may."""
        ...


class Verifier:
    """Checks files and codes against the root certificate and the register of issued files."""

    def __init__(
        self,
        database: Database,
        root: x509.Certificate,
        clock: Callable[[], datetime],
        *,
        stamp_root: x509.Certificate | None = None,
        inspect: Inspect = inspect,
    ) -> None:
        self._database, self._root, self._clock = database, root, clock
        self._stamp_root, self._inspect = stamp_root, inspect

    async def check_file(self, document: bytes) -> Verification:
        """Check a PDF; nothing of it is kept. Any bytes get an answer."""
        at = self._clock()
        inspection = await self._look(document, at)
        if inspection is None:
            return _answer(Verdict.UNCHECKED, "too_costly", Outcome.NOT_CHECKED, at)
        fingerprint = pdf.sha256(document)
        if inspection.finding is Finding.EXPIRED:
            inspection = await self._prove(inspection, fingerprint, at)
        return await self._database.run(
            lambda db: _logged(db, _of_file(db, inspection, fingerprint, at), at)
        )

    async def check_fields(self, fields: Fields) -> Verification:
        """Look up a certificate by its number, when all five fields beside it are right."""
        at = self._clock()
        return await self._database.run(lambda db: _logged(db, _of_fields(db, fields, at), at))

    async def _look(self, document: bytes, at: datetime) -> Inspection | None:
        given = document, self._root, at, self._stamp_root
        return await to_thread.run_sync(self._inspect, *given)

    async def _prove(self, expired: Inspection, fingerprint: str, at: datetime) -> Inspection:
        """A file whose timestamp has ended is proved by the archive timestamp kept over it."""
        kept = await self._database.run(
            lambda db: _archived(db, certificates.c.sha256 == fingerprint), write=False
        )
        found = await self._look(kept, at) if kept else None
        return found if found is not None and found.finding is Finding.WHOLE else expired

    async def check_code(self, code: str) -> Verification:
        """Look up a certificate by its printed code; it says nothing about any file's content."""
        at = self._clock()
        return await self._database.run(lambda db: _logged(db, _of_code(db, code, at), at))


def normal_code(text: str) -> str:
    """The code as it is stored, however it was typed: "7hc4 k2qd" gives "7HC4-K2QD"."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return f"{letters[:4]}-{letters[4:]}"


def _of_file(
    db: Connection, inspection: Inspection, fingerprint: str, at: datetime
) -> Verification:
    detail = inspection.detail
    if inspection.finding is Finding.WHOLE:
        issued = _find(db, _is_file(fingerprint))
        if issued is not None:
            return _of_status(issued, Outcome.PASSED, at)
    if inspection.finding is Finding.EXPIRED and _find(db, _is_file(fingerprint)) is not None:
        return _answer(Verdict.UNCHECKED, "expired", Outcome.NOT_CHECKED, at, detail=detail)
    # The covered part is one we signed, so the rest of the file is not as it was issued.
    ours = _find(db, certificates.c.covered_digest == inspection.covered_digest)
    if inspection.finding is Finding.BROKEN or ours is not None:
        why = detail or Detail.DIGEST
        return _answer(Verdict.ALTERED, "content_changed", Outcome.FAILED, at, detail=why)
    if inspection.finding is Finding.WHOLE:
        return _answer(Verdict.UNKNOWN, "not_issued_here", Outcome.PASSED, at, AUTHORITY)
    if inspection.finding in {Finding.OTHER_AUTHORITY, Finding.EXPIRED}:
        return _answer(Verdict.UNKNOWN, "other_authority", Outcome.FAILED, at, detail=detail)
    return _answer(Verdict.UNKNOWN, "no_signature", Outcome.FAILED, at)


def _of_code(db: Connection, code: str, at: datetime) -> Verification:
    issued = _find(db, certificates.c.code == normal_code(code))
    if issued is None:
        return _answer(Verdict.UNKNOWN, "unknown_code", Outcome.NOT_CHECKED, at)
    return _of_status(issued, Outcome.NOT_CHECKED, at)


def _of_fields(db: Connection, fields: Fields, at: datetime) -> Verification:
    """A wrong field and an unknown number cost the same and answer the same."""
    columns = applications.c
    kept = db.execute(
        select(columns.application_id, columns.identity, columns.number)
        .select_from(applications.join(certificates, certificates.c.number == columns.number))
        .where(certificates.c.number == normal_number(fields.number))
    ).first()
    right = fields.match(kept.application_id if kept else "", kept.identity if kept else {})
    issued = _find(db, certificates.c.number == normal_number(fields.number))
    if issued is None or not right:
        return _answer(Verdict.UNKNOWN, "unknown_number", Outcome.NOT_CHECKED, at)
    return _of_status(issued, Outcome.NOT_CHECKED, at)


def _is_file(fingerprint: str) -> Any:
    """The file as it was issued, or the same with its archive timestamp."""
    return or_(certificates.c.sha256 == fingerprint, certificates.c.archive_sha256 == fingerprint)


def _archived(db: Connection, condition: Any) -> bytes | None:
    kept = select(certificates.c.document, certificates.c.archive).where(condition)
    found = db.execute(kept).first()
    if found is None or found.archive is None:
        return None
    return bytes(found.document) + bytes(found.archive)


def _of_status(issued: Row[Any], file: Outcome, at: datetime) -> Verification:
    verdict = Verdict(issued.status)
    in_force = verdict is Verdict.VALID
    return Verification(
        verdict=verdict,
        reason="genuine" if in_force else issued.status,
        signature=file,
        content=file,
        status=Outcome.PASSED if in_force else Outcome.FAILED,
        checked_datetime=at,
        signer=AUTHORITY,
        certificate=_subject(issued),
    )


def _answer(
    verdict: Verdict,
    reason: str,
    signature: Outcome,
    at: datetime,
    signer: str = "",
    detail: str | None = None,
) -> Verification:
    altered = verdict is Verdict.ALTERED
    content = Outcome.FAILED if altered else Outcome.NOT_CHECKED
    return Verification(
        verdict, reason, signature, content, Outcome.NOT_CHECKED, at, signer, detail=detail
    )


def _subject(issued: Row[Any]) -> Subject:
    issued_date = datetime.fromtimestamp(issued.issued_at, HANOI).date()
    return Subject(issued.number, mask_name(issued.name), issued_date, issued.ended_on)


def _find(db: Connection, condition: Any) -> Row[Any] | None:
    columns = certificates.c
    wanted: Any = (
        columns.number,
        columns.name,
        columns.status,
        columns.issued_at,
        columns.ended_on,
    )
    return db.execute(select(*wanted).where(condition)).first()


def _logged(db: Connection, found: Verification, at: datetime) -> Verification:
    """The resident sees that somebody checked, and what the answer was; not who."""
    if found.certificate is not None:
        number = found.certificate.number
        verdict = found.verdict.value
        reads.record(db, number, "check", at, actor=reads.ANYONE, verdict=verdict)
    return found
