"""The httpx transport that hands every exchange of one session to its recorder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

import httpx

from services.clock import ServerClock
from services.diagnostics.har import Exchange
from services.diagnostics.reducing import LARGEST

Taken = Callable[[Exchange], None]


class Taking(Protocol):
    """What takes the exchanges: a recorder."""

    def asked(self, request: httpx.Request, sent: float) -> None:
        """Take note of a request that is on its way, sent at that steady time."""

    def exchanged(self, exchange: Exchange) -> None:
        """Take one exchange that has ended, well or not. Never raises."""


def recorded(http: httpx.AsyncClient, clock: ServerClock, taking: Taking) -> httpx.AsyncClient:
    """Return a client over `http`'s own connections that is one session's and recorded."""
    return httpx.AsyncClient(transport=RecordingTransport(http, clock, taking), trust_env=False)


class RecordingTransport(httpx.AsyncBaseTransport):
    """Passes requests on to the process's client; closing it closes nothing."""

    def __init__(self, http: httpx.AsyncClient, clock: ServerClock, taking: Taking) -> None:
        self._http = http
        self._clock = clock
        self._taking = taking

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it as the process's client would."""
        sent = self._clock.steady()
        self._taking.asked(request, sent)
        transport = self._http._transport_for_url(request.url)
        try:
            response = await transport.handle_async_request(request)
        except BaseException as error:
            self._take(request, None, b"", sent, self._clock.steady(), type(error).__name__)
            raise
        waited = self._clock.steady()

        def ended(content: bytes, error: str) -> None:
            self._take(request, response, content, sent, waited, error)

        assert isinstance(response.stream, httpx.AsyncByteStream)
        # A new one: a response that was read already would not be read again.
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Heard(response.stream, ended),
            extensions=response.extensions,
        )

    def _take(
        self,
        request: httpx.Request,
        response: httpx.Response | None,
        raw: bytes,
        sent: float,
        waited: float,
        error: str,
    ) -> None:
        now = self._clock.steady()
        content = _decoded(response, raw) if response is not None else b""
        began = self._clock.now()
        self._taking.exchanged(
            Exchange(request, response, content, began, sent, waited - sent, now - waited, error)
        )


class _Heard(httpx.AsyncByteStream):
    """An answer's bytes, kept while they pass, up to a little more than is ever recorded."""

    def __init__(self, stream: httpx.AsyncByteStream, ended: Callable[[bytes, str], None]) -> None:
        self._stream = stream
        self._ended: Callable[[bytes, str], None] | None = ended
        self._content = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                if len(self._content) <= LARGEST:
                    self._content += chunk
                yield chunk
        except BaseException as error:
            self._end(type(error).__name__)
            raise
        self._end("")

    async def aclose(self) -> None:
        """Close what is below; an answer that nobody read to its end was given up."""
        await self._stream.aclose()
        self._end("GivenUp")

    def _end(self, error: str) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(bytes(self._content), error)


def _decoded(response: httpx.Response, raw: bytes) -> bytes:
    """The content without its encoding (gzip); as it came where that is broken."""
    if "content-encoding" not in response.headers:
        return raw
    try:
        return httpx.Response(200, headers=response.headers, content=raw).content
    except (httpx.DecodingError, ValueError):
        return raw
