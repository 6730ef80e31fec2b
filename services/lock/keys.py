"""Whose key a PIN wraps: a device's vault, or nothing but the screen where the server has the key."""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from typing import Protocol

from services.errors import NotFound, NotPermitted
from services.vault import Vault

KEY_BYTES = 32
PLAIN = "vault"
MIXED_IN = "lock-secret"


class SafePlace(Protocol):
    """A device's own store of secrets: the desktop's keychain, a phone's secure store.

    Every method raises NotPermitted(`keychain_unavailable`) where there is none, or it is closed.
    """

    async def read(self, name: str) -> str | None:
        """Return a secret, None if there is none."""

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret under a name."""

    async def forget(self, name: str) -> None:
        """Remove a secret; none there is no error."""


class Biometrics(Protocol):
    """A second copy of the key, which the platform gives out to its owner's finger or face alone."""

    async def keep(self, key: bytes) -> bool:
        """Keep the key; False where the device has no biometrics, or none was enrolled."""

    async def recall(self) -> bytes | None:
        """Ask for finger or face and return the key; None when it was refused or is not there."""

    async def forget(self) -> None:
        """Remove the key."""


class KeyHolder(Protocol):
    """What a lock needs to know of the key behind it."""

    binds: bool
    """Whether the key can be had by the PIN alone, so that a forgotten one costs what it opened."""

    async def begin(self) -> str:
        """Open where no PIN was chosen: "" when open, `choose` when there has to be a PIN first,
        `keychain` when the safe place that has the key is closed.
        """

    async def secret(self, *, make: bool) -> bytes:
        """Return what is mixed into the PIN; empty where there is no safe place to keep it."""

    def key(self) -> bytes:
        """Return the key to be wrapped; while it is open."""

    async def wrapped(self) -> None:
        """The key is kept under the PIN now: forget it elsewhere."""

    async def unwrapped(self, key: bytes) -> None:
        """The PIN goes: keep the key as without one."""

    async def open(self, key: bytes) -> None:
        """Take the key to work with."""

    def close(self) -> None:
        """Drop the key from memory."""

    async def renew(self) -> None:
        """Give up what the forgotten PIN opened, and begin with a new key."""


class DeviceKey:
    """The key of a vault on a device of one's own; `place` keeps it while there is no PIN."""

    binds = True

    def __init__(self, vault: Vault, place: SafePlace) -> None:
        self._vault = vault
        self._place = place

    async def begin(self) -> str:
        """Take the key from the safe place, made at the first start."""
        try:
            kept = await self._place.read(PLAIN)
            key = base64.b64decode(kept) if kept else secrets.token_bytes(KEY_BYTES)
            if not kept:
                await self._keep(key)
        except NotPermitted:
            return "choose" if self._vault.empty else "keychain"
        self._vault.unlock(key)
        return ""

    async def secret(self, *, make: bool) -> bytes:
        """Return the device's own secret; made when a PIN is chosen."""
        if not make:
            kept = await self._place.read(MIXED_IN)
            if kept is None:
                raise NotFound("lock_unreadable")
            return base64.b64decode(kept)
        made = secrets.token_bytes(KEY_BYTES)
        with suppress(NotPermitted):
            if kept := await self._place.read(MIXED_IN):
                return base64.b64decode(kept)
            await self._place.write(MIXED_IN, base64.b64encode(made).decode("ascii"))
            return made
        return b""

    def key(self) -> bytes:
        """Return the open vault's key; a new one where there never was any."""
        if self._vault.key is None:
            self._vault.unlock(secrets.token_bytes(KEY_BYTES))
        assert self._vault.key is not None
        return self._vault.key

    async def wrapped(self) -> None:
        """Forget the plain key; what a crash left is forgotten at the next opening."""
        with suppress(NotPermitted):
            await self._place.forget(PLAIN)

    async def unwrapped(self, key: bytes) -> None:
        """Keep the plain key again. Raises NotPermitted where there is no safe place for it."""
        await self._keep(key)

    async def open(self, key: bytes) -> None:
        """Open the vault."""
        self._vault.unlock(key)
        await self.wrapped()

    def close(self) -> None:
        """Close the vault."""
        self._vault.lock()

    async def renew(self) -> None:
        """Empty the vault, which nobody can read any more, and give it a new key."""
        key = secrets.token_bytes(KEY_BYTES)
        await self._vault.renew(key)
        with suppress(NotPermitted):
            await self._place.forget(MIXED_IN)
            await self._keep(key)

    async def _keep(self, key: bytes) -> None:
        await self._place.write(PLAIN, base64.b64encode(key).decode("ascii"))


class ServerKey:
    """On the web the vault's key is the server's: the PIN opens nothing but the screen."""

    binds = False

    async def begin(self) -> str:
        """Nothing to open."""
        return ""

    async def secret(self, *, make: bool) -> bytes:
        """Nothing to mix: the record is sealed by the server's key as a whole."""
        return b""

    def key(self) -> bytes:
        """Return random bytes, so that a PIN can be told from a wrong one."""
        return secrets.token_bytes(KEY_BYTES)

    async def wrapped(self) -> None:
        """Nothing to forget."""

    async def unwrapped(self, key: bytes) -> None:
        """Nothing to keep."""

    async def open(self, key: bytes) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to drop."""

    async def renew(self) -> None:
        """Nothing is lost."""
