"""Secrets of a link as they are kept: addresses as SHA-256, passcodes as scrypt (RFC 7914)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

_N, _R, _P, _LENGTH, _SALT = 2**14, 8, 1, 32, 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 random bytes in base64url without padding."""


def hashed(token: str) -> str:
    """What is kept of an address's secret part; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits for an address, in base64url."""
    return secrets.token_urlsafe(32)


def hash_passcode(passcode: str) -> str:
    """A passcode as it is kept: salt and scrypt of it."""
    salt = secrets.token_bytes(_SALT)
    return f"{_encode(salt)}.{_encode(_derive(passcode, salt))}"


def is_passcode(given: str, kept: str) -> bool:
    """Whether this is the kept passcode; takes as long for a near miss as for any other."""
    salt, _, expected = kept.partition(".")
    derived = _derive(given, base64.b64decode(salt))
    return hmac.compare_digest(derived, base64.b64decode(expected))


def _derive(passcode: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passcode.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=_LENGTH)


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()
