"""A provider, a store of tokens, and the identity of one window over them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from services.identity import Identity, Person, ProviderSettings
from tests.services.twins import CLIENT, ISSUER, REDIRECT, ProviderTwin, Time
from tests.support.device import MemoryTokenStore

SETTINGS = ProviderSettings(ISSUER, CLIENT)


class House:
    """A provider, a store, and the identity of one window."""

    def __init__(self, **provider: Any) -> None:
        self.time = Time()
        self.provider = ProviderTwin(self.time, **provider)
        self.http = httpx.AsyncClient(transport=self.provider.transport())
        self.store = MemoryTokenStore()
        self.refreshing = asyncio.Lock()
        self.identity = self.window()

    def window(self) -> Identity:
        return Identity(
            SETTINGS, self.http, self.store, self.time.clock(), refreshing=self.refreshing
        )

    async def sign_in(self, acr: str | None = None, **changes: str) -> Person:
        request = await self.identity.begin(REDIRECT, acr=acr)
        params = self.provider.authorize(request.url, **changes)
        return await self.identity.complete(request, params)
