"""What can go wrong between a resident's app and the city, switched on at a moment and drawn from a seed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from email.utils import formatdate
from random import Random
from typing import Any

import httpx

KINDS = ("error", "busy", "cut", "lost", "timeout", "slow", "expired", "portal", "spoiled", "full")
"""error: 500. busy: 503. cut: no connection. lost: the answer gets lost. timeout: no answer in time. slow:
late answers. expired: the session is over. portal: a captive portal's page. spoiled: a register's bad
data. full: the device's disk is full. A wrong clock is another process's: see the campaign."""

JSON = "application/json"
REFERENCE = "campaign-0001"


class Troubles(httpx.AsyncBaseTransport):
    """A transport in front of another; `kind` is what goes wrong from now on, None for nothing."""

    def __init__(self, inner: httpx.AsyncBaseTransport, seed: int) -> None:
        self.inner = inner
        self.kind: str | None = None
        self._random = Random(seed)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or not."""
        happens = _HAPPENS.get(self.kind or "")
        if happens is None or self._spared(request):
            answer = await self.inner.handle_async_request(request)
        else:
            answer = await happens(self, request)
        # A server dates its answers: that is how a wrong clock is found out.
        answer.headers.setdefault("date", formatdate(usegmt=True))
        return answer

    def _spared(self, request: httpx.Request) -> bool:
        """Only an expired session touches the identity provider."""
        return request.url.path.startswith("/identity") and self.kind != "expired"

    async def _error(self, request: httpx.Request) -> httpx.Response:
        return _problem(request, 500, "internal-error")

    async def _busy(self, request: httpx.Request) -> httpx.Response:
        return _problem(request, 503, "service-unavailable", {"retry-after": "1"})

    async def _cut(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("cut", request=request)

    async def _lost(self, request: httpx.Request) -> httpx.Response:
        await self.inner.handle_async_request(request)
        raise httpx.ReadError("lost", request=request)

    async def _timeout(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        raise httpx.ReadTimeout("timeout", request=request)

    async def _slow(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self._random.uniform(0.1, 0.4))
        return await self.inner.handle_async_request(request)

    async def _expired(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/identity"):
            return _told(request, 400, {"content-type": JSON}, b'{"error": "invalid_grant"}')
        challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
        return _problem(request, 401, "sign-in-required", challenge)

    async def _portal(self, request: httpx.Request) -> httpx.Response:
        page = b"<html><body>Wi-Fi: log in first</body></html>"
        return _told(request, 200, {"content-type": "text/html"}, page)

    async def _spoiled(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        content = await response.aread()
        if "json" not in response.headers.get("content-type", "") or response.status_code >= 400:
            return _again(request, response, content)
        spoiled = spoil(json.loads(content), self._random)
        return _again(request, response, json.dumps(spoiled).encode())


def spoil(value: Any, random: Random) -> Any:
    """Bad data as registers send it: a field that is missing, empty, or of another type."""
    places: list[tuple[dict[str, Any], str]] = []

    def look(one: Any) -> None:
        if isinstance(one, dict):
            places.extend((one, name) for name in one)
            for inner in one.values():
                look(inner)
        elif isinstance(one, list):
            for inner in one:
                look(inner)

    look(value)
    for holder, name in random.sample(places, min(len(places), 3)):
        how = random.choice(("missing", "empty", "list"))
        if how == "missing":
            holder.pop(name, None)
        else:
            holder[name] = None if how == "empty" else [7]
    return value


def fill_disk(connection: sqlite3.Connection) -> Callable[[], None]:
    """Leave a database no page to grow by; returns what gives it room again."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")

    def relieve() -> None:
        connection.execute("PRAGMA max_page_count = 1073741823")

    return relieve


def _problem(
    request: httpx.Request, status: int, slug: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    document = {
        "type": f"/problems/{slug}",
        "title": slug,
        "status": status,
        "reference": REFERENCE,
    }
    told = {"content-type": "application/problem+json", **(headers or {})}
    return _told(request, status, told, json.dumps(document).encode())


def _again(request: httpx.Request, response: httpx.Response, content: bytes) -> httpx.Response:
    spoiled = ("content-length", "content-encoding", "transfer-encoding")
    headers = {k: v for k, v in response.headers.items() if k not in spoiled}
    return _told(request, response.status_code, headers, content)


def _told(
    request: httpx.Request, status: int, headers: dict[str, str], content: bytes
) -> httpx.Response:
    """An answer that is read from its stream, as one from a line is."""
    return httpx.Response(
        status, headers=headers, stream=httpx.ByteStream(content), request=request
    )


_HAPPENS: dict[str, Callable[[Troubles, httpx.Request], Any]] = {
    "error": Troubles._error,
    "busy": Troubles._busy,
    "cut": Troubles._cut,
    "lost": Troubles._lost,
    "timeout": Troubles._timeout,
    "slow": Troubles._slow,
    "expired": Troubles._expired,
    "portal": Troubles._portal,
    "spoiled": Troubles._spoiled,
}
