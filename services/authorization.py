"""One attempt to sign in, and the person it gives."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import httpx

from services.errors import GatewayUnavailable, NotPermitted, ServiceError, SignInRequired
from services.id_tokens import LEEWAY
from services.proofs import DeviceKey
from services.provider import ProviderSettings


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """Where to send the resident to sign in, and what must come back.

    Kept between the two, on the web in the row of the pre-login cookie.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    acr: str | None = None
    max_age: int | None = None
    key: str | None = field(default=None, repr=False)

    @classmethod
    def make(
        cls,
        redirect_uri: str,
        *,
        acr: str | None = None,
        max_age: int | None = None,
        key: DeviceKey | None = None,
    ) -> AuthorizationRequest:
        """Make a request with fresh secrets, which leads nowhere yet; its tokens will be bound to
        `key`.
        """
        state, nonce, code_verifier = (secrets.token_urlsafe(32) for _ in range(3))
        kept = key.text if key else None
        return cls("", state, nonce, code_verifier, redirect_uri, acr, max_age, kept)

    def asked(self, settings: ProviderSettings, locale: str | None) -> dict[str, str]:
        """Return the parameters the provider is asked with."""
        asked = {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(settings.scopes),
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": _challenge(self.code_verifier),
            "code_challenge_method": "S256",
            "acr_values": self.acr,
            "ui_locales": locale,
            "max_age": None if self.max_age is None else str(self.max_age),
            "dpop_jkt": DeviceKey.read(self.key).thumbprint if self.key else None,
        }
        return {name: value for name, value in asked.items() if value}

    def at(self, endpoint: str, query: Mapping[str, str]) -> Self:
        """Return the request as it leads to an authorization endpoint."""
        return replace(self, url=str(httpx.URL(endpoint).copy_merge_params(dict(query))))

    def code_of(self, params: Mapping[str, str], provider: Mapping[str, Any], issuer: str) -> str:
        """Return the code of a callback that answers this request; `provider` is its discovery.

        Raises SignInRequired (`state_mismatch`, `issuer_mismatch`, `cancelled`,
        `sign_in_refused`), NotPermitted(`level`) or GatewayUnavailable.
        """
        if not secrets.compare_digest(params.get("state", "").encode(), self.state.encode()):
            raise SignInRequired("state_mismatch")
        # RFC 9207: a mixed-up provider shows itself by its own name, or by hiding it.
        promised = provider.get("authorization_response_iss_parameter_supported") is True
        if params.get("iss", "" if promised else issuer) != issuer:
            raise SignInRequired("issuer_mismatch")
        if "error" in params or not params.get("code"):
            raise _refusal(params.get("error"))
        return params["code"]

    def check_reached(
        self, claims: Mapping[str, Any], acr_order: Sequence[str], now: datetime
    ) -> None:
        """Raise NotPermitted(`level`) or SignInRequired(`not_fresh`) when a sign-in does not reach
        what was asked for (OpenID Connect Core, 3.1.3.7: who asks has to look).
        """
        if self.acr is not None and not _reaches(claims.get("acr"), self.acr, acr_order):
            raise NotPermitted("level")
        auth_time = claims.get("auth_time")
        if self.max_age is not None and not (
            isinstance(auth_time, int | float)
            and auth_time >= now.timestamp() - self.max_age - LEEWAY
        ):
            raise SignInRequired("not_fresh")

    def to_json(self) -> str:
        """Write it, secrets too: only for an encrypted place."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, from checked claims; `birthdate` is ISO 8601, `acr` the identity level,
    `auth_time` the Unix second of the sign-in and `sid` the provider's name for it.
    """

    subject: str
    name: str = field(repr=False)
    given_name: str = field(repr=False)
    birthdate: str | None = field(default=None, repr=False)
    acr: str | None = None
    roles: tuple[str, ...] = ()
    ward_code: str | None = field(default=None, repr=False)
    auth_time: int | None = None
    sid: str | None = field(default=None, repr=False)

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Person:
        """Read ID token and userinfo claims; only `sub` has to be there."""
        name = str(claims.get("name") or claims.get("given_name") or "")
        roles = claims.get("roles")
        return cls(
            subject=str(claims["sub"]),
            name=name,
            # A Vietnamese given name stands last.
            given_name=str(claims.get("given_name") or name.rpartition(" ")[2]),
            birthdate=_text(claims.get("birthdate")),
            acr=_text(claims.get("acr")),
            roles=tuple(map(str, roles)) if isinstance(roles, list) else (),
            ward_code=_text(claims.get("ward_code")),
            auth_time=_whole(claims.get("auth_time")),
            sid=_text(claims.get("sid")),
        )


def _challenge(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _reaches(acr: Any, asked: str, order: Sequence[str]) -> bool:
    higher = acr in order and asked in order and order.index(acr) > order.index(asked)
    return bool(acr == asked or higher)


def _refusal(error: str | None) -> ServiceError:
    if error in ("temporarily_unavailable", "server_error"):
        return GatewayUnavailable("provider_unavailable")
    if error == "unmet_authentication_requirements":
        return NotPermitted("level")
    return SignInRequired("cancelled" if error == "access_denied" else "sign_in_refused")


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
