"""Ends links whose time is over, beside the gateway: their encrypted files do not outlive them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy import Connection, select

from gateway.database import Database
from gateway.health_sharing.shares import end_due
from gateway.health_sharing.tables import shares
from gateway.settings import Settings

SWEEP_SECONDS = 30.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def sweeping(app: FastAPI) -> AsyncIterator[None]:
    """Sweep at the start and every 30 seconds while the block runs."""
    task = asyncio.create_task(_sweep(app.state.settings, app.state.database))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep(settings: Settings, database: Database) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await end_overdue(settings, database)
        except Exception as error:  # A sweep that stops would keep files for ever.
            log.error("health_share_sweep %s", type(error).__name__)


async def end_overdue(settings: Settings, database: Database) -> None:
    """End what is due; looks first without taking the write lock."""
    now = settings.clock()
    due = select(shares.c.share_id).where(shares.c.ended_at.is_(None), shares.c.ends_at <= now)

    def is_due(connection: Connection) -> bool:
        return connection.execute(due.limit(1)).first() is not None

    if await database.run(is_due, write=False):
        await database.run(lambda connection: end_due(connection, now))
