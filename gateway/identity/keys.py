"""The provider's signing keys (ES256):
made at the first start, every one published, the newest one signs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One P-256 key pair and its id, the RFC 7638 thumbprint of the public half."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    def public_jwk(self) -> dict[str, str]:
        """The public half as a JWK (RFC 7517)."""
        return {**_public_parts(self.private), "kid": self.kid, "use": "sig", "alg": ALGORITHM}


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys of the data folder, oldest first.

    Retired ones stay published until their file is removed.
    """

    keys: tuple[SigningKey, ...]

    @classmethod
    def load_or_make(cls, folder: Path) -> SigningKeys:
        """Read `identity-N.pem` files, making the first where there is none.

        Raises ValueError for a broken one.
        """
        if not _files(folder):
            rotate(folder)
        return cls(tuple(_load(file) for file in _files(folder)))

    def sign(self, claims: Mapping[str, Any], typ: str) -> str:
        """A compact JWS with the newest key; `typ` is `at+jwt` for access tokens (RFC 9068)."""
        newest = self.keys[-1]
        headers = {"kid": newest.kid, "typ": typ}
        return jwt.encode(dict(claims), newest.private, algorithm=ALGORITHM, headers=headers)

    def verify(self, token: str, typ: str, audience: str, issuer: str) -> dict[str, Any] | None:
        """The claims of one of our own tokens, or None.

        Expiry is left to the caller, who has the clock.
        """
        try:
            header = jwt.get_unverified_header(token)
            key = next((key for key in self.keys if key.kid == header.get("kid")), None)
            if key is None or header.get("typ") != typ:
                return None
            return jwt.decode(
                token,
                key.private.public_key(),
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=issuer,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
            )
        except jwt.PyJWTError:
            return None

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The JWK Set to publish: public halves only."""
        return {"keys": [key.public_jwk() for key in self.keys]}


def rotate(folder: Path) -> Path:
    """Add a new key, which signs from the next start on, and return its file (mode 0600).

    The file appears whole or not at all, so two processes that start together agree on one key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"identity-{len(_files(folder)) + 1:04d}.pem"
    draft = folder / f".{target.name}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_pem(ec.generate_private_key(ec.SECP256R1())))
    try:
        os.link(draft, target)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return target


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("identity-*.pem"))


def _load(file: Path) -> SigningKey:
    try:
        private = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except ValueError as error:
        raise ValueError(f"{file} is not a signing key: restore it, or remove it") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{file} is not a P-256 key: restore it, or remove it")
    return SigningKey(_thumbprint(private), private)


def _pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_parts(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {name: str(jwk[name]) for name in ("crv", "kty", "x", "y")}


def _thumbprint(private: ec.EllipticCurvePrivateKey) -> str:
    canonical = json.dumps(_public_parts(private), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
