"""The independent package `sd-jwt` (OpenID Foundation) as issuer, holder and verifier."""

from __future__ import annotations

import json
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half of a key as a device sends it."""
    whole = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: str(whole[name]) for name in ("kty", "crv", "x", "y")}


def presented(
    credential: str, claims: list[str], key: ec.EllipticCurvePrivateKey, nonce: str, aud: str
) -> str:
    """What a device makes: the chosen disclosures and the key binding."""
    holder = SDJWTHolder(credential)
    chosen = dict.fromkeys(claims, True)
    holder.create_presentation(chosen, nonce, aud, _jwk(key), "ES256")
    return str(holder.sd_jwt_presentation)


def verified(
    presentation: str, keys: dict[str, Any], aud: str | None = None, nonce: str | None = None
) -> dict[str, Any]:
    """What a stranger's verifier reads; it raises for whatever is wrong."""
    issuer_key = JWK.from_json(json.dumps(keys["keys"][0]))
    verifier = SDJWTVerifier(presentation, lambda *_: issuer_key, aud, nonce)
    return dict(verifier.get_verified_payload())


def issued(
    claims: dict[str, Any], key: ec.EllipticCurvePrivateKey, holder: ec.EllipticCurvePrivateKey
) -> str:
    """An SD-JWT VC of the package's own making, every claim disclosable."""
    user_claims = {SDObj(name): value for name, value in claims.items()}
    header = {"typ": "dc+sd-jwt"}
    holder_key = JWK.from_json(json.dumps(public_jwk(holder)))
    made = SDJWTIssuer(user_claims, _jwk(key), holder_key, "ES256", extra_header_parameters=header)
    return str(made.sd_jwt_issuance)


def _jwk(key: ec.EllipticCurvePrivateKey) -> JWK:
    encoded = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return JWK.from_pem(encoded)
