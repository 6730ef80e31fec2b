"""Choosing a PIN, opening with it, and what a wrong one costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.clock import steady_seconds
from services.errors import NotFound, Rejected
from services.lock.keys import Biometrics, KeyHolder
from services.lock.sealing import DEVICE_COST, Cost, check_of, seal, unseal
from services.lock.stores import LockStore, Record
from services.lock.tries import Tries

Needs = Literal["", "pin", "choose", "keychain"]
"""What stands between the resident and the app: nothing, the PIN, a PIN to be chosen first because
the device has no safe place for a key, or the safe place that has the key and is closed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a try: `left` are the tries until the next wait, `wait` its seconds."""

    opened: bool
    left: int = 0
    wait: float = 0.0


class Lock:
    """One lock: of a device, or of one resident on the web.

    `steady` says seconds on a clock that nobody can set and that runs while the device sleeps.
    Methods raise Rejected(`storage_unavailable`), NotPermitted(`keychain_unavailable`) while the
    safe place that has a part of the key is closed, and NotFound(`lock_unreadable`) when the
    record or that part is damaged: then `reset` is all that is left.
    """

    def __init__(
        self,
        store: LockStore,
        holder: KeyHolder,
        *,
        cost: Cost = DEVICE_COST,
        steady: Callable[[], float] = steady_seconds,
        biometrics: Biometrics | None = None,
    ) -> None:
        self._store = store
        self._holder = holder
        self._cost = cost
        self._steady = steady
        self._biometrics = biometrics

    @property
    def offers_biometrics(self) -> bool:
        """Whether finger or face could stand in for the PIN on this kind of device."""
        return self._biometrics is not None

    @property
    def binds(self) -> bool:
        """Whether the vault's key can be had by the PIN alone."""
        return self._holder.binds

    async def begin(self) -> Needs:
        """Open what can be opened at the start, and say what is needed for the rest."""
        if await self.is_set():
            return "pin"
        needed: Needs = await self._holder.begin()  # type: ignore[assignment]
        return needed

    async def is_set(self) -> bool:
        """Whether a PIN was chosen."""
        return await self._store.load() is not None

    async def waiting(self) -> float:
        """Seconds until another try may be made."""
        return Tries.from_json(await self._store.load() or {}).wait(self._steady())

    async def choose(self, pin: str) -> None:
        """Wrap the open key under a new PIN, in place of an earlier one."""
        secret = await self._holder.secret(make=True)
        record = await asyncio.to_thread(seal, self._holder.key(), pin, secret, self._cost)
        await self._store.amend(lambda _before: record)
        await self._forget_biometrics()
        await self._holder.wrapped()

    async def recognises(self) -> bool:
        """Whether finger or face stands in for the PIN."""
        return bool((await self._store.load() or {}).get("recognised"))

    async def let_recognise(self, on: bool) -> bool:
        """Let finger or face stand in for the PIN while the key is open, or no longer.

        Returns whether it does now: the device may have none enrolled.
        """
        kept = (
            on and self._biometrics is not None and await self._biometrics.keep(self._holder.key())
        )
        if not kept:
            await self._forget_biometrics()
        await self._store.amend(
            lambda record: None if record is None else record | {"recognised": kept}
        )
        return kept

    async def recognise(self) -> bool:
        """Open by finger or face; also while a wait after wrong PINs runs, for it is its owner."""
        record = await self._store.load() or {}
        if self._biometrics is None or not record.get("recognised"):
            return False
        key = await self._biometrics.recall()
        if key is None or check_of(key) != record.get("check"):
            return False
        await self._store.amend(_forgiven)
        await self._holder.open(key)
        return True

    async def open(self, pin: str) -> Attempt:
        """Try a PIN; the right one opens the key."""
        key, attempt = await self._try(pin)
        if key is not None:
            await self._holder.open(key)
        return attempt

    async def change(self, pin: str, new: str) -> Attempt:
        """Replace the PIN by another, if it is the right one."""
        attempt = await self.open(pin)
        if attempt.opened:
            await self.choose(new)
        return attempt

    async def remove(self, pin: str) -> Attempt:
        """Remove the PIN, if it is the right one.

        Raises NotPermitted(`keychain_unavailable`) where a device has no other place for the key.
        """
        key, attempt = await self._try(pin)
        if key is not None:
            # First: a crash in between leaves the lock on, never the key lost.
            await self._holder.unwrapped(key)
            await self._forget_biometrics()
            await self._store.amend(lambda _before: None)
        return attempt

    def close(self) -> None:
        """Drop the key from memory."""
        self._holder.close()

    async def reset(self) -> Needs:
        """Remove a forgotten PIN with everything it alone opened; only after a fresh sign-in."""
        await self._forget_biometrics()
        await self._holder.renew()
        await self._store.amend(lambda _before: None)
        return await self.begin()

    async def _forget_biometrics(self) -> None:
        if self._biometrics is not None:
            await self._biometrics.forget()

    async def _try(self, pin: str) -> tuple[bytes | None, Attempt]:
        record = await self._store.load()
        if record is None or not record.get("sealed"):
            raise NotFound("lock_unreadable")
        secret = await self._holder.secret(make=False) if record.get("mixed") else b""
        tries, granted = await self._count()
        key = await asyncio.to_thread(unseal, record, pin, secret) if granted else None
        if key is None:
            return None, Attempt(False, tries.left, tries.wait(self._steady()))
        await self._store.amend(_forgiven)
        return key, Attempt(True)

    async def _count(self) -> tuple[Tries, bool]:
        """Count a try before it is made, so that ending the app meanwhile does not give it back.

        Returns the tries with it, and whether it may be made: not while a wait runs.
        """
        counted: list[tuple[Tries, bool]] = []

        def one_more(record: Record | None) -> Record | None:
            if record is None:
                raise Rejected("changed_meanwhile")
            tries, now = Tries.from_json(record), self._steady()
            granted = tries.wait(now) == 0
            counted[:] = [(tries.another(now) if granted else tries, granted)]
            return record | counted[0][0].to_json()

        await self._store.amend(one_more)
        return counted[0]


def _forgiven(record: Record | None) -> Record | None:
    return None if record is None else record | Tries().to_json()
