"""Files of health links: compact JWE with `dir`, `A256GCM` and `DEF` (RFC 7516, RFC 7518)."""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.errors import Rejected

KEY_BYTES, _IV, _TAG = 32, 12, 16
LARGEST = 30_000_000
"""Bytes that a packed text may come to: more is a bomb, not a record."""


def encode(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url, padded or not. Raises ValueError."""
    plain = text.rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def encrypt(content: bytes, key: bytes, content_type: str) -> str:
    """A compact JWE of the packed content under a fresh nonce; `key` has 32 bytes."""
    header = {"alg": "dir", "enc": "A256GCM", "cty": content_type, "zip": "DEF"}
    protected = encode(json.dumps(header, separators=(",", ":")).encode())
    iv = os.urandom(_IV)
    sealed = AESGCM(key).encrypt(iv, _pack(content), protected.encode())
    parts = (protected, "", encode(iv), encode(sealed[:-_TAG]), encode(sealed[-_TAG:]))
    return ".".join(parts)


def decrypt(jwe: str, key: bytes) -> tuple[str, bytes]:
    """The content type (may be empty) and the content. Raises Rejected(`link_damaged`)."""
    try:
        protected, none, iv, sealed, tag = jwe.strip().split(".")
        header = json.loads(decode(protected))
        if none or not _usable(header) or len(decode(iv)) != _IV or len(decode(tag)) != _TAG:
            raise Rejected("link_damaged")
        plain = AESGCM(key).decrypt(decode(iv), decode(sealed) + decode(tag), protected.encode())
        content = inflate(plain) if "zip" in header else plain
    except (ValueError, InvalidTag, zlib.error):
        raise Rejected("link_damaged") from None
    return str(header.get("cty", "")), content


def inflate(packed: bytes) -> bytes:
    """Raw DEFLATE (RFC 1951) unpacked. Raises zlib.error; ValueError when it is too large."""
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    content = unpacking.decompress(packed, LARGEST)
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise ValueError("too large or cut off")
    return content


def _pack(content: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


def _usable(header: Any) -> bool:
    """Whether this is what the standard allows; `crit` asks for what we do not know."""
    if not isinstance(header, dict) or "crit" in header:
        return False
    named = (header.get("alg"), header.get("enc"), header.get("zip", "DEF"))
    return named == ("dir", "A256GCM", "DEF")
