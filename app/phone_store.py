"""A phone's secure store (Keystore, Keychain) for tokens and the vault's key.

It works on a phone only, so it is tested with a twin of the store and untested on a real one.
"""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Any, Protocol

from flet import FletException

from services.tokens import Tokens

TOKENS, RECOGNISED = "tokens", "vault-recognised"
ASKED_FOR = 60.0
"""Seconds for a finger or a face."""


class SecureStore(Protocol):
    """What is used of `flet_secure_storage.SecureStorage`."""

    async def get(self, key: str) -> Any:
        """Return a kept text, None if there is none."""

    async def set(self, key: str, value: Any) -> Any:
        """Keep a text."""

    async def remove(self, key: str) -> Any:
        """Forget a text."""


class PhoneTokenStore:
    """The TokenStore of a phone."""

    def __init__(self, store: SecureStore) -> None:
        self._store = store

    async def load(self) -> Tokens | None:
        """Return the saved tokens; None when there are none or they cannot be read."""
        kept = await self._store.get(TOKENS)
        try:
            return Tokens.from_json(kept) if isinstance(kept, str) else None
        except ValueError:
            return None

    async def save(self, tokens: Tokens) -> None:
        """Replace what is saved."""
        await self._store.set(TOKENS, tokens.to_json())

    async def clear(self) -> None:
        """Forget everything."""
        await self._store.remove(TOKENS)


class PhoneBiometrics:
    """The lock's `Biometrics`: an entry that the platform opens to finger or face alone.

    `store` is made with `enforce_biometrics` (Android) and `biometryCurrentSet` (iOS), so that the
    key is bound to who is enrolled now. Untested: needs a phone.
    """

    def __init__(self, store: SecureStore) -> None:
        self._store = store

    async def keep(self, key: bytes) -> bool:
        """Keep the key; a phone where nothing is enrolled refuses."""
        try:
            await self._store.set(RECOGNISED, base64.b64encode(key).decode("ascii"))
        except (RuntimeError, FletException):
            return False
        return True

    async def recall(self) -> bytes | None:
        """Have the platform ask; None when it was refused."""
        try:
            async with asyncio.timeout(ASKED_FOR):
                kept = await self._store.get(RECOGNISED)
        except (TimeoutError, RuntimeError, FletException):
            return None
        return base64.b64decode(kept) if isinstance(kept, str) else None

    async def forget(self) -> None:
        """Remove the key."""
        with suppress(RuntimeError, FletException):
            await self._store.remove(RECOGNISED)


class PhonePlace:
    """The secure store as the lock's `SafePlace`."""

    def __init__(self, store: SecureStore) -> None:
        self._store = store

    async def read(self, name: str) -> str | None:
        """Return a secret."""
        kept = await self._store.get(name)
        return kept if isinstance(kept, str) else None

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret."""
        await self._store.set(name, secret)

    async def forget(self, name: str) -> None:
        """Remove a secret."""
        await self._store.remove(name)
