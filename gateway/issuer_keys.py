"""The issuer's public keys, found by OpenID Connect Discovery and kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt

from gateway.problems import Problem

MAX_AGE_SECONDS = 600.0
REFETCH_SECONDS = 10.0
RETRY_SECONDS = 1.0


class IssuerKeys:
    """The key set of one issuer: fetched when first needed, when stale, and for an unknown key
    id, but not often.
    """

    def __init__(
        self,
        issuer: str,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`transport` lets an issuer that lives in the same process be asked without a socket."""
        self._issuer, self._transport, self._monotonic = issuer, transport, monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of that id, or None. Raises a 503 `Problem` when no key was ever obtained."""
        if kid not in self._keys or self._older_than(MAX_AGE_SECONDS, self._fetched):
            await self._refresh()
        return self._keys.get(kid)

    def _older_than(self, seconds: float, moment: float) -> bool:
        return self._monotonic() - moment > seconds

    async def _refresh(self) -> None:
        async with self._lock:
            pause = REFETCH_SECONDS if self._keys else RETRY_SECONDS
            if not self._older_than(pause, self._tried):
                return self._demand_keys()
            self._tried = self._monotonic()
            try:
                self._keys = await self._fetch()
                self._fetched = self._monotonic()
            except (httpx.HTTPError, ValueError, KeyError, TypeError, jwt.PyJWTError):
                self._demand_keys()

    def _demand_keys(self) -> None:
        """Old keys serve while the issuer is away; with none at all nobody can be let in."""
        if not self._keys:
            title = "The identity provider cannot be reached"
            headers = {"Retry-After": str(int(RETRY_SECONDS))}
            raise Problem(503, "identity-provider-unavailable", title, headers=headers)

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        async with httpx.AsyncClient(transport=self._transport, timeout=5) as client:
            discovered = await _json(client, f"{self._issuer}/.well-known/openid-configuration")
            if discovered["issuer"] != self._issuer:
                raise ValueError("the discovery document names another issuer")
            found = await _json(client, discovered["jwks_uri"])
        keys = jwt.PyJWKSet.from_dict(found).keys
        return {key.key_id: key for key in keys if key.key_id is not None}


async def _json(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    answer = await client.get(address)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError("expected a JSON object")
    return found
