"""Erasures as residents ask for them: one at a time, done by a job, with a receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from gateway.database import Database, take_turn
from gateway.jobs import Again, Job, enqueue
from gateway.media_store import MediaStore
from gateway.privacy.erasing import Objects, erase, measure
from gateway.privacy.letting_go import blockers, let_go
from gateway.privacy.lines import ERASED
from gateway.privacy.remembering import remember
from gateway.privacy.tables import erasures
from gateway.problems import Problem, not_found
from gateway.settings import Settings

JOB = "privacy_erasure"
WAITING, DONE = "waiting", "done"


def preview(connection: Connection, subject: str) -> dict[str, Any]:
    """What an erasure would erase and keep now, and what stands in its way."""
    return {**measure(connection, subject), "blockers": blockers(connection, subject)}


def ask(connection: Connection, subject: str, now: datetime) -> str:
    """Begin an erasure and return its id; while one waits, a second asking is the same one.

    Raises a 409 `Problem` while something must be ended first.
    """
    take_turn(connection, f"erasure {subject}")
    columns = erasures.c
    waiting = select(columns.erasure_id).where(columns.subject == subject, columns.state == WAITING)
    found = connection.scalar(waiting)
    if found is not None:
        return str(found)
    in_the_way = blockers(connection, subject)
    if in_the_way:
        raise Problem(409, "erasure-blocked", "Something must be ended first", blockers=in_the_way)
    erasure_id = secrets.token_hex(16)
    connection.execute(
        insert(erasures).values(
            erasure_id=erasure_id,
            subject=subject,
            pseudonym=f"{ERASED}{secrets.token_hex(12)}",
            state=WAITING,
            asked=now,
            receipt={},
        )
    )
    enqueue(connection, JOB, erasure_id, now.timestamp())
    return erasure_id


def find(connection: Connection, erasure_id: str) -> Row[Any]:
    """The erasure of that id, which only who asked for it knows. Raises a 404 `Problem`."""
    row = connection.execute(
        select(erasures).where(erasures.c.erasure_id == erasure_id)
    ).one_or_none()
    if row is None:
        raise not_found()
    return row


@dataclass(frozen=True, slots=True)
class Erasing:
    """The job that erases: all of it in one transaction, so that twice changes nothing more."""

    settings: Settings
    database: Database
    store: MediaStore

    async def handle(self, job: Job) -> Again | None:
        """Erase what that erasure asked for."""
        await self.database.run(lambda db: self.work(db, job.reference))
        return None

    def work(self, connection: Connection, erasure_id: str) -> None:
        """Let go, erase, write the receipt, and forget who it was. Raises what the store raises."""
        row = find(connection, erasure_id)
        if row.state == DONE:
            return
        now = self.settings.clock()
        _overwrite_freed_pages(connection)
        let_go(connection, row.subject, now)
        receipt = measure(connection, row.subject)
        objects = Objects(self.store.delete, self.store.delete_private)
        erase(connection, row.subject, row.pseudonym, objects)
        remember(connection, self.settings, row.subject, now)
        done = {"state": DONE, "finished": now, "receipt": receipt, "subject": None}
        this = update(erasures).where(erasures.c.erasure_id == erasure_id)
        connection.execute(this.values({**done, "pseudonym": ""}))


def _overwrite_freed_pages(connection: Connection) -> None:
    """SQLite would leave what it deletes in the file's free pages."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))
