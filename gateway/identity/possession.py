"""Which key a client proves at the provider's own endpoints (DPoP, RFC 9449 section 5)."""

from __future__ import annotations

from starlette.requests import Request

from gateway.identity.provider import Provider


def proven_key(
    request: Request, provider: Provider, endpoint: str, access_token: str | None = None
) -> str | None:
    """The thumbprint of the key that proved this call, None where no proof was shown.

    Raises ProofError.
    """
    shown = request.headers.getlist("dpop")
    if not shown:
        return None
    address = f"{provider.issuer}/{endpoint}"
    return provider.proofs.check(shown, request.method, [address], access_token)
