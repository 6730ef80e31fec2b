"""An event loop whose clock jumps to the next thing that is due: hours of waiting in a moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from services.clock import ServerClock
from services.vault import Vault

T = TypeVar("T")
EPOCH = 1_790_000_000.0


class VirtualLoop(asyncio.SelectorEventLoop):
    """Never sleeps. What runs on it must not use threads: they take no virtual time."""

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0.0
        wait = self._selector.select  # type: ignore[attr-defined]

        def select(timeout: float | None = None) -> Any:
            ready = wait(0)
            if not ready and timeout is None:
                raise RuntimeError("everything waits for nothing")
            self._moment += 0 if ready else max(0.0, timeout or 0.0)
            return ready

        self._selector.select = select  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._moment


class ThreadlessVault(Vault):
    """A vault that works on the loop itself."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._run(work)


def clock(loop: asyncio.AbstractEventLoop) -> ServerClock:
    """A clock that shows the loop's time."""
    return ServerClock(loop.time, lambda: EPOCH + loop.time())


def run(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a story on a virtual loop to its end."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(story())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
