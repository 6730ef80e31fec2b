"""The one cookie of the web host."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import cookie_parser
from starlette.types import Scope

Header = tuple[bytes, bytes]


class SessionCookie:
    """HttpOnly, SameSite=Lax, Path=/; Secure and bound to the host (`__Host-`) behind TLS.

    Browsers share the cookies of a loopback address between ports, so its name carries the port.
    """

    def __init__(self, public_url: str, max_age: float) -> None:
        parts = urlsplit(public_url)
        self._secure = parts.scheme == "https"
        self._max_age = int(max_age)
        self.name = "__Host-ihanoi" if self._secure else f"ihanoi_{parts.port or 80}"

    def read(self, scope: Scope) -> str | None:
        """The value that a request or a websocket handshake carries."""
        return cookie_parser(_joined(scope["headers"])).get(self.name) or None

    def write(self, value: str) -> str:
        """The Set-Cookie header for a new session."""
        secure = "; Secure" if self._secure else ""
        return (
            f"{self.name}={value}; Path=/; Max-Age={self._max_age}; HttpOnly; SameSite=Lax{secure}"
        )

    def withhold(self, scope: Scope) -> Scope:
        """The scope without this cookie, for mounted apps, which must never see it."""
        kept = cookie_parser(_joined(scope["headers"]))
        if self.name not in kept:
            return scope
        headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        others = "; ".join(f"{name}={value}" for name, value in kept.items() if name != self.name)
        if others:
            headers.append((b"cookie", others.encode("latin-1")))
        return {**scope, "headers": headers}


def _joined(headers: Iterable[Header]) -> str:
    return "; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie")
