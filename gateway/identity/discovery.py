"""What clients and the gateway discover: the provider's metadata and its public keys."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.authorization_request import LEVELS, PROMPTS
from gateway.identity.clients import SCOPES
from gateway.identity.keys import ALGORITHM
from gateway.identity.provider import provider_of
from gateway.identity.token_endpoint import GRANT_TYPES
from gateway.proofs import ALGORITHM as DPOP_ALGORITHM

_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "sid")
_PROFILE = ("name", "family_name", "given_name", "birthdate", "gender", "ward_code", "roles")


async def metadata(request: Request) -> Response:
    """The discovery document (OpenID Connect Discovery 1.0, RFC 8414)."""
    issuer = provider_of(request).issuer
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "require_pushed_authorization_requests": False,
            "userinfo_endpoint": f"{issuer}/userinfo",
            "revocation_endpoint": f"{issuer}/revoke",
            "end_session_endpoint": f"{issuer}/end-session",
            "jwks_uri": f"{issuer}/jwks.json",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANT_TYPES),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "dpop_signing_alg_values_supported": [DPOP_ALGORITHM],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "acr_values_supported": list(LEVELS),
            "prompt_values_supported": sorted(PROMPTS),
            "ui_locales_supported": ["vi", "en"],
            "claims_supported": [*_CLAIMS, *_PROFILE],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
        },
        headers={"Cache-Control": "public, max-age=300"},
    )


async def jwks(request: Request) -> Response:
    """The public keys, the retired ones that may still have signed a living token among them."""
    keys = provider_of(request).minter.keys
    return JSONResponse(keys.jwks(), headers={"Cache-Control": "public, max-age=300"})
