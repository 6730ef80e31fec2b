"""Sign-in by OpenID Connect: authorization code with PKCE, against any provider."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

from services.clock import ServerClock
from services.tokens import TokenStore


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Which provider to trust and as which public client; discovery tells the rest."""

    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ("openid", "profile", "offline_access")
    acr_order: tuple[str, ...] = ("loa1", "loa2")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """One attempt to sign in: where to send the resident, and what must come back."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    acr: str | None = None

    def to_json(self) -> str:
        """Write it for the row that waits for the callback."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, from the checked claims; `birthdate` is ISO 8601, `acr` the level."""

    subject: str
    name: str = field(repr=False)
    given_name: str = field(repr=False)
    birthdate: str | None = field(default=None, repr=False)
    acr: str | None = None
    roles: tuple[str, ...] = ()
    ward_code: str | None = field(default=None, repr=False)

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Person:
        """Read ID token and userinfo claims; only `sub` has to be there."""
        name = str(claims.get("name") or claims.get("given_name") or "")
        roles = claims.get("roles")
        return cls(
            subject=str(claims["sub"]),
            name=name,
            given_name=str(claims.get("given_name") or name.rpartition(" ")[2]),
            birthdate=_text(claims.get("birthdate")),
            acr=_text(claims.get("acr")),
            roles=tuple(map(str, roles)) if isinstance(roles, list) else (),
            ward_code=_text(claims.get("ward_code")),
        )


class Identity:
    """The signed-in resident of one app, window or web session."""

    def __init__(
        self,
        settings: ProviderSettings,
        http: httpx.AsyncClient,
        token_store: TokenStore,
        clock: ServerClock,
    ) -> None:
        raise NotImplementedError

    @property
    def person(self) -> Person | None:
        """Who is signed in."""
        raise NotImplementedError

    async def begin(
        self, redirect_uri: str, *, acr: str | None = None, locale: str | None = None
    ) -> AuthorizationRequest:
        """Start a sign-in; open `.url`, keep the rest for `complete`."""
        raise NotImplementedError

    async def complete(self, request: AuthorizationRequest, params: Mapping[str, str]) -> Person:
        """Finish with the query parameters of the callback."""
        raise NotImplementedError

    async def resume(self) -> Person | None:
        """Take up a saved sign-in, with no network; None when there is none."""
        raise NotImplementedError

    async def sign_out(self) -> str | None:
        """Forget and revoke the tokens; returns the provider's end-session address, if any."""
        raise NotImplementedError


class BearerAuth(httpx.Auth):
    """Adds the access token, refreshed in time, and tries once more after a 401."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign one request."""
        raise NotImplementedError
        yield request


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
