"""The gate's clock: the gateway's time at the last sync, carried by a clock that counts sleep.

A wall clock set wrongly changes nothing until the gate is restarted. After a restart without a sync
the wall clock is all there is: it is taken unless it is behind a moment the gate has lived through,
or so far ahead that the lists have become too old.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from gate.memory import Memory
from gate.taps import note, recall

LARGEST_ERROR = 15.0
"""One step, the grace of a gate: with more, an honest code may be refused or an old one taken."""
_DRIFT = 50e-6  # A cheap crystal's seconds per second.
_SEEN_EVERY = 60.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Machine(Protocol):
    """The clocks of a computer; a test has its own."""

    def wall(self) -> float:
        """UTC seconds as anybody may have set them."""
        ...

    def uptime(self) -> float | None:
        """Seconds since the start with those asleep, None where no clock counts sleep."""
        ...

    def boot_id(self) -> str | None:
        """Another one after each start, None where there is none."""
        ...


class ThisMachine:
    """The computer this runs on."""

    def wall(self) -> float:
        """UTC seconds as set here."""
        return time.time()

    def uptime(self) -> float | None:
        """CLOCK_BOOTTIME, which Linux has."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return None if clock is None else time.clock_gettime(clock)

    def boot_id(self) -> str | None:
        """Linux' random id of this start."""
        try:
            return _BOOT_ID.read_text("ascii").strip()
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Measured:
    """The gateway's time at one moment of this machine; all seconds, `error` to either side."""

    server: float
    error: float
    wall: float
    uptime: float | None
    boot_id: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says. `now` is UTC seconds; `trouble` is a sentence when nobody may pass by it."""

    now: float
    error: float | None
    measured_ago: float | None
    carried: bool
    trouble: str | None = None


class GateClock:
    """Reads the time; what it learns is kept in the gate's memory."""

    def __init__(self, memory: Memory, machine: Machine | None = None) -> None:
        self._memory, self._machine = memory, machine or ThisMachine()
        self._measured = _measured(recall(memory, "clock"))
        self._seen: float = recall(memory, "seen") or 0.0

    def learn(self, server: float, error: float) -> None:
        """Take over the gateway's time of just now; `server` is UTC seconds."""
        machine = self._machine
        self._measured = Measured(
            server, error, machine.wall(), machine.uptime(), machine.boot_id()
        )
        note(self._memory, "clock", asdict(self._measured))
        self._remember(server)

    def read(self) -> Reading:
        """The time now, and whether it can be relied on."""
        if self._measured is None:
            sentence = "The clock was never set by the gateway: run sync."
            return Reading(self._machine.wall(), None, None, False, sentence)
        reading = self._carried(self._measured) or self._by_wall(self._measured)
        if reading.trouble is None and reading.now > self._seen + _SEEN_EVERY:
            self._remember(reading.now)
        return reading

    def again(self) -> None:
        """Learn what another process of this gate has measured."""
        self._measured = _measured(recall(self._memory, "clock"))

    def _carried(self, known: Measured) -> Reading | None:
        uptime, boot_id = self._machine.uptime(), self._machine.boot_id()
        if uptime is None or known.uptime is None or boot_id is None or boot_id != known.boot_id:
            return None
        passed = uptime - known.uptime
        error = known.error + passed * _DRIFT
        trouble = None
        if error > LARGEST_ERROR:
            trouble = f"The clock may be wrong by {error:.0f} seconds: run sync."
        return Reading(known.server + passed, error, passed, True, trouble)

    def _by_wall(self, known: Measured) -> Reading:
        now = self._machine.wall() + known.server - known.wall
        trouble = None
        if now < self._seen - LARGEST_ERROR:
            trouble = "The clock is behind a time this gate has lived through: set it, or run sync."
        return Reading(now, None, now - known.server, False, trouble)

    def _remember(self, now: float) -> None:
        self._seen = now
        note(self._memory, "seen", now)


def _measured(kept: Any) -> Measured | None:
    return None if kept is None else Measured(**kept)
