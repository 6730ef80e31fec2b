"""The card issuer's keys and its grants (docs/card-code.md).

The keys are files `card-issuer-NN.pem`, NN being the key number 0 to 15. The greatest number
signs, the others stay so that gates still know them. A file `card-issuer-NN.next.pem` is a key that
gates learn before it signs; renamed, it does.
"""

from __future__ import annotations

import os
import re
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_VERSION = 1
_FIRST_NUMBER = 1
_LAST_NUMBER = 15
_PREFIX = "card-issuer-"
_NOW, _COMING = ".pem", ".next.pem"
_HEADER = struct.Struct(">B8sIHBH")


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One signing key and its number."""

    number: int
    private_key: Ed25519PrivateKey = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes a gate needs."""
        return self.private_key.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the header says beside card and slot; `valid_until` is days since 1970-01-01."""

    product: int
    group: int
    valid_until: int


def header(key: IssuerKey, card_id: bytes, slot: int, holds: Entitlement) -> bytes:
    """The 18 bytes that open a code of that card in that slot."""
    version_key = _VERSION << 4 | key.number
    return _HEADER.pack(version_key, card_id, slot, holds.product, holds.group, holds.valid_until)


def grant(key: IssuerKey, header_bytes: bytes, anchor: bytes) -> bytes:
    """The issuer's signature of 64 bytes over a header and the 16-byte anchor of its slot."""
    return key.private_key.sign(b"hn-card-grant-v1" + header_bytes + anchor)


def issuer_keys(folder: Path) -> list[IssuerKey]:
    """Every key in the folder by ascending number, the last one signs; made if there is none.

    Raises ValueError when a file is no Ed25519 key or its name no key number.
    """
    if not _files(folder, _NOW):
        make_key(folder / f"{_PREFIX}{_FIRST_NUMBER:02d}{_NOW}")
    return _read_all(folder, _NOW)


def coming_keys(folder: Path) -> list[IssuerKey]:
    """The keys that will sign; raises as `issuer_keys`."""
    return _read_all(folder, _COMING)


def _files(folder: Path, ending: str) -> list[Path]:
    names = re.compile(re.escape(_PREFIX) + r"[^.]*" + re.escape(ending))
    return [path for path in folder.glob(f"{_PREFIX}*") if names.fullmatch(path.name)]


def _read_all(folder: Path, ending: str) -> list[IssuerKey]:
    return sorted(map(_read, _files(folder, ending)), key=lambda key: key.number)


def _read(path: Path) -> IssuerKey:
    number = int(path.name.removeprefix(_PREFIX).partition(".")[0])
    if number > _LAST_NUMBER:
        raise ValueError(f"{path.name} is not an Ed25519 key numbered 0 to {_LAST_NUMBER}")
    return IssuerKey(number, read_key(path))


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file; raises OSError, or ValueError when it is no Ed25519 key."""
    private_key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private_key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} is not an Ed25519 key")
    return private_key


def make_key(path: Path) -> None:
    """Writes a new key only its owner can read; of two processes at once, the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # mkstemp makes the file with mode 0600; the link appears whole or not at all.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
