"""What does not stay: files after their seven days, threads and the log after theirs."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, cast

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, select, update

from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.repeating import beside, repeat
from gateway.settings import Settings, SupportRules
from gateway.support.tables import cases, messages, openings

SWEEP_SECONDS = 60.0
GONE = {"bundle": "expired", "manifest": "", "size": 0, "error_reference": ""}


def sweeping(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Forget what is over every minute while the block runs."""
    settings, database = app.state.settings, app.state.database
    store = cast(MediaStore, app.state.media_store)
    return beside(
        repeat(
            lambda: forget_old(settings, database, store),
            SWEEP_SECONDS,
            "support_not_swept",
            first_after=SWEEP_SECONDS,
        )
    )


async def forget_old(settings: Settings, database: Database, store: MediaStore) -> int:
    """Delete what is over by the gateway's clock; returns how many files. Twice changes nothing more."""
    now, rules = settings.clock(), settings.support
    if not await database.run(lambda db: _is_due(db, rules, now), write=False):
        return 0
    files = await database.run(lambda db: list(db.scalars(_expired(now))), write=False)
    for case_id in files:
        # The file goes first: a row that says it is gone must be true.
        await to_thread.run_sync(store.delete, case_id)
    await database.run(lambda db: _forget(db, rules, now))
    return len(files)


def _expired(now: datetime) -> Select[Any]:
    return select(cases.c.case_id).where(cases.c.bundle == "kept", cases.c.expires <= now)


def _is_due(db: Connection, rules: SupportRules, now: datetime) -> bool:
    old_threads = select(cases.c.case_id).where(_over(rules, now))
    old_lines = select(openings.c.entry_id).where(openings.c.at <= _log_from(rules, now))
    due: tuple[Select[Any], ...] = (_expired(now), old_threads, old_lines)
    return any(db.execute(one.limit(1)).first() is not None for one in due)


def _forget(db: Connection, rules: SupportRules, now: datetime) -> None:
    kept = and_(cases.c.bundle == "kept", cases.c.expires <= now)
    db.execute(update(cases).where(kept).values(**GONE))
    over = list(db.scalars(select(cases.c.case_id).where(_over(rules, now))))
    db.execute(delete(messages).where(messages.c.case_id.in_(over)))
    db.execute(delete(cases).where(cases.c.case_id.in_(over)))
    db.execute(delete(openings).where(openings.c.at <= _log_from(rules, now)))


def _over(rules: SupportRules, now: datetime) -> ColumnElement[bool]:
    last_word = now - timedelta(days=rules.thread_kept_days)
    return and_(cases.c.updated <= last_word, cases.c.expires <= now)


def _log_from(rules: SupportRules, now: datetime) -> datetime:
    return now - timedelta(days=rules.log_kept_days)
