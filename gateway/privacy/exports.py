"""Exports as residents ask for them: one at a time, made by a job, there for a day."""

from __future__ import annotations

import hashlib
import logging
import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, Row, insert, select, update

from gateway.database import Database, take_turn
from gateway.jobs import Again, Job, enqueue, pause_after
from gateway.media_store import MediaStore
from gateway.privacy.export_file import Order, Writer, lines_to_export
from gateway.privacy.people import known_of
from gateway.privacy.tables import exports
from gateway.privacy.words import Language
from gateway.problems import Problem, not_found
from gateway.service_requests.handling_tables import notices
from gateway.settings import Settings

log = logging.getLogger(__name__)

JOB = "privacy_export"
WAITING, READY, FAILED = "waiting", "ready", "failed"
KEPT = timedelta(hours=24)
TRIES = 5
NOTICE = "export_ready"


def ask(connection: Connection, subject: str, language: Language, now: datetime) -> str:
    """Begin an export and return its id; while one is being made, a second asking is the same."""
    take_turn(connection, f"export {subject}")
    columns = exports.c
    waiting = select(columns.export_id).where(columns.subject == subject, columns.state == WAITING)
    found = connection.scalar(waiting)
    if found is not None:
        return str(found)
    export_id = secrets.token_hex(16)
    row = {"export_id": export_id, "subject": subject, "language": language, "state": WAITING}
    total = len(lines_to_export())
    connection.execute(insert(exports).values(**row, created=now, total=total))
    enqueue(connection, JOB, export_id, now.timestamp())
    return export_id


def list_mine(connection: Connection, subject: str, now: datetime) -> list[Row[Any]]:
    """The resident's exports that are made or there, the newest first."""
    columns = exports.c
    mine = select(exports).where(columns.subject == subject)
    found = connection.execute(mine.order_by(columns.created.desc()).limit(20))
    return [row for row in found if row.expires is None or row.expires > now]


def get_mine(connection: Connection, subject: str, export_id: str, now: datetime) -> Row[Any]:
    """One export of that resident. Raises a 404 `Problem`, also for another's."""
    columns = exports.c
    mine = select(exports).where(columns.subject == subject, columns.export_id == export_id)
    row = connection.execute(mine).one_or_none()
    if row is None or (row.expires is not None and row.expires <= now):
        raise not_found()
    return row


def ready_of(row: Row[Any]) -> Row[Any]:
    """The export, if its file is there. Raises a 409 `Problem` before."""
    if row.state != READY:
        raise Problem(409, "export-not-ready", "The export is not ready yet")
    return row


@dataclass(frozen=True, slots=True)
class Exporting:
    """The job that makes an export: into a file of the machine, then into the media store."""

    settings: Settings
    database: Database
    store: MediaStore

    async def handle(self, job: Job) -> Again | None:
        """Make it, or try again; after `TRIES` it has failed, and the resident is shown so."""
        try:
            await to_thread.run_sync(self._make, job.reference)
        except Exception as error:  # Whatever it was, the resident is told in the end.
            log.error("export_not_made %s", type(error).__name__)
            if job.attempts + 1 < TRIES:
                return Again(pause_after(job.attempts), failed=True)
            await self.database.run(lambda db: _set(db, job.reference, state=FAILED))
        return None

    def _make(self, export_id: str) -> None:
        found = select(exports).where(exports.c.export_id == export_id)
        row = self.database.run_here(lambda db: db.execute(found).one_or_none(), write=False)
        if row is None or row.state != WAITING:
            return
        now = self.settings.clock()
        known = known_of(self.settings, row.subject, row.language)
        order = Order(row.subject, row.language, now, self.settings.sandbox, known)
        with tempfile.TemporaryDirectory(prefix="ihanoi-export-") as folder:
            path = Path(folder) / "export.zip"
            with self.database.transaction(write=False) as connection:
                told = _Progress(self.database, export_id)
                Writer(connection, self.store, order, path, told).write()
            self.store.put_archive(export_id, path)
            made = {"size": path.stat().st_size, "sha256": _digest(path)}
        if not self.database.run_here(lambda db: self._finish(db, row, made)):
            self.store.delete(export_id)

    def _finish(self, connection: Connection, row: Row[Any], made: dict[str, Any]) -> bool:
        """Say that it is there, in the inbox too; False when it was erased meanwhile."""
        now = self.settings.clock()
        values = {**made, "state": READY, "expires": now + KEPT, "done": row.total}
        if not _set(connection, row.export_id, **values):
            return False
        line = {"notice_id": secrets.token_hex(16), "subject": row.subject, "kind": NOTICE}
        connection.execute(insert(notices).values(**line, description="", created=now))
        return True


@dataclass(frozen=True, slots=True)
class _Progress:
    """Tells how far an export is, in transactions of its own."""

    database: Database
    export_id: str

    def __call__(self, done: int) -> None:
        self.database.run_here(lambda db: _set(db, self.export_id, done=done))


def _set(connection: Connection, export_id: str, **values: Any) -> bool:
    this = update(exports).where(exports.c.export_id == export_id)
    return connection.execute(this.values(**values)).rowcount == 1


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
