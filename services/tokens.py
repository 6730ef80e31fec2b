"""What the identity provider gave us, and where it is kept between starts."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.errors import NotFound, NotPermitted
from services.keychain import Keychain
from services.vault import SubjectVault

DEFAULT_LIFE = 60.0
"""Seconds an access token is taken to live when the provider does not say."""
PART = 1000
"""Characters to one keyring entry: the Windows credential store takes 2560 bytes of UTF-16."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint gave us. Never logged, never shown.

    `expires_at` is in Unix seconds of the server's time; `claims` are the checked claims about
    the person (ID token and userinfo); `key` is the device key they are bound to (RFC 9449), None
    for bearer tokens.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    id_token: str = field(repr=False)
    expires_at: float
    claims: Mapping[str, Any] = field(repr=False)
    key: str | None = field(default=None, repr=False)

    @classmethod
    def issued(
        cls,
        answer: Mapping[str, Any],
        now: datetime,
        *,
        id_token: str,
        claims: Mapping[str, Any],
        key: str | None,
        before: Tokens | None = None,
    ) -> Tokens:
        """Read a token endpoint's answer (RFC 6749, section 5.1), given at the server's time `now`.

        A refresh may keep the refresh token of `before`. The provider may know proofs and still
        bind these tokens to nothing: then `key` is not theirs (RFC 9449, section 5).
        """
        is_bound = str(answer.get("token_type", "")).lower() == "dpop"
        refresh_token = answer.get("refresh_token")
        if not isinstance(refresh_token, str):
            refresh_token = before.refresh_token if before else None
        return cls(
            access_token=str(answer["access_token"]),
            refresh_token=refresh_token,
            id_token=id_token,
            expires_at=now.timestamp() + _seconds(answer.get("expires_in")),
            claims=claims,
            key=key if is_bound else None,
        )

    def to_json(self) -> str:
        """Write everything, secrets too: only for an encrypted place."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Tokens:
        """Read what `to_json` wrote; raises ValueError for anything else."""
        try:
            return cls(**json.loads(text))
        except TypeError as error:
            raise ValueError("not stored tokens") from error


def _seconds(expires_in: Any) -> float:
    try:
        return max(0.0, float(expires_in))
    except (TypeError, ValueError):
        return DEFAULT_LIFE


class TokenStore(Protocol):
    """The place's secure store, holding the tokens of one signed-in resident."""

    async def load(self) -> Tokens | None:
        """Return the saved tokens, or None when nobody is signed in."""

    async def save(self, tokens: Tokens) -> None:
        """Replace what is saved."""

    async def clear(self) -> None:
        """Forget everything; nothing saved is no error."""


class KeyringTokenStore:
    """Tokens in the desktop's keyring, in parts small enough for every platform's store."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain

    async def load(self) -> Tokens | None:
        """Return the saved tokens; None also for a half-written set, which means signing in."""
        return await asyncio.to_thread(self._load)

    async def save(self, tokens: Tokens) -> None:
        """Replace what is saved."""
        await asyncio.to_thread(self._save, tokens.to_json())

    async def clear(self) -> None:
        """Forget everything."""
        await asyncio.to_thread(self._clear)

    def _load(self) -> Tokens | None:
        count = self._count()
        parts = [self._keychain.read(f"tokens.{number}") or "" for number in range(count)]
        text = "".join(parts)
        if self._keychain.read("tokens") != _header(count, text):
            return None
        return Tokens.from_json(text)

    def _save(self, text: str) -> None:
        parts = [text[start : start + PART] for start in range(0, len(text), PART)]
        for number in range(len(parts), self._count()):
            self._keychain.forget(f"tokens.{number}")
        for number, part in enumerate(parts):
            self._keychain.write(f"tokens.{number}", part)
        self._keychain.write("tokens", _header(len(parts), text))

    def _clear(self) -> None:
        for number in range(self._count()):
            self._keychain.forget(f"tokens.{number}")
        self._keychain.forget("tokens")

    def _count(self) -> int:
        count = (self._keychain.read("tokens") or "").partition(" ")[0]
        return int(count) if count.isdecimal() else 0


class VaultTokenStore:
    """Tokens in the vault, on a computer that has no keychain: they are under the PIN then.

    `vault` is `Vault.for_everyone()`. While it is locked what is saved is held in memory; `flush`
    keeps it once the vault is open.
    """

    TABLE, KEY = "tokens", "device"

    def __init__(self, vault: SubjectVault) -> None:
        self._vault = vault
        self._held: Tokens | None = None

    async def load(self) -> Tokens | None:
        """Return the saved tokens; None also while the vault is locked."""
        if self._held is not None:
            return self._held
        try:
            kept = await self._vault.get(self.TABLE, self.KEY)
            return Tokens.from_json(kept) if isinstance(kept, str) else None
        except (NotFound, NotPermitted, ValueError):
            return None

    async def save(self, tokens: Tokens) -> None:
        """Replace what is saved."""
        self._held = tokens
        await self.flush()

    async def clear(self) -> None:
        """Forget everything."""
        self._held = None
        with suppress(NotPermitted):
            await self._vault.delete(self.TABLE, self.KEY)

    async def flush(self) -> None:
        """Keep what was saved while the vault was locked."""
        if self._held is None:
            return
        with suppress(NotPermitted):
            await self._vault.put(self.TABLE, self.KEY, self._held.to_json())
            self._held = None


def _header(count: int, text: str) -> str:
    """Return what tells a whole set of parts from one that a crash left half-written."""
    return f"{count} {hashlib.sha256(text.encode()).hexdigest()}"
