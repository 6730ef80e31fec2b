"""The public status list: which certificates are in force (Token Status List draft, two bits)."""

from __future__ import annotations

import base64
import zlib
from datetime import datetime

import jwt
from sqlalchemy import Connection, select

from gateway.certificates.authority import Authority
from gateway.certificates.credential import LIST_SIZE, key_id
from gateway.certificates.sd_jwt import ALGORITHM
from gateway.certificates.tables import certificates

MEDIA_TYPE = "application/statuslist+jwt"
BITS = 2
VALUES = {"valid": 0, "revoked": 1, "superseded": 3}
"""0x00 VALID, 0x01 INVALID and 0x03 application specific: replaced by a newer certificate."""
FRESH_SECONDS = 300
LIVES_SECONDS = 86_400


def out_of_force(db: Connection, number: int) -> dict[int, str]:
    """Places of that list whose certificates are not in force, with their status."""
    first = number * LIST_SIZE
    columns = certificates.c
    found = select(columns.status_index, columns.status).where(
        columns.status_index >= first,
        columns.status_index < first + LIST_SIZE,
        columns.status != "valid",
    )
    return {index - first: status for index, status in db.execute(found)}


def exists(db: Connection, number: int) -> bool:
    """Whether any certificate has its place in that list; the first one is always there."""
    later = select(certificates.c.number).where(certificates.c.status_index >= number * LIST_SIZE)
    return number == 0 or (number > 0 and db.scalar(later.limit(1)) is not None)


def signed(authority: Authority, uri: str, places: dict[int, str], at: datetime) -> str:
    """The list as a JWT: fresh for five minutes, accepted for a day."""
    now = int(at.timestamp())
    payload = {
        "sub": uri,
        "iat": now,
        "exp": now + LIVES_SECONDS,
        "ttl": FRESH_SECONDS,
        "status_list": {"bits": BITS, "lst": _compressed(places)},
    }
    header = {"typ": "statuslist+jwt", "kid": key_id(authority)}
    return jwt.encode(payload, authority.credential.key, ALGORITHM, headers=header)


def status_at(lst: str, bits: int, index: int) -> int:
    """What a list says at that place, as any reader of the draft finds it."""
    data = zlib.decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
    byte, offset = divmod(index * bits, 8)
    return (data[byte] >> offset) & ((1 << bits) - 1)


def _compressed(places: dict[int, str]) -> str:
    data = bytearray(LIST_SIZE * BITS // 8)
    for index, status in places.items():
        byte, offset = divmod(index * BITS, 8)
        data[byte] |= VALUES[status] << offset
    return base64.urlsafe_b64encode(zlib.compress(bytes(data), 9)).rstrip(b"=").decode()
