"""A key of a device as an attacker or a careful client holds it: makes proofs (RFC 9449), right or wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm


class ProofKey:
    """One P-256 key, made on its own code: nothing of services or gateway is in it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        public = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        self.jwk = {name: public[name] for name in ("crv", "kty", "x", "y")}

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint, which a bound token carries as `cnf.jkt`."""
        return _s256(json.dumps(self.jwk, sort_keys=True, separators=(",", ":")))

    def proof(
        self,
        method: str,
        url: str,
        *,
        nonce: str | None = None,
        token: str | None = None,
        header: dict[str, Any] | None = None,
        key: Any = None,
        **claims: Any,
    ) -> str:
        """A proof for one call; `header` and `claims` replace what is usual, None removes it."""
        usual = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            "nonce": nonce,
            "ath": _s256(token) if token else None,
        }
        payload = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        headers = {"typ": "dpop+jwt", "jwk": self.jwk, **(header or {})}
        algorithm = headers.pop("alg", "ES256")
        signing: Any = None if algorithm == "none" else key or self.private
        return jwt.encode(payload, signing, algorithm=algorithm, headers=headers)


def _s256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
