"""How a request shows its access token: as a bearer token (RFC 6750), or bound to a key with a
proof beside it (DPoP, RFC 9449 section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.requests import HTTPConnection

from gateway.problems import Problem
from gateway.proofs import ALGORITHM, ProofError, Proofs
from gateway.settings import Settings

NEXT_NONCE = "ihanoi.dpop_nonce"
"""Where the nonce for the caller's next proof is left in the ASGI scope, for the envelope."""


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token with all that came with it. `addresses` are what the resource is called."""

    token: str = field(repr=False)
    is_bound: bool = False
    proofs: tuple[str, ...] = field(default=(), repr=False)
    method: str = ""
    addresses: tuple[str, ...] = ()


class EitherScheme(HTTPBearer):
    """Reads the Authorization header of both schemes; None for neither."""

    async def __call__(self, request: HTTPConnection) -> HTTPAuthorizationCredentials | None:
        """Take the header apart, as FastAPI's own does for Bearer alone."""
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "dpop") or not credentials.strip():
            return None
        return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials.strip())


def shown_by(
    request: Request, credentials: HTTPAuthorizationCredentials, settings: Settings
) -> ShownToken:
    """The token of a request's credentials, with the proofs beside it."""
    return ShownToken(
        credentials.credentials,
        credentials.scheme.lower() == "dpop",
        tuple(request.headers.getlist("dpop")),
        request.method,
        tuple(f"{base}{_path(request)}" for base in (settings.api_url, *settings.also_at)),
    )


def confirm(shown: ShownToken, claims: Mapping[str, Any], proofs: Proofs) -> None:
    """Raise a 401 `Problem` unless a bound token came with a proof of its key, and a bearer token
    is not a bound one (RFC 7800, RFC 9449 section 7.2).
    """
    confirmation = claims.get("cnf")
    if not shown.is_bound:
        if confirmation is not None:
            raise refused("invalid_token")
        return
    bound_to = confirmation.get("jkt") if isinstance(confirmation, dict) else None
    try:
        key = proofs.check(shown.proofs, shown.method, shown.addresses, shown.token)
    except ProofError as error:
        raise unproven(error.code, proofs.nonce) from error
    if key != bound_to:
        raise unproven("invalid_token", proofs.nonce)


def refused(error: str | None) -> Problem:
    """401: no token at all (`error` None), or one that is not valid (RFC 6750, section 3)."""
    return _sign_in({"WWW-Authenticate": f'Bearer error="{error}"' if error else "Bearer"})


def unproven(error: str, nonce: str) -> Problem:
    """401: the proof is missing, wrong, or made without this nonce (RFC 9449, sections 7.1, 9)."""
    challenge = f'DPoP error="{error}", algs="{ALGORITHM}"'
    return _sign_in({"WWW-Authenticate": challenge, "DPoP-Nonce": nonce})


def _sign_in(headers: dict[str, str]) -> Problem:
    return Problem(401, "sign-in-required", "Sign-in is required", headers=headers)


def _path(request: Request) -> str:
    """The path below the gateway's address, as it was sent: nothing in it is decoded."""
    root = quote(request.scope.get("root_path", ""))
    sent = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return bytes(sent).partition(b"?")[0].decode("latin-1").removeprefix(root)
