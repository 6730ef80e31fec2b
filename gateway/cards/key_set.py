"""The issuer's public keys: which slots each may sign, and the signed set that gates fetch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, delete, insert, select

from gateway.cards import publishing
from gateway.cards.gate_tables import issuer_public_keys
from gateway.cards.issuer import IssuerKey, coming_keys, issuer_keys
from gateway.cards.root import KEYS_PREFIX
from gateway.cards.tap_checks import Keys, PublicKey
from gateway.database import take_turn

_LAST_SLOT = 0xFFFFFFFF
_HOURS_GRANTED = 73  # Grants reach 72 hours ahead, and one more begins while a key is changed.
_SLOT_SECONDS = 3600


def signed_key_set(
    connection: Connection,
    root: Ed25519PrivateKey,
    folder: Path,
    at: int,
    nonce: str = "",
) -> bytes:
    """The 64-byte signature and the JSON text it is for, with the version of now.

    The caller's `nonce` proves to it that `issued_at` is the time of now: gates set their clock by it.
    """
    rows = remember(connection, folder, at)
    live = [row for row in rows if row.last_slot >= at // _SLOT_SECONDS - 1]
    keys = [dict(row._mapping) for row in live]
    digest = hashlib.sha256(json.dumps(keys).encode()).hexdigest()
    before = publishing.published(connection, publishing.KEYS)
    version = before.version if before else 0
    if before is None or before.digest != digest:
        version = publishing.next_version(before, at)
        publishing.publish(connection, publishing.KEYS, version, digest)
    told = {"version": version, "issued_at": at, "nonce": nonce, "keys": keys}
    body = json.dumps(told).encode()
    return root.sign(KEYS_PREFIX + body) + body


def remember(connection: Connection, folder: Path, at: int) -> Sequence[Row[Any]]:
    """Every key ever met by ascending number, brought up to what lies in the folder.

    A key that no longer signs keeps the slots it has granted; so does one whose file is gone.
    """
    known = _rows(connection)
    wanted = _wanted(known, issuer_keys(folder), coming_keys(folder), at // _SLOT_SECONDS)
    if wanted == [dict(row._mapping) for row in known]:
        return known
    take_turn(connection, publishing.TURN)
    connection.execute(delete(issuer_public_keys))
    connection.execute(insert(issuer_public_keys), wanted)
    return _rows(connection)


def verifying_keys(rows: Sequence[Row[Any]]) -> Keys:
    """The keys by number, ready to verify with."""
    return {
        row.number: PublicKey(
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public_key)),
            row.first_slot,
            row.last_slot,
        )
        for row in rows
    }


def _rows(connection: Connection) -> Sequence[Row[Any]]:
    found = select(issuer_public_keys).order_by(issuer_public_keys.c.number)
    return connection.execute(found).all()


def _wanted(
    known: Sequence[Row[Any]],
    found: Sequence[IssuerKey],
    coming: Sequence[IssuerKey],
    now_slot: int,
) -> list[dict[str, Any]]:
    rows = {row.number: dict(row._mapping) for row in known}
    for key in (*found, *coming):
        public_key = key.public_key.hex()
        if key.number not in rows or rows[key.number]["public_key"] != public_key:
            rows[key.number] = {
                "number": key.number,
                "public_key": public_key,
                # The first key of all has signed since nobody knows when.
                "first_slot": now_slot - 1 if rows else 0,
                "last_slot": _LAST_SLOT,
            }
    signing = {found[-1].number, *(key.number for key in coming)}
    for number, row in rows.items():
        if number in signing:
            row["last_slot"] = _LAST_SLOT
        elif row["last_slot"] == _LAST_SLOT:
            row["last_slot"] = now_slot + _HOURS_GRANTED
    return [rows[number] for number in sorted(rows)]
