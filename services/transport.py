"""One request, once: timeouts, a bounded answer, and `Offline` for whatever else happens."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import httpx

from services.answers import Answer
from services.clock import ServerClock
from services.errors import GatewayUnavailable, Offline

ANSWER_LIMIT = 20 * 1024 * 1024
CALL = httpx.Timeout(20.0, connect=5.0)
UPLOAD = httpx.Timeout(60.0, connect=5.0)


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return a client for one process; with a transport, everything goes through that.

    A loopback request never goes through the system's proxy.
    """
    if transport is not None:
        return httpx.AsyncClient(transport=transport)
    hosts = ("127.0.0.1", "localhost", "[::1]")
    # Each signed-in session holds one connection for its long poll: a limit would stop the rest.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    trust = _trust()
    direct = {
        f"all://{host}": httpx.AsyncHTTPTransport(verify=trust, limits=limits) for host in hosts
    }
    return httpx.AsyncClient(mounts=direct, verify=trust, limits=limits)


@cache
def _trust() -> ssl.SSLContext:
    """Whom the process trusts, read once: each reading takes 40 ms on a computer, more on a phone."""
    return httpx.create_ssl_context()


async def exchange(
    http: httpx.AsyncClient,
    request: httpx.Request,
    clock: ServerClock,
    auth: httpx.Auth | None = None,
) -> Answer:
    """Send one request once; raises Offline without an answer. Every answer tells the clock.

    The request is built by hand and not by `http`, whose cookie jar is shared: on the web one
    process serves many residents.
    """
    sent = clock.steady()
    # The sum bounds an answer that dribbles in, which no single read timeout would.
    seconds = sum(request.extensions["timeout"].values()) + CALL.read
    with _transport_errors():
        async with asyncio.timeout(seconds):
            response = await http.send(request, auth=auth, stream=True, follow_redirects=False)
            clock.observe(response.headers.get("date"), sent, clock.steady())
            try:
                content = await _bounded(response)
            finally:
                await response.aclose()
    return Answer(response.status_code, response.headers, content)


@contextmanager
def _transport_errors() -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        code = "timeout" if isinstance(error, httpx.TimeoutException) else "offline"
        raise Offline(code, sent=False) from None
    except (TimeoutError, httpx.TimeoutException):
        raise Offline("timeout") from None
    except httpx.DecodingError:
        raise GatewayUnavailable("broken_answer") from None
    except httpx.HTTPError:
        raise Offline from None


async def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > ANSWER_LIMIT:
            raise GatewayUnavailable("answer_too_large", status=response.status_code)
    return bytes(content)
