"""What a persona's faults do: to its own line, clock and store, and to nobody else's."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from app.replay.resident import MemoryVault
from services.clock import ServerClock
from services.errors import Rejected
from services.personas import Faults

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
HOUR = 3600
BUSY, OVER = "service-unavailable", "sign-in-required"


class FaultyLine(httpx.AsyncBaseTransport):
    """The way of one persona to the gateway, over the connections of `http`; `faults` is what is wrong now.

    Other addresses, the identity provider's too, are reached as ever. `sleep` takes seconds.
    """

    def __init__(
        self, http: httpx.AsyncClient, gateway_url: str, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.faults = Faults()
        self._sleep = sleep
        self._http, self._gateway = http, httpx.URL(gateway_url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, late or not at all."""
        if self._is_the_gateways(request.url):
            await self._wait(request, self.faults.slow_seconds)
            if self.faults.half_upload and _uploads(request):
                await _send_half(request)
            if self.faults.unavailable:
                return _problem(request, 503, BUSY, {})
            if self.faults.expired and "authorization" in request.headers:
                challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
                return _problem(request, 401, OVER, challenge)
        inner = self._http._transport_for_url(request.url)
        return await inner.handle_async_request(request)

    async def _wait(self, request: httpx.Request, seconds: float) -> None:
        """Let an answer be late: raises ReadTimeout where the app waits no longer than that."""
        patience = request.extensions.get("timeout", {}).get("read")
        late = patience is not None and seconds > patience
        if seconds:
            await self._sleep(patience if late else seconds)
        if late:
            raise httpx.ReadTimeout("late", request=request)

    def _is_the_gateways(self, url: httpx.URL) -> bool:
        here = self._gateway
        below = url.path.startswith(here.path.rstrip("/") + "/")
        return below and (url.scheme, url.host, url.port) == (here.scheme, here.host, here.port)


class PersonaClock(ServerClock):
    """A clock of its own. While it is off by `hours`, no answer of the gateway sets it right."""

    def __init__(self) -> None:
        super().__init__(device_time=lambda: time.time() + self.hours * HOUR)
        self.hours = 0

    def put(self, hours: int) -> None:
        """Put the device's clock forward, or back; what was measured counts no more."""
        if hours != self.hours:
            self.hours, self._bounds = hours, None

    def observe(self, date: str | None, sent: float, received: float) -> None:
        """Take in an answer's `Date`, unless the clock is to stay wrong."""
        if not self.hours:
            super().observe(date, sent, received)


class PersonaVault(MemoryVault):
    """A store in memory; while it is `full` nothing in it changes, as on a device without room."""

    full = False
    closed = False

    def close(self) -> None:
        """Forget everything; whatever still writes is refused."""
        self.closed = True
        super().close()

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self.closed:
            raise Rejected("storage_unavailable")
        if not self.full:
            return super()._run(work)
        with self._lock:
            before = self._connection.total_changes
            found = work(self._connection)
            if self._connection.total_changes != before:
                self._connection.rollback()
                raise Rejected("storage_full")
            return found


def _uploads(request: httpx.Request) -> bool:
    return str(request.headers.get("content-type", "")).startswith("multipart/form-data")


async def _send_half(request: httpx.Request) -> None:
    """Read half of what is uploaded, as a line that is cut does; raises WriteError."""
    half, read = int(request.headers.get("content-length", 0)) / 2, 0
    assert isinstance(request.stream, httpx.AsyncByteStream)
    async for chunk in request.stream:
        read += len(chunk)
        if read >= half:
            break
    raise httpx.WriteError("cut halfway", request=request)


def _problem(
    request: httpx.Request, status: int, slug: str, headers: dict[str, str]
) -> httpx.Response:
    """A problem document (RFC 9457) as the gateway gives it; its reference says that it was made up here."""
    reference = f"persona-{secrets.token_hex(4)}"
    document = {"type": f"/problems/{slug}", "title": slug, "status": status}
    content = json.dumps({**document, "reference": reference}).encode()
    told = {"content-type": "application/problem+json", **headers}
    stream = httpx.ByteStream(content)
    return httpx.Response(status, headers=told, stream=stream, request=request)
