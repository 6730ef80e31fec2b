"""The shape of an encrypted file, as far as it can be seen without the key (RFC 7516)."""

from __future__ import annotations

import base64
import binascii
import json
import re

LARGEST = 4_000_000
"""Bytes of a file; the largest real record seen (1.8 MB of JSON) is a tenth of it once packed."""

_COMPACT = re.compile(
    r"([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{22})"
)
_HEADER = {"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json"}


def is_encrypted(file: str) -> bool:
    """Whether it is a compact JWE as SMART Health Links have it, and not something in the clear."""
    found = _COMPACT.fullmatch(file)
    if found is None or len(found[1]) > 400:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    except (binascii.Error, ValueError):
        return False
    if not isinstance(header, dict) or header.get("zip", "DEF") != "DEF":
        return False
    return all(header.get(name) == value for name, value in _HEADER.items())
