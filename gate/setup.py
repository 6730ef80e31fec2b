"""How a gate is set up: the file that `python -m gateway gates add` wrote, in the gate's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.keys import GateError

SETUP_FILE = "gate.json"
_PRODUCTS = range(0x10000)


@dataclass(frozen=True, slots=True)
class Setup:
    """Who this gate is, whom it trusts, what it takes. Ages in hours; no product: every product.

    `groups` names the fare classes for the display.
    """

    gateway: str
    gate_id: str
    secret: str = field(repr=False)
    root: Ed25519PublicKey
    direction: str = "in"
    products: frozenset[int] = frozenset()
    keys_max_age_hours: float = 72.0
    deny_max_age_hours: float = 72.0
    groups: dict[int, str] = field(default_factory=dict)


def read_setup(folder: Path) -> Setup:
    """The set-up in that folder; raises GateError naming the file and what it must hold."""
    path = folder / SETUP_FILE
    try:
        return _setup(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise GateError(
            f"The file {path} cannot be read: {error.strerror}. "
            "Make it with: python -m gateway gates add NAME --place PLACE."
        ) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise GateError(f"The file {path} is not a gate's set-up: {_reason(error)}.") from error


def _setup(found: dict[str, Any]) -> Setup:
    """Raises ValueError, TypeError or KeyError for anything else than a set-up."""
    direction, products = found.get("direction", "in"), found.get("products", [])
    if direction not in {"in", "out"}:
        raise ValueError("direction is in or out")
    if not all(type(product) is int and product in _PRODUCTS for product in products):
        raise ValueError("products are numbers from 0 to 65535")
    if not _is_safe(urlsplit(str(found["gateway"]))):
        raise ValueError("gateway is an address that begins with https://, or is on this machine")
    return Setup(
        gateway=str(found["gateway"]).rstrip("/"),
        gate_id=str(found["gate_id"]),
        secret=str(found["secret"]),
        root=Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["root"])),
        direction=direction,
        products=frozenset(products),
        keys_max_age_hours=_hours(found, "keys_max_age_hours"),
        deny_max_age_hours=_hours(found, "deny_max_age_hours"),
        groups={int(number): str(name) for number, name in dict(found.get("groups", {})).items()},
    )


def _is_safe(address: SplitResult) -> bool:
    """Whether the credential may travel there: by TLS, or without leaving this machine."""
    if address.scheme == "http":
        return address.hostname in {"127.0.0.1", "::1", "localhost"}
    return address.scheme == "https" and bool(address.hostname)


def _hours(found: dict[str, Any], name: str) -> float:
    hours = float(found.get(name, 72.0))
    if not 0 < hours < 24 * 366:
        raise ValueError(f"{name} is a number of hours, at most a year")
    return hours


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
