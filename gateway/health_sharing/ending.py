"""Ends links whose time is over, beside the gateway: their encrypted files do not outlive them."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from sqlalchemy import Connection, select

from gateway.database import Database
from gateway.health_sharing.shares import end_due
from gateway.health_sharing.tables import shares
from gateway.repeating import beside, repeat
from gateway.settings import Settings

SWEEP_SECONDS = 30.0


def sweeping(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """End what is over every 30 seconds while the block runs."""
    settings, database = app.state.settings, app.state.database
    return beside(
        repeat(
            lambda: end_overdue(settings, database),
            SWEEP_SECONDS,
            "health_shares_not_ended",
            first_after=SWEEP_SECONDS,
        )
    )


async def end_overdue(settings: Settings, database: Database) -> None:
    """End what is due; looks first without taking the write lock."""
    now = settings.clock()
    due = select(shares.c.share_id).where(shares.c.ended_at.is_(None), shares.c.ends_at <= now)

    def is_due(connection: Connection) -> bool:
        return connection.execute(due.limit(1)).first() is not None

    if await database.run(is_due, write=False):
        await database.run(lambda connection: end_due(connection, now))
