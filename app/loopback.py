"""The redirect back from the identity provider on a desktop: one answer on a loopback port (RFC 8252, 7.3)."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

DEEP_LINK = "ihanoi://callback"
PATIENCE = 600.0
_LONGEST_REQUEST = 16_384

_PAGE = (
    "<!doctype html><meta charset=utf-8><title>iHaNoi</title>"
    "<p style='font:18px sans-serif;margin:3em'>Bạn có thể đóng trang này và quay lại iHaNoi."
    "<br><small>You can close this page and return to iHaNoi.</small></p>"
)


class LoopbackRedirect:
    """Listens on 127.0.0.1 for one callback; `uri` is what to register with the request."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
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

    async def answer(self) -> dict[str, str]:
        """The callback's parameters. Raises TimeoutError after ten minutes."""
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode("ascii", "replace").split(" ")
        target = line[1] if len(line) > 1 else ""
        right = line[0] == "GET" and urlsplit(target).path == "/callback"
        body = _PAGE.encode() if right else b""
        status = "200 OK" if right else "404 Not Found"
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()
        if right and not self._answer.done():
            self._answer.set_result(parameters_of(target))


def parameters_of(url: str) -> dict[str, str]:
    """The query of an address; a repeated name keeps its first value."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(urlsplit(url).query):
        found.setdefault(name, value)
    return found
