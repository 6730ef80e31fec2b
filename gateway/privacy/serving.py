"""The work beside the gateway: erasures as they are asked for, and what is over its time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI

from gateway.jobs import Worker, working
from gateway.media_store import MediaStore
from gateway.privacy import erasures
from gateway.privacy.retention import keep_sweeping
from gateway.repeating import beside


def worker_of(app: FastAPI) -> Worker:
    """The worker that erases."""
    settings, database = app.state.settings, app.state.database
    store = cast(MediaStore, app.state.media_store)
    handlers = {erasures.JOB: erasures.Erasing(settings, database, store).handle}
    return Worker(database, handlers, settings.clock)


@asynccontextmanager
async def background(app: FastAPI) -> AsyncIterator[None]:
    """Erase, and let go of what is over its time, while the block runs."""
    settings, database = app.state.settings, app.state.database
    store = cast(MediaStore, app.state.media_store)
    async with working(worker_of(app)), beside(keep_sweeping(settings, database, store)):
        yield
