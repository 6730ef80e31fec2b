"""A key sealed under a PIN: AES-256-GCM (NIST SP 800-38D) under scrypt (RFC 7914).

A secret that the device keeps in its safe place is mixed in by HKDF (RFC 5869) where there is one:
then the file alone cannot be tried out. Without one a million PINs stand in the way, and the time
that scrypt takes for each.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SALT = 16
NONCE = 12
PLACE = b"ihanoi lock 1"
"""What a sealed key is bound to, so that it opens as nothing else."""


class Cost(NamedTuple):
    """scrypt's parameters: N, r and p; memory is 128 N r bytes."""

    n: int
    r: int
    p: int


DEVICE_COST = Cost(2**15, 8, 3)
"""32 MB; OWASP's second choice of equal strength, which a small phone can spare."""

SERVER_COST = Cost(2**14, 8, 1)
"""16 MB, for a row that is sealed by the server's key already."""

MOST = Cost(2**17, 8, 4)
"""A damaged or foreign record may not ask for more than this."""


def seal(key: bytes, pin: str, secret: bytes, cost: Cost) -> dict[str, Any]:
    """Seal a key under a PIN and a secret (empty where there is none); JSON comes out."""
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    cipher = AESGCM(_derive(pin, secret, salt, cost))
    sealed = nonce + cipher.encrypt(nonce, key, PLACE)
    return {
        "version": 1,
        "salt": base64.b64encode(salt).decode("ascii"),
        "scrypt": list(cost),
        "mixed": bool(secret),
        "sealed": base64.b64encode(sealed).decode("ascii"),
        "check": check_of(key),
    }


def unseal(record: Mapping[str, Any], pin: str, secret: bytes) -> bytes | None:
    """Return the key; None for a wrong PIN, another secret, or a record that was altered."""
    try:
        cost = Cost(*map(int, record["scrypt"]))
        salt, sealed = base64.b64decode(record["salt"]), base64.b64decode(record["sealed"])
        if not all(0 < one <= most for one, most in zip(cost, MOST, strict=True)):
            return None
        cipher = AESGCM(_derive(pin, secret, salt, cost))
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], PLACE)
    except (InvalidTag, KeyError, TypeError, ValueError):
        return None


def check_of(key: bytes) -> str:
    """What tells a key from another one without giving it away; for a key that came otherwise."""
    return base64.b64encode(
        HKDF(SHA256(), 16, salt=None, info=PLACE + b" check").derive(key)
    ).decode()


def _derive(pin: str, secret: bytes, salt: bytes, cost: Cost) -> bytes:
    stretched = Scrypt(salt, 32, cost.n, cost.r, cost.p).derive(pin.encode())
    return HKDF(SHA256(), 32, salt=secret or None, info=PLACE).derive(stretched)
