"""The applications that may send residents here,
and the exact addresses they may be sent back to.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.health_records.scopes import SCOPES as HEALTH_SCOPES
from gateway.settings import Settings

SCOPES = (
    "openid",
    "profile",
    "offline_access",
    "reports",
    "health",
    "certificates",
    "cards",
    "desk",
    "support",
    *HEALTH_SCOPES,
)
_ROLES_OF_SCOPE = {"desk": ("officer",), "support": ("support", "supervisor")}
"""Scopes that only people of these roles are given, whoever asks for them."""


def given(scopes: tuple[str, ...], roles: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes somebody of these roles can be asked to agree to."""
    return tuple(s for s in scopes if s not in _ROLES_OF_SCOPE or {*_ROLES_OF_SCOPE[s]} & {*roles})


@dataclass(frozen=True, slots=True)
class Client:
    """A public client (RFC 6749, section 2.1): no secret, so PKCE is demanded.

    Loopback addresses stand without a port.
    """

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = SCOPES

    def may_return_to(self, address: str) -> bool:
        """Whether a code may be sent to that address."""
        return any(_matches(address, known) for known in self.redirect_uris)

    def may_sign_out_to(self, address: str) -> bool:
        """Whether the browser may be sent to that address after signing out."""
        return any(_matches(address, known) for known in self.post_logout_redirect_uris)


def ihanoi_app(settings: Settings) -> Client:
    """The citizen app on the web, on desktops (loopback) and on phones (its own scheme)."""
    return Client(
        client_id="ihanoi-app",
        name="iHaNoi",
        redirect_uris=(
            f"{settings.public_url}/callback",
            "http://127.0.0.1/callback",
            "http://[::1]/callback",
            "ihanoi://callback",
        ),
        post_logout_redirect_uris=(
            settings.public_url,
            f"{settings.public_url}/",
            f"{settings.public_url}/sign-in",
            f"{settings.public_url}/signed-out",
            "http://127.0.0.1/signed-out",
            "http://[::1]/signed-out",
            "ihanoi://signed-out",
        ),
    )


def _matches(address: str, known: str) -> bool:
    """Character by character; only the port of a loopback address is free (RFC 8252,
    section 7.3).
    """
    return address == known or _without_port(address) == known


def _without_port(address: str) -> str | None:
    """A loopback address with its port cut out, or None for anything else that has a port."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if parts.scheme != "http" or port is None or not ipaddress.ip_address(host).is_loopback:
            return None
    except ValueError:
        return None
    authority = f"[{host}]" if ":" in host else host
    if parts.netloc != f"{authority}:{port}":
        return None
    rest = address[len(f"http://{parts.netloc}") :]
    return f"http://{authority}{rest}"
