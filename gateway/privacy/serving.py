"""The work beside the gateway: erasures and exports as they are asked for, and what is over its time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI

from gateway.jobs import Handler, Worker, working
from gateway.media_store import MediaStore
from gateway.privacy import erasures, exports
from gateway.privacy.retention import keep_sweeping
from gateway.repeating import beside


def worker_of(app: FastAPI) -> Worker:
    """The worker that erases and exports."""
    settings, database = app.state.settings, app.state.database
    store = cast(MediaStore, app.state.media_store)
    handlers: dict[str, Handler] = {
        erasures.JOB: erasures.Erasing(settings, database, store).handle,
        exports.JOB: exports.Exporting(settings, database, store).handle,
    }
    return Worker(database, handlers, settings.clock)


@asynccontextmanager
async def background(app: FastAPI) -> AsyncIterator[None]:
    """Erase, and let go of what is over its time, while the block runs."""
    settings, database = app.state.settings, app.state.database
    store = cast(MediaStore, app.state.media_store)
    async with working(worker_of(app)), beside(keep_sweeping(settings, database, store)):
        yield
