"""The bounded memory of the last minutes, in the vault: what a crash leaves is still there after it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.errors import ServiceError
from services.vault import SubjectVault

TABLE = "recording"
LASTS = timedelta(minutes=15)
LARGEST = 5 * 1024 * 1024
"""Bytes of everything kept, as JSON."""
WITHOUT_VAULT = 512 * 1024
"""Bytes kept in memory while nobody is signed in, and where the vault takes no more."""
GATHERED = 0.25
"""Seconds for which what happens is gathered into one row; an error is written at once."""

GOING = (sqlite3.ProgrammingError, RuntimeError)
"""The vault's file was closed, or no thread is started any more: the app is going away."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """Some events in a row: when the last of them happened, how large they are, where they lie.

    `written` holds them where the vault did not take them.
    """

    at: datetime
    size: int
    key: str = ""
    written: bytes = field(default=b"", repr=False)


class Ring:
    """Takes events and forgets those that are older than LASTS or beyond LARGEST.

    `rows` are the vault's rows of the resident; while nobody is signed in events stay in memory.
    `now` gives the time that decides what is too old; `name` is this recording's own.
    """

    def __init__(self, rows: SubjectVault, now: Callable[[], datetime], name: str) -> None:
        self._rows = rows
        self._now = now
        self._name = name
        self._kept: deque[Row] = deque()
        self._kept_size = self._held = 0
        self._waiting: list[bytes] = []
        self._number = 0
        self._writing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._gone: list[str] = []
        self._failed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def size(self) -> int:
        """Bytes kept now."""
        return self._kept_size + sum(map(len, self._waiting))

    def add(self, event: Event, *, at_once: bool = False) -> None:
        """Take an event, from any thread; it is in the vault a moment later. Never raises."""
        # Once for the ring, the vault and the size; half a surrogate pair is no text.
        written = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")
        if len(written) > LARGEST // 4:
            return
        self._waiting.append(written)
        self._plan(0.0 if at_once else GATHERED)

    async def flush(self) -> None:
        """Write what waits."""
        self._stop_timer()
        while self._waiting or self._writing:
            if self._writing is None:
                self._begin()
            assert self._writing is not None
            await asyncio.shield(self._writing)

    async def events(self) -> list[Event]:
        """Return everything kept of this recording, oldest first."""
        await self.flush()
        self._forget()
        stored = await self._stored()
        return [
            event
            for row in self._kept
            for event in (json.loads(row.written) if row.written else stored.get(row.key, ()))
        ]

    async def earlier(self) -> list[list[Event]]:
        """Return the recordings before this one that end within LASTS, the newest last."""
        found: dict[str, list[Event]] = {}
        since = self._now() - LASTS
        for key, events in (await self._stored()).items():
            name = key.partition(".")[0]
            if name != self._name:
                found.setdefault(name, []).extend(events)
        recent = [one for one in found.values() if one and _moment(one[-1]) >= since]
        return sorted(recent, key=lambda one: _moment(one[-1]))

    async def clear(self) -> None:
        """Forget everything, in the vault too, of earlier recordings as well."""
        self._waiting.clear()
        await self.flush()
        self.drop()
        keys = list(await self._stored())
        await self._change([], keys)

    def drop(self) -> None:
        """Forget what is in memory: another resident is about to use the app."""
        self._waiting.clear()
        self._kept.clear()
        self._kept_size = self._held = 0

    def _plan(self, seconds: float) -> None:
        if self._writing is not None:
            return
        try:
            loop = self._loop = asyncio.get_running_loop()
        except RuntimeError:
            # A worker thread, such as one that encrypts a share: the loop plans it.
            self._hand_over(seconds)
            return
        if seconds == 0.0:
            self._stop_timer()
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(seconds, self._begin)

    def _hand_over(self, seconds: float) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # It was closed: the app is going away.
                self._loop.call_soon_threadsafe(self._plan, seconds)

    def _begin(self) -> None:
        self._stop_timer()
        if self._writing is None and self._waiting:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        taken, self._waiting = self._waiting, []
        events = b"[" + b",".join(taken) + b"]"
        self._number += 1
        key = f"{self._name}.{self._number:08}"
        self._forget()
        if self._number == 1:
            self._gone += await self._stale()
        written = await self._change([(TABLE, key, events)], self._gone)
        if written:
            self._gone = []
        self._keep(Row(self._now(), len(events), key, b"" if written else events))
        self._writing = None
        if self._waiting:
            self._plan(GATHERED)

    async def _change(self, put: list[tuple[str, str, Any]], gone: list[str]) -> bool:
        if not self._rows.present or self._failed:
            return False
        try:
            await self._rows.change(put, [(TABLE, key) for key in gone])
        except ServiceError:
            return False
        except GOING:
            self._failed = True
            return False
        return True

    async def _stored(self) -> dict[str, list[Event]]:
        if not self._rows.present or self._failed:
            return {}
        try:
            return await self._rows.list(TABLE)
        except (ServiceError, *GOING):
            return {}

    async def _stale(self) -> list[str]:
        """What earlier starts left in the vault, older than LASTS."""
        since = self._now() - LASTS
        stored = (await self._stored()).items()
        return [key for key, events in stored if not events or _moment(events[-1]) < since]

    def _keep(self, row: Row) -> None:
        self._kept.append(row)
        self._kept_size += row.size
        self._held += len(row.written)

    def _forget(self) -> None:
        since = self._now() - LASTS
        while self._kept and (
            self._kept[0].at < since or self._kept_size > LARGEST or self._held > WITHOUT_VAULT
        ):
            row = self._kept.popleft()
            self._kept_size -= row.size
            self._held -= len(row.written)
            if not row.written:
                self._gone.append(row.key)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _moment(event: Event) -> datetime:
    return datetime.fromisoformat(event["moment"])
