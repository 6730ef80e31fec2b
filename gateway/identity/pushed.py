"""Pushed authorization requests (RFC 9126): the application tells what it asks for directly, and
the browser carries only a reference to it, which works once.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.authorization_request import (
    AuthorizationRequest,
    RedirectedError,
    read_request,
)
from gateway.identity.clients import Client
from gateway.identity.forms import read_form
from gateway.identity.possession import proven_key
from gateway.identity.provider import Provider, provider_of
from gateway.identity.refusals import NO_STORE, OAuthError, PageError
from gateway.identity.secret_values import hashed, new_secret
from gateway.identity.tables import pushed_requests
from gateway.identity.token_endpoint import calling_client

PREFIX = "urn:ietf:params:oauth:request_uri:"
PUSHED_SECONDS = 60


async def push(request: Request) -> Response:
    """Check a request and keep it for 60 seconds. Raises OAuthError, ProofError and FormError."""
    provider = provider_of(request)
    parameters = await read_form(request)
    client = calling_client(request, provider, parameters)
    key = proven_key(request, provider, "par")
    if key is not None and parameters.setdefault("dpop_jkt", key) != key:
        raise OAuthError("invalid_dpop_proof", "dpop_jkt names another key than the proof's")
    asked = _checked(provider, client, parameters)
    reference = new_secret()
    await provider.database.run(
        lambda connection: _keep(connection, reference, asked, provider.now())
    )
    answer = {"request_uri": f"{PREFIX}{reference}", "expires_in": PUSHED_SECONDS}
    return JSONResponse(answer, 201, {**NO_STORE, "DPoP-Nonce": provider.proofs.nonce})


async def take(provider: Provider, parameters: Mapping[str, str]) -> AuthorizationRequest:
    """The pushed request that a browser refers to, once and for its own client.

    Nothing else of what the browser brings counts. Raises PageError.
    """
    reference = parameters.get("request_uri", "").removeprefix(PREFIX)
    mine = (
        pushed_requests.c.request_hash == hashed(reference),
        pushed_requests.c.client_id == parameters.get("client_id", ""),
        pushed_requests.c.ends_at > provider.now(),
    )
    taking = delete(pushed_requests).where(*mine).returning(pushed_requests.c.request)
    found = await provider.database.run(lambda db: db.execute(taking).scalar_one_or_none())
    if found is None:
        raise PageError("stale")
    return AuthorizationRequest.from_json(found)


def _checked(
    provider: Provider, client: Client, parameters: Mapping[str, str]
) -> AuthorizationRequest:
    if not client.may_return_to(parameters.get("redirect_uri", "")):
        raise OAuthError("invalid_request", "redirect_uri is not registered")
    try:
        return read_request(parameters, client, provider.hinted_subject(parameters))
    except RedirectedError as error:
        raise OAuthError(error.error, error.description) from error


def _keep(connection: Connection, reference: str, asked: AuthorizationRequest, now: int) -> None:
    connection.execute(delete(pushed_requests).where(pushed_requests.c.ends_at <= now))
    connection.execute(
        insert(pushed_requests).values(
            request_hash=hashed(reference),
            client_id=asked.client_id,
            request=asked.to_json(),
            ends_at=now + PUSHED_SECONDS,
        )
    )
