"""The gate's line to its gateway: HTTP with the standard library, short time limits, small answers."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Protocol

_SECONDS = 20.0
_LONGEST_ANSWER = 64_000_000


class LineDown(Exception):
    """No answer, or the gateway cannot give one now: the gate works on and tries again later."""


class Line(Protocol):
    """One request, one answer: the status and the body."""

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask; raises LineDown."""
        ...

    def post(self, path: str, body: Any, secret: str) -> tuple[int, bytes]:
        """Send JSON with this gate's credential; raises LineDown."""
        ...


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A gateway is where the set-up says: elsewhere the credential has no business."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing; the answer is the 3xx itself."""


class HttpLine:
    """The line to an address such as https://gateway.example/api."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(_NoRedirects)

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a path below the address; raises LineDown."""
        return self._send(urllib.request.Request(self._address + path))  # noqa: S310

    def post(self, path: str, body: Any, secret: str) -> tuple[int, bytes]:
        """Send JSON; raises LineDown."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        content = json.dumps(body).encode()
        return self._send(urllib.request.Request(self._address + path, content, headers))  # noqa: S310

    def _send(self, request: urllib.request.Request) -> tuple[int, bytes]:
        # Only http and https: the set-up admits no other address (gate.setup).
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return answer.status, answer.read(_LONGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(_LONGEST_ANSWER)
        except (OSError, ValueError) as error:
            raise LineDown(type(error).__name__) from error
