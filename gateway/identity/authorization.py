"""The authorization endpoint:
a good request becomes an attempt, a bad one is refused in the right place.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import attempts
from gateway.identity.authorization_request import (
    RedirectedError,
    answer_address,
    client_of,
    read_request,
)
from gateway.identity.forms import read_parameters
from gateway.identity.provider import Provider, provider_of
from gateway.identity.visits import go_on, redirect


async def authorize(request: Request) -> Response:
    """Send the browser to the sign-in page, or back to the application with an error.

    Raises PageError when the client or its redirect URI is not right, and FormError.
    """
    provider = provider_of(request)
    parameters = await read_parameters(request)
    client = client_of(parameters, provider.clients)
    try:
        hinted = _hinted_subject(provider, parameters, client.client_id)
        asked = read_request(parameters, client, hinted)
    except RedirectedError as error:
        state, back = parameters.get("state"), parameters["redirect_uri"]
        told = {"error": error.error, "error_description": error.description}
        return redirect(answer_address(back, state, provider.issuer, **told))
    attempt = await provider.database.run(
        lambda connection: attempts.begin(connection, asked, provider.now())
    )
    return go_on(provider, attempt, "sign-in", asked.locale)


def _hinted_subject(provider: Provider, parameters: dict[str, str], client_id: str) -> str | None:
    """Who the client's `id_token_hint` says is signed in.

    Raises RedirectedError when it is not ours.
    """
    hint = parameters.get("id_token_hint")
    if hint is None:
        return None
    claims = provider.minter.read_id_token(hint, client_id)
    if claims is None:
        raise RedirectedError("invalid_request", "id_token_hint is not an ID token of this issuer")
    return str(claims["sub"])
