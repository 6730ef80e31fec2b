"""Stories on the loop of replays, whose clock jumps to what is due: hours of waiting in a moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from app.replay.loop import ReplayLoop
from services.clock import ServerClock
from services.vault import Vault

T = TypeVar("T")
EPOCH = 1_790_000_000.0


class ThreadlessVault(Vault):
    """A vault that works on the loop itself; nothing waits for the disk, whose time no story tells."""

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__(path, key)
        self._connection.execute("PRAGMA synchronous = OFF")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._run(work)


def clock(loop: asyncio.AbstractEventLoop) -> ServerClock:
    """A clock that shows the loop's time."""
    return ServerClock(loop.time, lambda: EPOCH + loop.time())


def run(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a story on a virtual loop to its end."""
    loop = ReplayLoop()
    try:
        return loop.run_until_complete(story())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
