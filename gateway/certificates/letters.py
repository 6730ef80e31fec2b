"""The letter of apology: a signed page that says which day was missed and names the new one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import typst
from anyio import to_thread
from sqlalchemy import Connection, Row, insert, select, update

from gateway.certificates import applications, notices, words
from gateway.certificates.application_tables import letters
from gateway.certificates.office import Office
from gateway.certificates.pdf import HERE
from gateway.certificates.signing import Signer
from gateway.certificates.tables import IN_PROCESS
from gateway.certificates.tables import applications as table
from gateway.database import Database
from gateway.jobs import Again, Job
from gateway.working_time import HANOI, Deadline, after_working_days


@dataclass(frozen=True, slots=True)
class Apology:
    """What a letter says; the times are aware."""

    application_id: str
    name: str = field(repr=False)
    certificate_type: int
    missed: datetime
    expected: datetime
    written: datetime


class Lateness:
    """The job that waits for an application's deadline."""

    def __init__(self, database: Database, office: Office, signer: Signer) -> None:
        self._database, self._office, self._signer = database, office, signer

    async def handle(self, job: Job) -> Again | None:
        """Apologise and promise a new day when there is no result yet; None when there is one."""
        application = await self._database.run(
            lambda db: applications.get(db, job.reference), write=False
        )
        if application is None or application.status not in IN_PROCESS:
            return None
        now = self._office.settings.clock()
        if application.due_at > now.timestamp():
            return Again(application.due_at - now.timestamp())
        deadline = after_working_days(now, self._office.configuration.late_days)
        apology = Apology(
            application_id=application.application_id,
            name=application.identity["name"],
            certificate_type=application.certificate_type,
            missed=datetime.fromtimestamp(application.due_at, HANOI),
            expected=deadline.due,
            written=now.replace(microsecond=0),
        )
        signed = await to_thread.run_sync(self._write, apology)
        await self._database.run(lambda db: send(db, application, apology, deadline, signed))
        return Again(deadline.due.timestamp() - now.timestamp())

    def _write(self, apology: Apology) -> bytes:
        return self._signer.sign(draw(apology), apology.written)


def draw(apology: Apology) -> bytes:
    """The letter as one PDF/A-3b page, tagged, in Vietnamese, not signed yet."""
    data = {
        "mark": words.SANDBOX_MARK,
        "authority": words.AUTHORITY,
        "title": "Thư xin lỗi",
        "about": f"Hồ sơ {apology.application_id}: {words.title(apology.certificate_type)}",
        "name": apology.name,
        "missed": f"{apology.missed:%H:%M, %d/%m/%Y}",
        "expected": f"{apology.expected:%H:%M, %d/%m/%Y}",
        "written": f"{apology.written.astimezone(HANOI):%d/%m/%Y}",
    }
    document = typst.compile(
        str(HERE / "apology.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["a-3b"],
        timestamp=int(apology.written.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst answered with several files for one letter")
    return document


def send(
    db: Connection, application: Row[Any], apology: Apology, deadline: Deadline, signed: bytes
) -> None:
    """Store the letter and the new day, once for each day that was missed."""
    still = (
        table.c.application_id == application.application_id,
        table.c.due_at == application.due_at,
        table.c.status.in_(IN_PROCESS),
    )
    due = deadline.due.timestamp()
    if db.execute(update(table).where(*still).values(due_at=due)).rowcount != 1:
        return
    row = {
        "letter": len(of(db, application.application_id)) + 1,
        "at": apology.written.timestamp(),
        "due_before": application.due_at,
        "due_after": due,
        "document": signed,
    }
    db.execute(insert(letters).values(application_id=application.application_id, **row))
    notices.tell(db, application.application_id, notices.LATE, apology.written)


def of(db: Connection, application_id: str) -> list[Row[Any]]:
    """The letters of an application without their files, the first one first."""
    columns = letters.c
    theirs = select(columns.letter, columns.at, columns.due_before, columns.due_after)
    return list(
        db.execute(theirs.where(columns.application_id == application_id).order_by(columns.letter))
    )


def document(db: Connection, application_id: str, letter: int) -> bytes | None:
    """A letter's signed file, None when there is no such letter."""
    found = select(letters.c.document).where(
        letters.c.application_id == application_id, letters.c.letter == letter
    )
    kept = db.scalar(found)
    return None if kept is None else bytes(kept)
