"""A gate's own credential: `GATE_ID.SECRET` as a bearer token; the gateway keeps a hash of the secret.

It opens the upload of taps and nothing else. Gates are added and ended by `python -m gateway gates`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from sqlalchemy import Connection, Row, insert, select, update

from gateway.cards.gate_tables import gates
from gateway.dependencies import CurrentDatabase
from gateway.shown_tokens import refused

KINDS = ("transit", "parking")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SECRET_BYTES = 32
_NOBODY = "0" * 64


def add_gate(connection: Connection, gate_id: str, kind: str, place_id: str, at: int) -> str:
    """Add a gate, or give one a new credential; the secret, which is written nowhere here.

    Raises ValueError for a name that is not of small letters, digits and hyphens.
    """
    check_names(gate_id, place_id)
    secret = secrets.token_hex(_SECRET_BYTES)
    values = {"kind": kind, "place_id": place_id, "secret_hash": _hash(secret), "ended_at": None}
    if find_gate(connection, gate_id) is None:
        connection.execute(insert(gates).values(gate_id=gate_id, added_at=at, **values))
    else:
        connection.execute(update(gates).where(gates.c.gate_id == gate_id).values(**values))
    return secret


def check_names(*names: str) -> None:
    """Raises ValueError for a name that is not of small letters, digits and hyphens."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name of small letters, digits and hyphens")


def end_gate(connection: Connection, gate_id: str, at: int) -> bool:
    """Let a gate upload no more; whether there was one of that name."""
    ended = update(gates).where(gates.c.gate_id == gate_id).values(ended_at=at)
    return connection.execute(ended).rowcount > 0


def find_gate(connection: Connection, gate_id: str) -> Row[Any] | None:
    """The gate of that name, or None."""
    return connection.execute(select(gates).where(gates.c.gate_id == gate_id)).one_or_none()


async def calling_gate(
    database: CurrentDatabase,
    credentials: Annotated[
        HTTPAuthorizationCredentials | None,
        Depends(HTTPBearer(scheme_name="gate", auto_error=False)),
    ],
) -> Row[Any]:
    """The gate that calls. Raises a 401 `Problem` for anybody else."""
    if credentials is None:
        raise refused(None)
    gate_id, _, secret = credentials.credentials.partition(".")
    gate = await database.run(lambda connection: find_gate(connection, gate_id), write=False)
    # An unknown gate costs the same time as a wrong secret.
    right = hmac.compare_digest(_hash(secret), gate.secret_hash if gate else _NOBODY)
    if gate is None or not right or gate.ended_at is not None:
        raise refused("invalid_token")
    return gate


CallingGate = Annotated[Row[Any], Depends(calling_gate)]


def _hash(secret: str) -> str:
    """SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
