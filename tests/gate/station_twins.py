"""A gate's folder with a root of the test's own, and clocks that the test moves."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.card_codes import AT, SampleCard

ROOT_KEY = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)


@dataclass
class Clocks:
    """A computer's clocks; its wall clock may be set wrongly."""

    at: float = AT
    wrong_by: float = 0.0
    boot: str | None = "first boot"
    started: float = AT - 1000

    def wall(self) -> float:
        """What somebody set."""
        return self.at + self.wrong_by

    def uptime(self) -> float | None:
        """Seconds since the start."""
        return None if self.boot is None else self.at - self.started

    def boot_id(self) -> str | None:
        """Another one after each start."""
        return self.boot

    def restart(self, boot: str = "second boot") -> None:
        """Off and on again."""
        self.boot, self.started = boot, self.at


def make_folder(folder: Path, **setup: Any) -> Path:
    """A gate's folder as its keeper gets it."""
    folder.mkdir(parents=True, exist_ok=True)
    usual = {
        "gateway": "http://127.0.0.1:9",
        "gate_id": "north",
        "secret": "00",
        "root": ROOT_KEY.public_key().public_bytes_raw().hex(),
        "direction": "in",
        "products": [],
        "groups": {"0": "Phổ thông", "2": "Miễn phí"},
    }
    (folder / "gate.json").write_text(json.dumps({**usual, **setup}), encoding="utf-8")
    return folder


def signed_keys(
    card: SampleCard,
    *,
    version: int = 1,
    at: float = AT,
    nonce: str = "",
    root: Ed25519PrivateKey = ROOT_KEY,
) -> bytes:
    """A key set with that card's issuer."""
    public_key = card.issuer.public_key().public_bytes_raw().hex()
    keys = [{"number": card.key_number, "public_key": public_key}]
    told = {"version": version, "issued_at": int(at), "nonce": nonce, "keys": keys}
    body = json.dumps(told).encode()
    return root.sign(b"hn-card-keys-v1" + body) + body


def signed_deny(
    *ids: bytes,
    version: int = 1,
    at: float = AT,
    change: tuple[int, tuple[bytes, ...], tuple[bytes, ...]] | None = None,
    root: Ed25519PrivateKey = ROOT_KEY,
) -> bytes:
    """A deny list of those ids; `change` is (base, removed, added) for a delta."""
    whole = b"".join(sorted(ids))
    head = struct.pack(">QQQ32s", version, int(at), len(ids), hashlib.sha256(whole).digest())
    base, removed, added = change or (0, (), tuple(sorted(ids)))
    body = struct.pack(">QI", base, len(removed)) + b"".join(removed) + b"".join(added)
    return root.sign(b"hn-card-deny-v1" + head) + head + body


class FakeLine:
    """A gateway that answers what the test put there, and notes what it was sent."""

    def __init__(self, card: SampleCard, clocks: Clocks) -> None:
        self.card, self.clocks = card, clocks
        self.keys_version, self.deny = 1, signed_deny()
        self.asked: list[str] = []
        self.posted: list[list[dict[str, Any]]] = []
        self.secrets: set[str] = set()
        self.answers: list[tuple[int, bytes] | Exception] = []

    def get(self, path: str) -> tuple[int, bytes]:
        """The key set with the nonce that was asked for, or the deny list of the test."""
        self.asked.append(path)
        if "/keys" in path:
            nonce = path.partition("nonce=")[2]
            at = self.clocks.at
            return 200, signed_keys(self.card, version=self.keys_version, at=at, nonce=nonce)
        return 200, self.deny

    def post(self, path: str, body: Any, secret: str) -> tuple[int, bytes]:
        """The next answer of the test, else everything was kept."""
        self.posted.append(body["taps"])
        self.secrets.add(secret)
        answer = self.answers.pop(0) if self.answers else (200, b'{"new": 1, "refused": []}')
        if isinstance(answer, Exception):
            raise answer
        return answer
