"""A secret kept in a file of the data folder, and the keys derived from it by purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SIZE = 32


def read_or_make(path: Path) -> bytes:
    """The secret in that file, made at the first start; two processes end up with the same one.

    Raises OSError, or ValueError for a file of another size.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(SIZE))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found = path.read_bytes()
    if len(found) != SIZE:
        raise ValueError(f"{path} does not hold {SIZE} bytes")
    return found


def keyed(secret: bytes, purpose: str, *parts: str) -> str:
    """A hash that nobody without the secret can compute, in hex; each purpose has its own key."""
    key = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    return hmac.digest(key, "\x00".join(parts).encode(), hashlib.sha256).hex()
