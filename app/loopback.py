"""The redirect back from the identity provider on a desktop: one answer on a loopback port (RFC 8252, 7.3)."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import parse_qsl, urlsplit

DEEP_LINK = "ihanoi://callback"
PATIENCE = 600.0
_LONGEST_REQUEST = 16_384

_PAGE = (
    "<!doctype html><meta charset=utf-8><title>iHaNoi</title>"
    "<p style='font:18px sans-serif;margin:3em'>Bạn có thể đóng trang này và quay lại iHaNoi."
    "<br><small>You can close this page and return to iHaNoi.</small></p>"
)

_HEADERS = (
    "Content-Type: text/html; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
    "Connection: close\r\n"
)


class LoopbackRedirect:
    """Listens on 127.0.0.1 for one callback; `uri` is what to register with the request.

    Any page or program of this computer can call the port, so a callback counts only with the
    `state` of the request under way: another one is told nothing and ends nothing.
    """

    def __init__(self) -> None:
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._state: str | None = None
        self.uri = ""

    async def __aenter__(self) -> LoopbackRedirect:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=_LONGEST_REQUEST
        )
        port = self._server.sockets[0].getsockname()[1]
        self.uri = f"http://127.0.0.1:{port}/callback"
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._server.close()

    def expect(self, state: str) -> None:
        """Say which request's answer is waited for, before the browser is sent away."""
        self._state = state

    async def answer(self) -> dict[str, str]:
        """The callback's parameters. Raises TimeoutError after ten minutes."""
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode("ascii", "replace").split(" ")
        target = line[1] if len(line) > 1 else ""
        right = line[0] == "GET" and self._is_expected(target)
        body = _PAGE.encode() if right else b""
        status = "200 OK" if right else "404 Not Found"
        writer.write(
            f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()
        if right and not self._answer.done():
            self._answer.set_result(parameters_of(target))

    def _is_expected(self, target: str) -> bool:
        state = parameters_of(target).get("state", "")
        expected = self._state is not None and secrets.compare_digest(
            state.encode(), self._state.encode()
        )
        return expected and urlsplit(target).path == "/callback"


def parameters_of(url: str) -> dict[str, str]:
    """The query of an address; a repeated name keeps its first value."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(urlsplit(url).query):
        found.setdefault(name, value)
    return found
