"""How an application moves on: asked at the register, drawn, signed and stored, step by step."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, Row

from gateway import jobs
from gateway.certificates import applications, drafting, moving, registering
from gateway.certificates.messages import ANSWER_NEEDED
from gateway.certificates.office import Office
from gateway.certificates.signing import Signer
from gateway.certificates.tables import IN_PROCESS
from gateway.database import Database
from gateway.jobs import Again, Job, pause_after
from gateway.registers.criminal_records import (
    CriminalRecord,
    Inquiry,
    RegisterAnswerError,
    RegisterDownError,
    ask,
)


class Issuing:
    """The job handler of the office: every step may be repeated, and changes the state once."""

    def __init__(self, database: Database, office: Office, signer: Signer | None = None) -> None:
        self._database, self._office = database, office
        self._signer = signer or office.signer()

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
            "ready": self._archive,
        }
        step = steps.get(application.status) if application is not None else None
        if application is None or step is None:
            return None
        try:
            return await step(application)
        except RegisterDownError:
            await self._note(application, "register_down")
        except RegisterAnswerError:
            await self._note(application, "register_error")
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
        seconds = self._office.configuration.register_seconds
        record = await ask(self._office.register, inquiry, seconds)
        if record is None:
            await self._refuse(application)
            return None
        if record.status == "needs_look" and application.decision is None:
            return await self._wait_for_officer(application)
        given = application.decision, application.certificate_type
        entries = [_stored(entry) for entry in _shown(record, *given)]
        await self._database.run(lambda db: self._to_signing(db, application, entries))
        return Again(self._office.configuration.step_seconds)

    async def _wait_for_officer(self, application: Row[Any]) -> Again:
        """An officer decides; in a sandbox where none is there, the automatic one may."""
        rules, now = self._office.configuration, self._now().timestamp()
        if application.note != ANSWER_NEEDED:
            await self._note(application, "needs_look")
        automatic = rules.sandbox_officer_seconds
        if not automatic or not self._office.settings.sandbox:
            return Again(rules.look_seconds)
        states = await self._database.run(
            lambda db: applications.history_of(db, application.application_id), write=False
        )
        left = states[-1].at + automatic - now
        if left > 0 or application.note == ANSWER_NEEDED:
            return Again(max(left, automatic))
        await self._database.run(lambda db: moving.decide(db, application.application_id, "clear"))
        return Again(0)

    def _to_signing(
        self, db: Connection, application: Row[Any], convictions: list[dict[str, Any]]
    ) -> None:
        """Number and code are given out with the state, so that a repeated signing reuses them."""
        given = db, application.application_id, "checking", "signing", self._now()
        moved = moving.advance(*given, convictions=convictions)
        if moved:
            moving.give_number(db, application.application_id, drafting.new_code())

    async def _issue(self, application: Row[Any]) -> Again | None:
        issued = self._now().replace(microsecond=0)
        row = await to_thread.run_sync(
            drafting.draw_and_sign, self._office, self._signer, application, issued
        )
        await self._database.run(lambda db: registering.store(db, application, row, self._now()))
        return Again(0) if self._office.configuration.archive else None

    async def _archive(self, application: Row[Any]) -> None:
        """An archive timestamp, made after the resident has the certificate: nobody waits for it."""
        if application.archive_sha256 is not None or not self._office.configuration.archive:
            return
        document = await self._database.run(
            lambda db: registering.document(db, application.number), write=False
        )
        at = self._now().replace(microsecond=0)
        added = await to_thread.run_sync(self._signer.archive, document, at)
        await self._database.run(
            lambda db: registering.store_archive(db, application.number, document, added)
        )

    async def _refuse(self, application: Row[Any]) -> None:
        moment = self._now()

        def refused(db: Connection) -> None:
            application_id, reason = application.application_id, "identity_mismatch"
            moving.advance(db, application_id, "checking", "refused", moment, reason=reason)
            jobs.drop(db, moving.LATE_JOB, application_id)

        await self._database.run(refused)

    async def _advance(self, application: Row[Any], after: str) -> Again:
        moment, before = self._now(), application.status
        await self._database.run(
            lambda db: moving.advance(db, application.application_id, before, after, moment)
        )
        return Again(self._office.configuration.step_seconds)

    async def _note(self, application: Row[Any], code: str) -> None:
        if application.status in IN_PROCESS:
            await self._database.run(lambda db: moving.note(db, application.application_id, code))

    def _now(self) -> datetime:
        return self._office.settings.clock().astimezone(UTC)


def _shown(
    record: CriminalRecord, decision: str | None, certificate_type: int
) -> list[dict[str, Any]]:
    """What stands on the form: No. 1 leaves out what is spent, No. 2 shows everything (Law
    107/2025); an officer may have found that the entries are another's.
    """
    if decision == "clear":
        return []
    every = certificate_type == 2
    return [asdict(entry) for entry in record.convictions if every or not entry.spent]


def _stored(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "judgment_date": str(entry["judgment_date"])}
