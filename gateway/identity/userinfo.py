"""The userinfo endpoint (OpenID Connect Core 5.3), with a bearer token (RFC 6750)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity import grants
from gateway.identity.provider import provider_of
from gateway.identity.refusals import NO_STORE
from gateway.identity.tokens import profile


async def userinfo(request: Request) -> Response:
    """The claims about the resident of the access token, as far as its scopes go."""
    provider, now = provider_of(request), provider_of(request).now()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        return _refused(401, "Bearer")
    claims = provider.minter.read_access_token(given.strip(), now)
    if claims is None:
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


def _refused(status: int, challenge: str) -> Response:
    return Response(status_code=status, headers={**NO_STORE, "WWW-Authenticate": challenge})
