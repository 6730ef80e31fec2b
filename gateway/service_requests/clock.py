"""What happens to reports by the clock alone: late ones are told to the next level, unanswered
questions stop holding the deadline, uploads that no report took are removed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy import Connection, Row, delete, select

from gateway.database import Database
from gateway.jobs import Again, Job, Worker, enqueue, jobs, working
from gateway.media_store import MediaStore
from gateway.service_requests.agencies import agencies
from gateway.service_requests.handling_tables import changes
from gateway.service_requests.live import Live
from gateway.service_requests.moving import Actor, Scene, move
from gateway.service_requests.resident_acts import going_on
from gateway.service_requests.tables import media, service_requests
from gateway.settings import Settings
from gateway.working_time import HANOI, after_working_hours, working_days_between

JOB = "reports_clock"
EVERY_SECONDS = 60.0
AT_ONCE = 200
"""The most reports one step moves: a transaction stays short."""

_CHANGES_KEPT = timedelta(days=7)
_CLOCK = Actor("clock")
_COLUMNS = service_requests.c


def tick(connection: Connection, settings: Settings) -> int:
    """Do what is due now; returns how many reports moved. Doing it twice changes nothing more."""
    scene = Scene(connection, settings, settings.clock())
    moved = [*_escalate(scene), *_resume(scene)]
    connection.execute(delete(changes).where(changes.c.moment < scene.now - _CHANGES_KEPT))
    return len(moved)


def _escalate(scene: Scene) -> list[str]:
    """Tell the next level of every report that has been late for long enough."""
    told = []
    for level, hours in enumerate(scene.settings.handling.escalate_hours):
        for row in _late(scene, level):
            if _told_at(row.expected_datetime, hours) <= scene.now:
                _tell_level(scene, row, level + 1)
                told.append(row.service_request_id)
    return told


def _told_at(due: datetime, hours: float) -> datetime:
    """When a level is told; with no hours at the deadline itself, be the office open or not."""
    return after_working_hours(due, hours).due if hours else due


def _late(scene: Scene, level: int) -> Sequence[Row[Any]]:
    wanted = (
        select(service_requests)
        .where(
            _COLUMNS.closed_datetime.is_(None),
            _COLUMNS.paused_since.is_(None),
            _COLUMNS.expected_datetime < scene.now,
            _COLUMNS.escalation == level,
        )
        .order_by(_COLUMNS.expected_datetime)
        .limit(AT_ONCE)
    )
    return scene.connection.execute(wanted.with_for_update(key_share=True, skip_locked=True)).all()


def _tell_level(scene: Scene, row: Row[Any], level: int) -> None:
    above = agencies(scene.settings).above(row.agency_code, scene.now, level)
    words = f"Đã quá hạn. Đã báo lên cấp trên: {above.name}."
    kept = {"status_notes": row.status_notes, "escalation": level}
    move(scene, row, "escalate", _CLOCK, words, values=kept)


def _resume(scene: Scene) -> list[str]:
    """Go on with reports whose question nobody answered: the deadline runs again."""
    days = scene.settings.handling.answer_days
    wanted = (
        select(service_requests)
        .where(
            _COLUMNS.status_code == "needs_resident",
            _COLUMNS.paused_since < scene.now - timedelta(days=days),
        )
        .order_by(_COLUMNS.paused_since)  # Those asked first: holidays hold back the others.
        .limit(AT_ONCE)
    )
    resumed = []
    for row in scene.connection.execute(
        wanted.with_for_update(key_share=True, skip_locked=True)
    ).all():
        asked = row.paused_since.astimezone(HANOI).date()
        if working_days_between(asked, scene.now.astimezone(HANOI).date()) < days:
            continue
        words = "Chưa có trả lời của người gửi. Đơn vị xử lý tiếp với những gì đã có."
        move(scene, row, "resume", _CLOCK, words, values=going_on(scene, row))
        resumed.append(row.service_request_id)
    return resumed


def stale_uploads(
    connection: Connection, settings: Settings, forget: Callable[[str], None]
) -> list[str]:
    """Remove uploads that no report took in time; returns their media ids. `forget` takes the
    files: first, so that one that cannot be removed now is known, and removed later.
    """
    oldest = settings.clock() - timedelta(hours=settings.handling.uploads_kept_hours)
    unattached = (media.c.service_request_id.is_(None), media.c.created < oldest)
    wanted = select(media.c.media_id).where(*unattached).limit(AT_ONCE)
    # One that a report takes at this moment is locked by it, and is left to it.
    found = list(connection.scalars(wanted.with_for_update(skip_locked=True)))
    for media_id in found:
        forget(media_id)
    if found:
        connection.execute(delete(media).where(media.c.media_id.in_(found)))
    return found


async def run_clock(
    job: Job, *, settings: Settings, database: Database, store: MediaStore, live: Live
) -> Again:
    """One step of the clock; the next follows in a minute, or at once while there is more."""
    moved = await database.run(lambda db: tick(db, settings))
    if moved:
        live.nudge()
    await database.run(lambda db: stale_uploads(db, settings, store.delete))
    return Again(0.0 if moved >= AT_ONCE else EVERY_SECONDS)


def wind(connection: Connection, now: datetime) -> None:
    """Put the clock's one job there, unless it is."""
    known = select(jobs.c.job_id).where(jobs.c.kind == JOB)
    if connection.execute(known).first() is None:
        enqueue(connection, JOB, "all", now.timestamp() + EVERY_SECONDS)


@asynccontextmanager
async def clock(app: FastAPI) -> AsyncIterator[None]:
    """Let the clock run while the block does; of several processes one does each step."""
    settings, database = app.state.settings, app.state.database
    app.state.live = Live(database)
    with_what = {
        "settings": settings,
        "database": database,
        "store": cast(MediaStore, app.state.media_store),
        "live": app.state.live,
    }
    await to_thread.run_sync(_wind_alone, settings, database)
    async with working(Worker(database, {JOB: partial(run_clock, **with_what)}, settings.clock)):
        yield


def _wind_alone(settings: Settings, database: Database) -> None:
    with database.alone() as connection:
        wind(connection, settings.clock())
