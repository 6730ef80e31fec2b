"""The checks of an ID token (OpenID Connect Core, 3.1.3.7), on the server's clock."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt

from services.errors import SignInRequired

ALGORITHMS = {"ES256": "sha256", "RS256": "sha256", "PS256": "sha256", "EdDSA": "sha512"}
"""What an ID token may be signed with, and the hash that goes with it in `at_hash`."""
LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to fit; `now` is the server's time in Unix seconds.

    Without a `nonce` none is looked for: the token came of a refresh.
    """

    issuer: str
    client_id: str
    now: float
    access_token: str = field(repr=False)
    nonce: str | None = field(repr=False)


def signed_with(id_token: Any) -> tuple[str | None, str]:
    """Return the key id and the algorithm an ID token names.

    Raises SignInRequired(`id_token_refused`) when it is none, or not signed as we allow.
    """
    try:
        header = jwt.get_unverified_header(id_token)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        raise SignInRequired("id_token_refused") from None
    algorithm = str(header.get("alg"))
    if algorithm not in ALGORITHMS:
        raise SignInRequired("id_token_refused")
    return header.get("kid"), algorithm


def chosen(keys: Sequence[jwt.PyJWK], kid: str | None) -> jwt.PyJWK | None:
    """Return the signing key of this id; without an id, the only one there is."""
    signing = [key for key in keys if key.public_key_use in (None, "sig")]
    if kid is None:
        return signing[0] if len(signing) == 1 else None
    return next((key for key in signing if key.key_id == kid), None)


def checked(id_token: str, key: jwt.PyJWK, algorithm: str, expected: Expected) -> Mapping[str, Any]:
    """Return the claims of an ID token.

    Raises SignInRequired: `nonce_mismatch`, or `id_token_refused` for any other doubt.
    """
    try:
        claims = _verified(id_token, key, algorithm, expected)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise SignInRequired("id_token_refused") from None
    _check_party(claims, expected)
    _check_times(claims, expected)
    _check_hash(claims.get("at_hash"), algorithm, expected)
    if expected.nonce is not None and not equal(claims.get("nonce"), expected.nonce):
        raise SignInRequired("nonce_mismatch")
    return claims


def equal(one: Any, other: str) -> bool:
    """Compare in constant time."""
    return isinstance(one, str) and secrets.compare_digest(one.encode(), other.encode())


def _verified(id_token: str, key: jwt.PyJWK, algorithm: str, expected: Expected) -> dict[str, Any]:
    return jwt.decode(
        id_token,
        key.key,
        algorithms=[algorithm],
        audience=expected.client_id,
        issuer=expected.issuer,
        options={
            "require": ["iss", "sub", "aud", "exp", "iat"],
            # PyJWT knows only the device's clock.
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )


def _check_party(claims: Mapping[str, Any], expected: Expected) -> None:
    others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp", None if others else expected.client_id)
    if party != expected.client_id or not isinstance(claims["sub"], str):
        raise SignInRequired("id_token_refused")


def _check_times(claims: Mapping[str, Any], expected: Expected) -> None:
    times = claims["exp"], claims["iat"]
    if not all(isinstance(time, int | float) for time in times):
        raise SignInRequired("id_token_refused")
    if times[0] <= expected.now - LEEWAY or times[1] > expected.now + LEEWAY:
        raise SignInRequired("id_token_refused")


def _check_hash(at_hash: Any, algorithm: str, expected: Expected) -> None:
    if at_hash is None:
        return
    digest = hashlib.new(ALGORITHMS[algorithm], expected.access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not equal(at_hash, half):
        raise SignInRequired("id_token_refused")
