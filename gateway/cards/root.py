"""The root key: what every gate trusts, pinned in it when it is set up (docs/gates.md).

It signs the key set and the deny list, each under its own prefix. The sandbox makes it at the first
use; elsewhere its keeper puts the file there.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.cards.issuer import make_key, read_key
from gateway.problems import Problem
from gateway.settings import Settings

KEYS_PREFIX = b"hn-card-keys-v1"
DENY_PREFIX = b"hn-card-deny-v1"


def root_file(settings: Settings) -> Path:
    """Where the root's private key lies."""
    return settings.data_folder / "keys" / "card-root.pem"


def open_root(settings: Settings) -> Ed25519PrivateKey:
    """The root key. Raises FileNotFoundError outside the sandbox when there is none."""
    path = root_file(settings)
    if settings.sandbox and not path.exists():
        make_key(path)
    return read_key(path)


def root_for_gates(settings: Settings) -> Ed25519PrivateKey:
    """As `open_root`, for a route: raises a 503 `Problem` when there is no root key."""
    try:
        return open_root(settings)
    except OSError:
        raise Problem(503, "service-down", "Nothing is signed for gates here now") from None
