"""Work that goes on beside the gateway, again and again, until its host stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]


async def repeat(
    work: Callable[[], Awaitable[object]],
    every: float,
    failure: str,
    *,
    first_after: float = 0.0,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Do it every so many seconds until cancelled. Whatever it raises is logged as `failure` with
    its kind, never its words, and the next time is another try.
    """
    if first_after:
        await sleep(first_after)
    while True:
        try:
            await work()
        except Exception as error:  # What stops after one failure would never be done again.
            log.error("%s %s", failure, type(error).__name__)
        await sleep(every)


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run it while the block runs, and stop it afterwards."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
