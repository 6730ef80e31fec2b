"""The userinfo endpoint (OpenID Connect Core 5.3), with a bearer token (RFC 6750) or a bound one
(RFC 9449).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity import grants
from gateway.identity.possession import proven_key
from gateway.identity.provider import provider_of
from gateway.identity.refusals import NO_STORE
from gateway.identity.tokens import profile


async def userinfo(request: Request) -> Response:
    """The claims about the resident of the access token, as far as its scopes go."""
    provider, now = provider_of(request), provider_of(request).now()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "dpop") or not given:
        return _refused(401, "Bearer")
    claims = provider.minter.read_access_token(given.strip(), now)
    if claims is None or not _is_holder(request, scheme.lower(), given.strip(), claims):
        return _refused(401, 'Bearer error="invalid_token"')
    subject, grant_id = str(claims["sub"]), str(claims["sid"])
    live = await provider.database.run(
        lambda connection: grants.is_live(connection, grant_id, now), write=False
    )
    resident = provider.residents.get(subject)
    if not live or resident is None:
        return _refused(401, 'Bearer error="invalid_token"')
    scopes = frozenset(str(claims["scope"]).split())
    if "openid" not in scopes:
        return _refused(403, 'Bearer error="insufficient_scope", scope="openid"')
    return JSONResponse({"sub": subject, **profile(resident, scopes)}, headers=NO_STORE)


def _is_holder(request: Request, scheme: str, token: str, claims: Mapping[str, Any]) -> bool:
    """Whether a bound token came with a proof of its key, and another one without.

    Raises ProofError.
    """
    bound_to = claims.get("cnf", {}).get("jkt")
    if scheme == "bearer":
        return bound_to is None
    key = proven_key(request, provider_of(request), "userinfo", token)
    return key is not None and key == bound_to


def _refused(status: int, challenge: str) -> Response:
    return Response(status_code=status, headers={**NO_STORE, "WWW-Authenticate": challenge})
