"""What wraps every answer: a request id, safe headers, a bound on the body, and a last net for
errors.
"""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from email.utils import formatdate

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import REQUEST_ID, TOO_LARGE, Problem, refusal
from gateway.shown_tokens import NEXT_NONCE

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")
_DEFAULT_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_CLOSE = {"Connection": "close"}

log = logging.getLogger(__name__)


class Envelope:
    """Outermost middleware: names the request, sets headers a route did not set, hides unhandled
    errors.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; other kinds of connection pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[REQUEST_ID] = request_id = _request_id(Headers(scope=scope))
        started = False

        async def send_wrapped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                _set_headers(headers, request_id)
                if nonce := scope.get(NEXT_NONCE):
                    headers.setdefault("DPoP-Nonce", nonce)
            await send(message)

        try:
            await self._app(scope, receive, send_wrapped)
        except ClientDisconnect:  # Nobody is left to answer.
            return
        except Exception as error:  # The last net: a resident sees a reference, never a text.
            _record(error, request_id)
            if started:
                raise
            problem = Problem(500, "internal", "Something went wrong here")
            await refusal(Request(scope), problem)(scope, receive, send_wrapped)


class BodyLimit:
    """Refuses a body of more than `settings.body_limit` bytes with 413, by its Content-Length or while it
    streams in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = scope["app"].state.settings.body_limit
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            too_large = Problem(413, TOO_LARGE, "The body is too large", headers=_CLOSE)
            await refusal(Request(scope), too_large)(scope, receive, send)
            return
        received = 0

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, headers=_CLOSE)
            return message

        await self._app(scope, receive_bounded, send)


def _request_id(headers: Headers) -> str:
    """The caller's id where it is harmless, else a new one."""
    offered = headers.get("x-request-id", "")
    return offered if _SAFE_ID.fullmatch(offered) else secrets.token_hex(8)


def _set_headers(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    headers.setdefault("Date", formatdate(usegmt=True))
    for name, value in _DEFAULT_HEADERS.items():
        headers.setdefault(name, value)


def _record(error: Exception, request_id: str) -> None:
    """Log where it happened and what kind it was; the error's text can hold what a resident
    wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("%s failed with %s at %s", request_id, type(error).__name__, places)
