"""The holder's key and what it signs: chosen claims of a twin, SD-JWT VC with key binding.

SD-JWT (RFC 9901): `issuer-JWT~disclosure~…~key-binding-JWT`. The key is P-256, one a resident and
device, made when it is first wanted and kept in the vault; it never leaves it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from services.certificates.parsing import reading
from services.vault import SubjectVault

KEYS, HOLDER = "certificate_keys", "holder"
PUBLIC = ("kty", "crv", "x", "y")


async def holder_key(vault: SubjectVault) -> dict[str, str]:
    """Return the public JWK of this device's key, made at the first call."""
    private = await _private(vault)
    return {name: str(private[name]) for name in PUBLIC}


def claims_of(credential: str) -> dict[str, Any]:
    """Return what the disclosures of an SD-JWT say, by name; broken ones are the gateway's fault."""
    return {name: value for name, (_part, value) in _disclosures(credential).items()}


async def present(
    vault: SubjectVault,
    credential: str,
    claims: Collection[str],
    *,
    aud: str,
    nonce: str,
    iat: int,
) -> str:
    """Return a presentation of `claims` and of nothing else, bound to `aud` and `nonce`."""
    shown = [part for name, (part, _value) in _disclosures(credential).items() if name in claims]
    head = "~".join([credential.partition("~")[0], *shown, ""])
    sd_hash = _base64(hashlib.sha256(head.encode()).digest())
    payload = {"aud": aud, "nonce": nonce, "iat": iat, "sd_hash": sd_hash}
    key = ECAlgorithm.from_jwk(dict(await _private(vault)))
    assert isinstance(key, ec.EllipticCurvePrivateKey), "the vault holds the private key"
    return head + jwt.encode(payload, key, algorithm="ES256", headers={"typ": "kb+jwt"})


async def _private(vault: SubjectVault) -> Mapping[str, Any]:
    vault = vault.pinned()
    kept: Mapping[str, Any] | None = await vault.get(KEYS, HOLDER)
    if kept is None:
        kept = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
        await vault.put(KEYS, HOLDER, kept)
    return kept


def _disclosures(credential: str) -> dict[str, tuple[str, Any]]:
    def read(text: str) -> dict[str, tuple[str, Any]]:
        parts = [part for part in text.strip().split("~")[1:] if part]
        opened = [(part, json.loads(_unbase64(part))) for part in parts]
        return {str(name): (part, value) for part, (_salt, name, value) in opened}

    return reading(read, credential)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
