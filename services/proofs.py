"""Proof of possession (DPoP, RFC 9449): a key that stays on this device, and a proof of it with
each call, so that a token that leaks opens nothing elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from jwt.algorithms import ECAlgorithm

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """One P-256 key pair; `text` is how it is kept: only in an encrypted place."""

    text: str = field(repr=False)
    thumbprint: str = field(repr=False)
    _jwk: dict[str, str] = field(repr=False)
    _private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls) -> DeviceKey:
        """Make a new key."""
        return cls._of(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def read(cls, text: str) -> DeviceKey:
        """Read what `text` kept; raises ValueError for anything else."""
        private = load_der_private_key(base64.b64decode(text), password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ValueError("not a device key")
        return cls._of(private)

    def proof(
        self,
        method: str,
        url: httpx.URL,
        now: datetime,
        *,
        nonce: str | None = None,
        access_token: str | None = None,
    ) -> str:
        """Make the proof of one call at the server's time `now` (RFC 9449, section 4.2)."""
        claims = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": str(url.copy_with(query=None, fragment=None)),
            "iat": int(now.timestamp()),
            "nonce": nonce,
            "ath": _s256(access_token) if access_token else None,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        headers = {"typ": "dpop+jwt", "jwk": self._jwk}
        return jwt.encode(said, self._private, algorithm=ALGORITHM, headers=headers)

    @classmethod
    def _of(cls, private: ec.EllipticCurvePrivateKey) -> DeviceKey:
        der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        jwk = {name: str(public[name]) for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(jwk, sort_keys=True, separators=(",", ":"))
        return cls(base64.b64encode(der).decode(), _s256(canonical), jwk, private)


def asks_again(refusal: str) -> bool:
    """Whether a server's refusal means that a new proof may do: one with its nonce, or one that is
    made on its time, which the refusal itself has told.
    """
    return "use_dpop_nonce" in refusal or "invalid_dpop_proof" in refusal


def nonce_of(headers: httpx.Headers) -> str | None:
    """Return the nonce a server gives for the next proof (RFC 9449, section 8)."""
    nonce: str | None = headers.get("dpop-nonce")
    return nonce


def _s256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
