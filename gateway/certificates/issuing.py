"""How an application moves on: asked at the register, drawn, signed and stored, step by step."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, Row, insert

from gateway.certificates import applications, pdf
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.office import Office
from gateway.certificates.signing import FileSigner
from gateway.certificates.tables import certificates
from gateway.certificates.words import PURPOSES
from gateway.database import Database
from gateway.jobs import Again, Job, pause_after
from gateway.registers.criminal_records import Conviction, Inquiry, RegisterDownError

# No I, O, 0 or 1: the code is read aloud and typed from paper.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Issuing:
    """The job handler of the office: every step may be repeated, and changes the state once."""

    def __init__(self, database: Database, office: Office) -> None:
        self._database, self._office = database, office
        self._signer = FileSigner(office.authority)

    async def handle(self, job: Job) -> Again | None:
        """Take the application one state further; None once it has its result."""
        application = await self._database.run(
            lambda db: applications.get(db, job.reference), write=False
        )
        steps = {
            "submitted": self._receive,
            "received": self._begin,
            "checking": self._check,
            "signing": self._issue,
        }
        step = steps.get(application.status) if application is not None else None
        if application is None or step is None:
            return None
        try:
            return await step(application)
        except RegisterDownError:
            await self._note(application, "register_down")
            return Again(pause_after(job.attempts), failed=True)

    async def _receive(self, application: Row[Any]) -> Again:
        return await self._advance(application, "received")

    async def _begin(self, application: Row[Any]) -> Again:
        if not await self._office.register.is_up():
            raise RegisterDownError
        return await self._advance(application, "checking")

    async def _check(self, application: Row[Any]) -> Again | None:
        identity = application.identity
        inquiry = Inquiry(
            identity_number=identity["identity_number"],
            name=identity["name"],
            birthdate=applications.birthdate_of(identity),
        )
        record = await self._office.register.find(inquiry)
        if record is None:
            await self._advance(application, "refused", reason="identity_mismatch")
            return None
        if record.status == "needs_look":
            await self._note(application, "needs_look")
            return Again(self._office.configuration.look_seconds)
        shown = [asdict(entry) for entry in record.convictions if not entry.spent]
        stored = [{**entry, "judgment_date": str(entry["judgment_date"])} for entry in shown]
        await self._database.run(lambda db: self._to_signing(db, application, stored))
        return Again(self._office.configuration.step_seconds)

    def _to_signing(
        self, db: Connection, application: Row[Any], convictions: list[dict[str, Any]]
    ) -> None:
        """Number and code are given out with the state, so that a repeated signing reuses them."""
        given = {"convictions": convictions}
        moved = applications.advance(
            db, application.application_id, "checking", "signing", self._now(), **given
        )
        if moved:
            applications.give_number(db, application.application_id, new_code())

    async def _issue(self, application: Row[Any]) -> None:
        issued = self._now().replace(microsecond=0)
        content = _content(application, issued)
        row = await to_thread.run_sync(self._sign, application, content)
        await self._database.run(lambda db: self._store(db, application, row))

    def _sign(self, application: Row[Any], content: pdf.Content) -> dict[str, Any]:
        drawn = pdf.draw(content, self._office.settings.public_url)
        signed = self._signer.sign(drawn, content.issued_datetime)
        root = self._office.authority.root.certificate
        inspection = inspect(signed, root, content.issued_datetime)
        if inspection.finding is not Finding.WHOLE:
            raise ValueError(f"the signed certificate is {inspection.finding}")
        return {
            "number": content.number,
            "application_id": application.application_id,
            "code": content.code,
            "name": content.name,
            "status": "valid",
            "issued_at": content.issued_datetime.timestamp(),
            "sha256": pdf.sha256(signed),
            "covered_digest": inspection.covered_digest,
            "pages": pdf.page_count(signed),
            "document": signed,
        }

    def _store(self, db: Connection, application: Row[Any], row: dict[str, Any]) -> None:
        moved = applications.advance(
            db, application.application_id, "signing", "ready", self._now()
        )
        if moved:
            db.execute(insert(certificates).values(**row))

    async def _advance(self, application: Row[Any], after: str, **values: Any) -> Again:
        moment, before = self._now(), application.status
        await self._database.run(
            lambda db: applications.advance(
                db, application.application_id, before, after, moment, **values
            )
        )
        return Again(self._office.configuration.step_seconds)

    async def _note(self, application: Row[Any], code: str) -> None:
        await self._database.run(lambda db: applications.note(db, application.application_id, code))

    def _now(self) -> datetime:
        return self._office.settings.clock().astimezone(UTC)


def new_code() -> str:
    """A short code nobody can guess, as it is printed: four and four characters."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _content(application: Row[Any], issued: datetime) -> pdf.Content:
    identity = application.identity
    return pdf.Content(
        number=application.number,
        code=application.code,
        name=identity["name"],
        gender=identity["gender"],
        birthdate=applications.birthdate_of(identity),
        identity_number=identity["identity_number"],
        address=identity["address"],
        purpose=PURPOSES[application.purpose][0],
        convictions=tuple(_conviction(entry) for entry in application.convictions),
        issued_datetime=issued,
    )


def _conviction(entry: dict[str, Any]) -> Conviction:
    judgment_date = date.fromisoformat(entry["judgment_date"])
    return Conviction(**{**entry, "judgment_date": judgment_date})
