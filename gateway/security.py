"""Who is calling: access tokens (RFC 9068) of one OpenID Connect issuer, and what they permit
(RFC 6750, RFC 9470).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol, cast

import jwt
from fastapi import Depends, Request
from fastapi.security.http import HTTPAuthorizationCredentials

from gateway.dependencies import settings_of
from gateway.issuer_keys import IssuerKeys
from gateway.problems import Problem
from gateway.proofs import Proofs
from gateway.shown_tokens import (
    NEXT_NONCE,
    EitherScheme,
    ShownToken,
    confirm,
    refused,
    shown_by,
    unproven,
)

LEVELS = ("loa1", "loa2")
"""The identity levels of Decree 69/2024 in ascending order, as `acr` values."""

PUBLIC: dict[str, Any] = {"security": []}
"""`openapi_extra` of an operation that demands no token."""

FRESH_SECONDS = 600
"""How old a sign-in may be at most where an operation asks for a fresh one: ours, published by
nobody.
"""

_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]
_LEEWAY_SECONDS = 10
_HIGHER = "A sign-in at a higher identity level is required"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent this request, as the access token says. The subject is never printed.

    `auth_time` is the Unix second of the sign-in the token came from, `sid` that sign-in's name
    (OpenID Connect Core 2, Front-Channel Logout 3); None where the provider does not say. `actor` is
    whoever acts as this subject (`act`, RFC 8693 section 4.1), None for the resident in person. `issued`
    is the Unix second at which the token was given out.
    """

    subject: str = field(repr=False)
    acr: str
    scopes: frozenset[str]
    roles: frozenset[str]
    client_id: str
    auth_time: int | None = None
    issued: int = 0
    sid: str | None = field(default=None, repr=False)
    actor: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call an operation: the scope and role a token must hold, the least sign-in level,
    the greatest age of the sign-in in seconds, and whether only the resident in person may.
    """

    scope: str | None
    acr: str | None
    role: str | None
    max_age: int | None = None
    in_person: bool = False


class Authenticator:
    """Turns an access token into a `Caller`, with the issuer's published keys."""

    def __init__(
        self,
        keys: IssuerKeys,
        issuer: str,
        audience: str,
        algorithms: tuple[str, ...],
        proofs: Proofs,
    ) -> None:
        self._keys, self._issuer, self._audience = keys, issuer, audience
        self._algorithms, self.proofs = algorithms, proofs

    async def authenticate(self, shown: ShownToken) -> Caller:
        """Check signature, type, issuer, audience, times, and possession where the token is bound
        to a key. Raises a 401 `Problem`.
        """
        try:
            header = jwt.get_unverified_header(shown.token)
            key = await self._keys.find(str(header.get("kid", "")))
            if key is None or not _is_access_token(header):
                raise self._refusal(shown)
            claims = self._claims(shown.token, key)
        except jwt.PyJWTError as error:
            raise self._refusal(shown) from error
        confirm(shown, claims, self.proofs)
        return _caller(claims)

    def _refusal(self, shown: ShownToken) -> Problem:
        error = "invalid_token"
        return unproven(error, self.proofs.nonce) if shown.is_bound else refused(error)

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=list(self._algorithms),
            audience=self._audience,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": _CLAIMS},
        )


class Admission(Protocol):
    """Knows which sign-ins were ended before their tokens were: gateway.sessions.Standing."""

    async def admit(self, caller: Caller, user_agent: str | None) -> None:
        """Raise the 401 `Problem` of `ended` or `erased` for one of those."""


_scheme = EitherScheme(scheme_name="bearer", bearerFormat="JWT", auto_error=False)


async def calling(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)],
) -> Caller | None:
    """Who calls, None without a token. Raises a 401 `Problem` for one that is not valid."""
    if credentials is None:
        return None
    authenticator = cast(Authenticator, request.app.state.authenticator)
    shown = shown_by(request, credentials, settings_of(request))
    caller = await authenticator.authenticate(shown)
    if shown.is_bound:
        request.scope[NEXT_NONCE] = authenticator.proofs.nonce
    await cast(Admission, request.app.state.standing).admit(
        caller, request.headers.get("user-agent")
    )
    return caller


