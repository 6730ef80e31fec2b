"""The provider as an ASGI application, to be mounted under the issuer's path."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.database import Database
from gateway.identity.authorization import authorize
from gateway.identity.authorization_request import locale_of
from gateway.identity.clients import Client
from gateway.identity.consent import consent, show_consent
from gateway.identity.discovery import jwks, metadata
from gateway.identity.forms import FormError
from gateway.identity.pages import STYLE, Frame, message_page
from gateway.identity.provider import make_provider, provider_of
from gateway.identity.pushed import push
from gateway.identity.refusals import NO_STORE, OAuthError, PageError, Refusal
from gateway.identity.sign_in import show_sign_in, sign_in
from gateway.identity.sign_out import sign_out
from gateway.identity.token_endpoint import revoke, token
from gateway.identity.userinfo import userinfo
from gateway.proofs import ProofError
from gateway.settings import Settings

_FOR_CLIENTS = ("/token", "/revoke", "/par")


def create_app(
    settings: Settings, database: Database, clients: Sequence[Client] | None = None
) -> Starlette:
    """The sandbox identity provider, on a migrated database.

    `clients` is the iHaNoi app alone by default.
    Raises ValueError where the sandbox is switched off or a signing key cannot be read.
    """
    app = Starlette(routes=_routes(), exception_handlers=_HANDLERS)
    app.state.provider = make_provider(settings, database, clients)
    return app


def _routes() -> list[Route]:
    return [
        Route("/.well-known/openid-configuration", metadata),
        Route("/jwks.json", jwks),
        Route("/authorize", authorize, methods=["GET", "POST"]),
        Route("/sign-in", show_sign_in),
        Route("/sign-in", sign_in, methods=["POST"]),
        Route("/consent", show_consent),
        Route("/consent", consent, methods=["POST"]),
        Route("/par", push, methods=["POST"]),
        Route("/token", token, methods=["POST"]),
        Route("/revoke", revoke, methods=["POST"]),
        Route("/userinfo", userinfo, methods=["GET", "POST"]),
        Route("/end-session", sign_out, methods=["GET", "POST"]),
        Route("/style.css", _style),
    ]


async def _style(request: Request) -> Response:
    cached = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(STYLE, media_type="text/css", headers=cached)


async def _oauth_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, OAuthError)
    return error.refusal.response()


async def _bad_proof(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProofError)
    response: Response = Refusal(error.code, "a proof of the key is needed").response()
    if not _is_for_client(request):  # Userinfo is a protected resource (RFC 9449, section 7.1).
        challenge = {**NO_STORE, "WWW-Authenticate": f'DPoP error="{error.code}"'}
        response = Response(status_code=401, headers=challenge)
    response.headers["DPoP-Nonce"] = provider_of(request).proofs.nonce
    return response


async def _bad_form(request: Request, error: Exception) -> Response:
    if _is_for_client(request):
        return Refusal("invalid_request", "a form with each parameter once is needed").response()
    return _message(request, "error_bad_request", 400)


async def _page_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PageError)
    return _message(request, f"error_{error.reason}", error.status)


async def _http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: unknown paths and wrong methods."""
    assert isinstance(error, HTTPException)
    refusal = Refusal("invalid_request", "only POST is served here", error.status_code)
    response = (
        refusal.response()
        if _is_for_client(request)
        else _message(request, "error_not_found", error.status_code)
    )
    response.headers.update(error.headers or {})
    return response


async def _server_error(request: Request, error: Exception) -> Response:
    if _is_for_client(request):
        return Refusal("server_error", "something went wrong on our side", 500).response()
    return _message(request, "error_server", 500)


def _message(request: Request, key: str, status: int) -> Response:
    locale = locale_of(request.query_params.get("ui_locales", "")) or "vi"
    return message_page(Frame(provider_of(request).path, locale), key, status)


def _is_for_client(request: Request) -> bool:
    return request.url.path.endswith(_FOR_CLIENTS)


_HANDLERS = {
    OAuthError: _oauth_error,
    FormError: _bad_form,
    ProofError: _bad_proof,
    PageError: _page_error,
    HTTPException: _http_error,
    Exception: _server_error,
}
