"""Work that runs once at a time and to its end, whoever gives up waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class Flights:
    """One running task to a key; who asks meanwhile gets the same result.

    Leaving a screen cancels what it waits for. A rotated refresh token or a report on its way
    must not be lost by that, so only the waiting is cancelled.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._tasks

    async def fly(self, key: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Run `work` under `key`, or wait for the one that runs; returns or raises as it does."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(_run(work))
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    async def landed(self, key: str) -> None:
        """Wait until nothing runs under `key`, however it ends."""
        if task := self._tasks.get(key):
            await asyncio.wait([task])

    def _land(self, key: str, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            task.exception()  # Seen: nobody may be waiting any more.


async def _run(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()