def resident(
    scope: str | None = None,
    acr: str | None = None,
    role: str | None = None,
    max_age: int | None = None,
    *,
    in_person: bool = False,
) -> Callable[..., Awaitable[Caller]]:
    """A dependency giving the `Caller`, who must hold the scope and role and have signed in at
    least at level `acr` and at most `max_age` seconds ago; `in_person` refuses who acts as them.
    """

    async def dependency(
        request: Request, caller: Annotated[Caller | None, Depends(calling)]
    ) -> Caller:
        if caller is None:
            raise refused(None)
        permit(caller, scope=scope, acr=acr, role=role)
        if in_person and caller.actor is not None:
            raise _forbidden("only-in-person", {})
        if max_age is not None:
            demand_fresh(caller, max_age, settings_of(request).clock(), acr)
        return caller

    dependency.__dict__["policy"] = Policy(scope, acr, role, max_age, in_person)
    return dependency


def policy_of(dependency: object) -> Policy | None:
    """What a dependency made by `resident` demands; None of any other."""
    found = getattr(dependency, "policy", None)
    return found if isinstance(found, Policy) else None


def permit(
    caller: Caller, *, scope: str | None = None, acr: str | None = None, role: str | None = None
) -> None:
    """Raise a 403 `Problem` for a missing scope or role, a 401 step-up for a sign-in at too low a
    level.
    """
    if scope is not None and scope not in caller.scopes:
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise _forbidden("insufficient-scope", {"WWW-Authenticate": challenge})
    if role is not None and role not in caller.roles:
        raise _forbidden("missing-role", {})
    if acr is not None and not _reaches(caller.acr, acr):
        raise step_up(acr)


def demand_fresh(caller: Caller, max_age: int, now: datetime, acr: str | None = None) -> None:
    """Raise a 401 step-up unless the sign-in is known to be at most `max_age` seconds old."""
    oldest = now.timestamp() - max_age - _LEEWAY_SECONDS
    if caller.auth_time is None or caller.auth_time < oldest:
        raise step_up(acr, max_age)


def ended() -> Problem:
    """401 for the token of a sign-in that its resident ended elsewhere: a new one will not come
    (RFC 6750, section 3; `error_uri` names the reason for clients that read no body).
    """
    challenge = 'Bearer error="invalid_token", error_uri="/problems/session-ended"'
    title = "This sign-in was ended from another device"
    return Problem(401, "session-ended", title, headers={"WWW-Authenticate": challenge})


def erased() -> Problem:
    """401 for a token that is older than the erasure of its account: devices drop what they kept of
    it. Who signs in again begins empty.
    """
    challenge = 'Bearer error="invalid_token", error_uri="/problems/account-erased"'
    title = "This account was erased"
    return Problem(401, "account-erased", title, headers={"WWW-Authenticate": challenge})


def step_up(acr: str | None = None, max_age: int | None = None) -> Problem:
    """401 that asks for a sign-in at a higher identity level, or a fresh one (RFC 9470)."""
    asked: dict[str, Any] = {}
    if acr is not None:
        asked["acr_values"] = acr
    if max_age is not None:
        asked["max_age"] = max_age
    named = "".join(f', {name}="{value}"' for name, value in asked.items())
    headers = {"WWW-Authenticate": f'Bearer error="insufficient_user_authentication"{named}'}
    title = "A fresh sign-in is required" if max_age is not None else _HIGHER
    return Problem(401, "step-up-required", title, headers=headers, **asked)


def _forbidden(slug: str, headers: dict[str, str]) -> Problem:
    return Problem(403, slug, "This sign-in does not permit that", headers=headers)


def _reaches(held: str, needed: str) -> bool:
    return held in LEVELS and LEVELS.index(held) >= LEVELS.index(needed)


def _is_access_token(header: dict[str, Any]) -> bool:
    typ = str(header.get("typ", "")).lower()
    return typ.removeprefix("application/") == "at+jwt"


def _caller(claims: dict[str, Any]) -> Caller:
    """The caller of verified claims. Raises a 401 `Problem` when one has a wrong type."""
    roles, act = claims.get("roles", []), claims.get("act")
    if not isinstance(roles, list) or not claims["sub"]:
        raise refused("invalid_token")
    if act is not None and not (isinstance(act, dict) and act.get("sub")):
        raise refused("invalid_token")
    return Caller(
        subject=str(claims["sub"]),
        acr=str(claims.get("acr", "")),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        roles=frozenset(str(role) for role in roles),
        client_id=str(claims["client_id"]),
        auth_time=_whole_seconds(claims.get("auth_time")),
        issued=int(claims["iat"]),
        sid=str(claims["sid"]) if claims.get("sid") else None,
        actor=None if act is None else str(act["sub"]),
    )


def _whole_seconds(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
