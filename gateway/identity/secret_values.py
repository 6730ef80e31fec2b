"""Random values that open something, and the hashes of them that are stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def new_secret() -> str:
    """A random URL-safe value of 256 bits."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """The SHA-256 of a 256-bit secret, in hex:
    enough for a lookup, useless to a thief of the database.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(browser_secret: str) -> str:
    """What a form of this browser must carry:
    made from its cookie, and telling nothing about it.
    """
    return hashed(f"form:{browser_secret}")


def same(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def s256(code_verifier: str) -> str:
    """The PKCE S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
