"""The gateway's time as this device knows it, measured from the `Date` of every answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

SAME_RUN = 5.0
"""Seconds by which the device's clock may have been corrected within one run."""


def steady_seconds() -> float:
    """Seconds of a clock that nobody can set and that keeps running while the device sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if hasattr(time, "CLOCK_MONOTONIC"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class ServerClock:
    """Says what time it is for the gateway, even when the device's own clock is wrong.

    An answer dated D was written at some moment between sending and receiving, and D is cut to
    whole seconds: that bounds the gateway's time from both sides. The bounds of all answers are
    intersected, so the estimate gets finer than a second; an answer that does not fit (someone
    set the gateway's clock) starts the measurement afresh.
    """

    def __init__(
        self,
        steady: Callable[[], float] = steady_seconds,
        device_time: Callable[[], float] = time.time,
    ) -> None:
        self._steady = steady
        self._device_time = device_time
        self._bounds: tuple[float, float] | None = None

    def steady(self) -> float:
        """Seconds on the steady clock, to be given back to `observe`."""
        return self._steady()

    def observe(self, date: str | None, sent: float, received: float) -> None:
        """Take in an answer's `Date` with the steady times around it; nonsense is ignored."""
        written = _seconds(date)
        if written is None:
            return
        low, high = written - received, written + 1 - sent
        if self._bounds is not None:
            narrowed = max(low, self._bounds[0]), min(high, self._bounds[1])
            low, high = narrowed if narrowed[0] <= narrowed[1] else (low, high)
        self._bounds = low, high

    @property
    def measured(self) -> bool:
        """Whether any answer has told the gateway's time yet."""
        return self._bounds is not None

    @property
    def offset(self) -> timedelta:
        """Gateway's time minus the device's: positive when the device is behind; 0 unmeasured."""
        return timedelta(seconds=self._now_seconds() - self._device_time())

    def now(self) -> datetime:
        """The gateway's time, in UTC; the device's own until an answer has been seen."""
        return datetime.fromtimestamp(self._now_seconds(), UTC)

    def snapshot(self) -> dict[str, Any] | None:
        """Return the measurement as JSON, to be kept for a start without a network."""
        if self._bounds is None:
            return None
        ahead = self._device_time() - self._steady()
        return {"bounds": list(self._bounds), "boot": boot(), "device_ahead": ahead}

    def restore(self, snapshot: Any) -> bool:
        """Take over an earlier measurement if the steady clock still runs as it did then.

        The boot id says so; where there is none, the device's own clock must stand to the steady
        one as before, which a restart or a set clock would have changed.
        """
        try:
            low, high = map(float, snapshot["bounds"])
            then, ahead = snapshot["boot"], float(snapshot["device_ahead"])
        except (TypeError, ValueError, KeyError):
            return False
        moved = abs(self._device_time() - self._steady() - ahead)
        same = then == boot() if then and boot() else moved < SAME_RUN
        if same and self._bounds is None:
            self._bounds = low, high
        return same

    def _now_seconds(self) -> float:
        if self._bounds is None:
            return self._device_time()
        return self._steady() + sum(self._bounds) / 2


def boot() -> str:
    """Name the device's present run; the steady clock starts anew with each. Empty if unknown."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _seconds(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (TypeError, ValueError, OverflowError):
        return None
