"""The token and revocation endpoints (RFC 6749 section 3.2, RFC 7009), for public clients."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity import grants
from gateway.identity.clients import Client
from gateway.identity.forms import read_form
from gateway.identity.grants import Grant, ShownCode, ShownRefreshToken
from gateway.identity.possession import proven_key
from gateway.identity.provider import Provider, provider_of
from gateway.identity.refusals import NO_STORE, OAuthError, Refusal

log = logging.getLogger(__name__)

_NEEDED = {
    "authorization_code": ("code", "redirect_uri", "code_verifier"),
    "refresh_token": ("refresh_token",),
}
GRANT_TYPES = tuple(_NEEDED)


async def token(request: Request) -> Response:
    """Redeem a code or a refresh token. Raises OAuthError, ProofError and FormError."""
    provider = provider_of(request)
    parameters = await read_form(request)
    client = calling_client(request, provider, parameters)
    if parameters.get("grant_type", "") not in GRANT_TYPES:
        known = "grant_type" in parameters
        error = "unsupported_grant_type" if known else "invalid_request"
        raise OAuthError(error, "grant_type must be authorization_code or refresh_token")
    _demand(parameters)
    key = proven_key(request, provider, "token")
    answer = await provider.database.run(
        lambda connection: _redeem(connection, provider, client, parameters, key)
    )
    if isinstance(answer, Refusal):
        log.info("refused a token request: %s", answer.error)
        return answer.response()
    nonce = {} if key is None else {"DPoP-Nonce": provider.proofs.nonce}
    return JSONResponse(answer, headers={**NO_STORE, **nonce})


async def revoke(request: Request) -> Response:
    """End the family of a token. An unknown token is no error (RFC 7009, section 2.2)."""
    provider = provider_of(request)
    parameters = await read_form(request)
    client = calling_client(request, provider, parameters)
    given = parameters.get("token")
    if given is None:
        raise OAuthError("invalid_request", "token is missing")
    claims = provider.minter.read_access_token(given, provider.now()) or {}
    of_access = claims.get("sid") if claims.get("client_id") == client.client_id else None

    def end(connection: Connection) -> None:
        found = of_access or grants.grant_of_refresh_token(connection, given, client.client_id)
        if found is not None:
            grants.revoke(connection, found, provider.now())

    await provider.database.run(end)
    return Response(headers=NO_STORE)


def calling_client(request: Request, provider: Provider, parameters: dict[str, str]) -> Client:
    """The public client that calls; one that shows credentials has none here. Raises OAuthError."""
    client = provider.clients.get(parameters.get("client_id", ""))
    shows_secret = "authorization" in request.headers or "client_secret" in parameters
    if client is None or shows_secret:
        raise OAuthError("invalid_client", "a registered public client is required", 401)
    return client


def _demand(parameters: dict[str, str]) -> None:
    missing = [name for name in _NEEDED[parameters["grant_type"]] if name not in parameters]
    if missing:
        raise OAuthError("invalid_request", f"missing: {', '.join(missing)}")


def _redeem(
    connection: Connection,
    provider: Provider,
    client: Client,
    parameters: dict[str, str],
    key: str | None,
) -> dict[str, Any] | Refusal:
    """Use the code or refresh token up and make the answer, in one transaction."""
    now = provider.now()
    if parameters["grant_type"] == "authorization_code":
        scope = None
        code, redirect_uri, verifier = (parameters[n] for n in _NEEDED["authorization_code"])
        shown = ShownCode(code, redirect_uri, verifier, key)
        found = grants.redeem_code(connection, shown, client.client_id, now)
    else:
        scope = parameters.get("scope")
        token = ShownRefreshToken(parameters["refresh_token"], scope, key)
        found = grants.redeem_refresh_token(connection, token, client.client_id, now)
    if isinstance(found, Refusal):
        return found
    return _answer(connection, provider, found, scope or found.scope, now)


def _answer(
    connection: Connection, provider: Provider, grant: Grant, scope: str, now: int
) -> dict[str, Any] | Refusal:
    resident = provider.residents.get(grant.subject)
    if resident is None:
        return Refusal("invalid_grant", "the resident has no account any more")
    answer = {
        "access_token": provider.minter.access_token(grant, resident, scope, now),
        "token_type": "Bearer" if grant.jkt is None else "DPoP",
        "expires_in": provider.minter.access_seconds,
        "scope": scope,
        "id_token": provider.minter.id_token(grant, resident, now),
    }
    if "offline_access" in grant.scopes:
        answer["refresh_token"] = grants.add_refresh_token(connection, grant, now)
    return answer
