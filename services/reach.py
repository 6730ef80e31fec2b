"""Whether the gateway answers, as everybody in this process knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from services.chance import uniform
from services.errors import ServiceError
from services.flights import Flights

FIRST_PAUSE = 1.5
LONGEST_PAUSE = 60.0
"""Seconds before the first probe of an outage, and at most between two; doubled in between."""

Probe = Callable[[], Awaitable[object]]
"""Asks the gateway something small; whoever sends it tells `Reach` how it ended."""


class Reach:
    """One for a process: an answer to anyone ends the outage for everyone.

    While the gateway is out of reach nothing that waits is tried: one small probe for the whole
    process asks at growing intervals, and its answer lets everything go. `sleep` takes seconds.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._answers = False
        self._failures = 0
        self._flights = Flights()
        self._nudge = asyncio.Event()

    @property
    def open(self) -> bool:
        """Whether the last thing known is that the gateway answers; False at the start."""
        return self._answers

    def seen(self) -> None:
        """Somebody got an answer."""
        self._answers, self._failures = True, 0
        self._nudge.set()

    def lost(self) -> None:
        """Somebody got none, or 502, 503 or 504."""
        # Counted are probes: a hundred sessions that fail at once are one failure.
        self._answers, self._failures = False, max(1, self._failures)

    def nudge(self) -> None:
        """The device says that there is a network again: ask now."""
        self._failures = 0
        self._nudge.set()

    async def regained(self, probe: Probe) -> None:
        """Return when the gateway answers; whoever waits at the same time shares one probe."""
        while not self._answers:
            await self._flights.fly("probe", lambda: self._ask(probe))

    async def _ask(self, probe: Probe) -> None:
        self._nudge.clear()
        if self._failures:
            await self._pause(probe_pause(self._failures))
        if not self._answers:
            self._failures += 1
            with suppress(ServiceError):
                await probe()
                self.seen()

    async def _pause(self, seconds: float) -> None:
        """Sleep, but wake at once when somebody is answered or the device finds a network."""
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        nudged = asyncio.ensure_future(self._nudge.wait())
        try:
            await asyncio.wait({sleeping, nudged}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            nudged.cancel()


def probe_pause(failures: int) -> float:
    """Return the seconds before the next probe, spread so that a city's phones do not ask at once."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
    return uniform(0.5, 1.0) * longest
