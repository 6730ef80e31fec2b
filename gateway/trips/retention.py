"""Taps are kept for a configured time; then they go, with the corrections that hang on them."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from sqlalchemy import Connection, delete, select

from gateway.cards.gate_tables import taps
from gateway.cards.taps import oldest_kept
from gateway.database import Database
from gateway.repeating import Sleep, beside, repeat
from gateway.settings import Settings
from gateway.trips.tables import corrections

FIRST_AFTER, EVERY_SECONDS = 60.0, 3600.0
AT_ONCE = 500
"""The most taps one transaction deletes: uploads wait for it."""


def forget_some(connection: Connection, oldest: int) -> int:
    """Delete the oldest taps of before `oldest` (UTC seconds); how many, at most `AT_ONCE`."""
    old = select(taps.c.tap_id).where(taps.c.moment < oldest).order_by(taps.c.moment)
    found = list(connection.scalars(old.limit(AT_ONCE)))
    if found:
        connection.execute(delete(corrections).where(corrections.c.tap_id.in_(found)))
        connection.execute(delete(taps).where(taps.c.tap_id.in_(found)))
    return len(found)


async def forget_old(settings: Settings, database: Database) -> int:
    """Delete every tap that is too old by the gateway's clock; how many. Twice changes nothing more."""
    oldest = oldest_kept(settings)
    deleted = 0
    while some := await database.run(lambda connection: forget_some(connection, oldest)):
        deleted += some
    return deleted


async def keep_forgetting(
    settings: Settings, database: Database, sleep: Sleep = asyncio.sleep
) -> None:
    """Do so each hour until cancelled. A database that is away is asked again an hour later."""
    await repeat(
        lambda: forget_old(settings, database),
        EVERY_SECONDS,
        "taps_not_deleted",
        first_after=FIRST_AFTER,
        sleep=sleep,
    )


def forgetting(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Delete old taps while the block runs; several processes do not hinder each other."""
    return beside(keep_forgetting(app.state.settings, app.state.database))
