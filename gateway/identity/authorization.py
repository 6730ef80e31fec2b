"""The authorization endpoint:
a good request becomes an attempt, a bad one is refused in the right place.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import attempts
from gateway.identity.authorization_request import (
    AuthorizationRequest,
    RedirectedError,
    answer_address,
    client_of,
    read_request,
)
from gateway.identity.forms import read_parameters
from gateway.identity.provider import Provider, provider_of
from gateway.identity.pushed import PREFIX, take
from gateway.identity.visits import go_on, redirect


async def authorize(request: Request) -> Response:
    """Send the browser to the sign-in page, or back to the application with an error.

    Raises PageError when the client or its redirect URI is not right, and FormError.
    """
    provider = provider_of(request)
    parameters = await read_parameters(request)
    if parameters.get("request_uri", "").startswith(PREFIX):
        return await _begin(provider, await take(provider, parameters))
    client = client_of(parameters, provider.clients)
    try:
        asked = read_request(parameters, client, provider.hinted_subject(parameters))
    except RedirectedError as error:
        state, back = parameters.get("state"), parameters["redirect_uri"]
        told = {"error": error.error, "error_description": error.description}
        return redirect(answer_address(back, state, provider.issuer, **told))
    return await _begin(provider, asked)


async def _begin(provider: Provider, asked: AuthorizationRequest) -> Response:
    attempt = await provider.database.run(
        lambda connection: attempts.begin(connection, asked, provider.now())
    )
    return go_on(provider, attempt, "sign-in", asked.locale)
