"""Copies of health data: in the vault where that lies on the device, and what this session has read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from services.clock import ServerClock
from services.errors import NotFound, Rejected
from services.keeping import Keep
from services.offline import TABLE
from services.vault import SubjectVault

T = TypeVar("T")

PREFIX = "health_records/"
OF_HEALTH = (PREFIX, "/health/v1", "/fhir/R4")
"""How the names of all saved copies of health data begin, those of its neighbours too."""

OWN = "own"
AT_HAND = 4
"""How many records a session holds as it read them: the last ones."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A copy: as it came, as it was read, the server's tag of it, when it was last up to date."""

    raw: Any = field(repr=False)
    value: T
    etag: str
    as_of: datetime


class Copies:
    """`keep` says whether any may lie in the vault; where not, only the session's own memory holds them."""

    def __init__(self, vault: SubjectVault, clock: ServerClock, *, keep: Keep) -> None:
        self.keep = keep
        self._vault = vault
        self._clock = clock
        self._read: dict[str, tuple[SubjectVault, Kept[Any]]] = {}

    def slot(self, kind: str, patient_id: str | None) -> Slot:
        """The place of one kind of copy of one record, of whoever is signed in now."""
        key = f"{PREFIX}{kind}/{patient_id or OWN}"
        return Slot(self, self._vault.pinned(), key, patient_id)

    async def forget(self) -> None:
        """Remove everything of health this resident has here."""
        self._read.clear()
        vault = self._vault.pinned()
        names = [key for key in await vault.list(TABLE) if key.startswith(OF_HEALTH)]
        await vault.change(delete=[(TABLE, key) for key in names])

    def now(self) -> datetime:
        """The time to stamp a copy with."""
        return self._clock.now()

    def recall(self, vault: SubjectVault, key: str) -> Kept[Any] | None:
        """What this session has read for this resident."""
        found = self._read.get(key)
        return found[1] if found is not None and found[0].belongs_to(vault) else None

    def remember(self, vault: SubjectVault, key: str, kept: Kept[Any] | None) -> None:
        """Hold what was read, and let go of the oldest; None lets go of this one."""
        self._read.pop(key, None)
        if kept is not None:
            self._read[key] = (vault, kept)
        while len(self._read) > AT_HAND:
            del self._read[next(iter(self._read))]


@dataclass(frozen=True, slots=True)
class Slot:
    """One copy. Its time lies beside it, so that "still the same" costs one small row."""

    copies: Copies
    vault: SubjectVault
    key: str
    patient_id: str | None = None

    def at_hand(self) -> Kept[Any] | None:
        """The copy if this session has read it already."""
        return self.copies.recall(self.vault, self.key)

    async def kept(self, read: Callable[[Any], T]) -> Kept[T] | None:
        """The copy, read in a thread; None without one, or where it cannot be opened any more."""
        if (found := self.at_hand()) is not None:
            return cast("Kept[T]", found)
        if not await self.kept_here():
            return None
        with suppress(NotFound, Rejected):
            row = await self.vault.get(TABLE, self.key)
            stamp = await self.vault.get(TABLE, self._stamp) or row
            if row is not None:
                value = await asyncio.to_thread(read, row["value"])
                as_of = datetime.fromisoformat(stamp["as_of"])
                kept = Kept(row["value"], value, row["etag"], as_of)
                self.copies.remember(self.vault, self.key, kept)
                return kept
        return None

    async def put(self, raw: Any, value: Any, etag: str) -> None:
        """Keep a new copy. A device that cannot store still reads."""
        now = self.copies.now()
        self.copies.remember(self.vault, self.key, Kept(raw, value, etag, now))
        if await self.kept_here():
            row = {"value": raw, "etag": etag, "as_of": now.isoformat()}
            with suppress(Rejected):
                await self.vault.change([(TABLE, self.key, row)], [(TABLE, self._stamp)])

    async def confirm(self) -> None:
        """The copy is still what the server has, as of now."""
        now, found = self.copies.now(), self.at_hand()
        if found is not None:
            kept = Kept(found.raw, found.value, found.etag, now)
            self.copies.remember(self.vault, self.key, kept)
        if await self.kept_here():
            with suppress(Rejected):
                await self.vault.put(TABLE, self._stamp, {"as_of": now.isoformat()})

    async def drop(self) -> None:
        """Remove the copy."""
        self.copies.remember(self.vault, self.key, None)
        await self.vault.change(delete=[(TABLE, self.key), (TABLE, self._stamp)])

    async def kept_here(self) -> bool:
        """Whether the copy may lie on this device now."""
        return await self.copies.keep(self.patient_id)

    @property
    def _stamp(self) -> str:
        return f"{self.key}/as_of"
