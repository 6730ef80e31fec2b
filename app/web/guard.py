"""Around everything: the right host name, security headers, no cookie for mounted apps."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.addresses import aliases_of
from app.web.cookies import SessionCookie

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HostGuard:
    """Answers only to the public address.

    Pages asked for under another loopback name are sent to the public one, since the cookie lives
    there. Any other Host is refused, which is what stops DNS rebinding.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url
        self._own = urlsplit(public_url).netloc.lower()
        self._aliases = aliases_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, redirect or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if host not in self._aliases:
            await _refuse(scope, receive, send)
            return
        wants_page = scope.get("method") == "GET" and "text/html" in headers.get("accept", "")
        if host != self._own and wants_page:
            await RedirectResponse(self._public_url + _target(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))


class WithoutCookie:
    """A mounted app that never sees the session's cookie."""

    def __init__(self, app: ASGIApp, cookie: SessionCookie) -> None:
        self._app = app
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on without it."""
        await self._app(self._cookie.withhold(scope), receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        answer = PlainTextResponse("This server does not answer to that host name.\n", 421)
        await answer(scope, receive, send)


def _target(scope: Scope) -> str:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return "/" + (path + (b"?" + query if query else b"")).decode("latin-1").lstrip("/")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
