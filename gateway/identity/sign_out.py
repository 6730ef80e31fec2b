"""RP-initiated logout (OpenID Connect):
the family of the hinted ID token ends, and the browser goes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import grants
from gateway.identity.authorization_request import locale_of
from gateway.identity.clients import Client
from gateway.identity.forms import read_parameters
from gateway.identity.pages import Frame, message_page
from gateway.identity.provider import Provider, provider_of
from gateway.identity.refusals import PageError
from gateway.identity.visits import redirect


async def sign_out(request: Request) -> Response:
    """End the sign-in of `id_token_hint`. Raises PageError for a wrong hint or address.

    The provider remembers nobody, so without a hint there is nothing it could end.
    """
    provider = provider_of(request)
    parameters = await read_parameters(request)
    client, claims = _hinted(provider, parameters)
    address = parameters.get("post_logout_redirect_uri")
    if address is not None and not client.may_sign_out_to(address):
        raise PageError("bad_redirect")
    await provider.database.run(
        lambda connection: grants.revoke(connection, str(claims["sid"]), provider.now())
    )
    if address is not None:
        return redirect(_with_state(address, parameters.get("state")))
    locale = locale_of(parameters.get("ui_locales", "")) or "vi"
    return message_page(Frame(provider.path, locale), "signed_out", 200)


def _hinted(provider: Provider, parameters: Mapping[str, str]) -> tuple[Client, Mapping[str, Any]]:
    """The client and the claims of the ID token, which may have run out but must be ours."""
    named = parameters.get("client_id")
    clients = [c for c in provider.clients.values() if named in {None, c.client_id}]
    for client in clients:
        claims = provider.minter.read_id_token(
            parameters.get("id_token_hint", ""), client.client_id
        )
        if claims is not None:
            return client, claims
    raise PageError("sign_out")


def _with_state(address: str, state: str | None) -> str:
    if state is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'state': state})}"
