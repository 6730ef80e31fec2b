"""The register of connected facilities, and a facility's own credential.

`FACILITY_ID.SECRET` as a bearer token opens the sending of transactions and nothing else; the
gateway keeps a hash of the secret. `python -m gateway facilities` adds, ends and lists them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from sqlalchemy import Connection, Row, insert, select, update

from gateway.dependencies import CurrentDatabase
from gateway.health_records.tables import facilities
from gateway.shown_tokens import refused

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SECRET_BYTES = 32
_NOBODY = "0" * 64


def add_facility(
    connection: Connection, facility_id: str, name: str, ward_code: str, at: datetime
) -> str:
    """Add a facility, or give one a new credential; the secret, which is written nowhere here.

    Raises ValueError for an id that is not of small letters, digits and hyphens.
    """
    if not _NAME.fullmatch(facility_id):
        raise ValueError(f"{facility_id!r} is not a name of small letters, digits and hyphens")
    secret = secrets.token_hex(_SECRET_BYTES)
    known = find_facility(connection, facility_id)
    values: dict[str, Any] = {"secret_hash": _hash(secret), "ended_at": None}
    if known is not None:
        said = {"name": name or known.name, "ward_code": ward_code or known.ward_code}
        these = update(facilities).where(facilities.c.facility_id == facility_id)
        connection.execute(these.values(**said, **values))
        return secret
    if not name:
        raise ValueError("a new facility needs a name")
    row = {"facility_id": facility_id, "name": name, "ward_code": ward_code, "added_at": at}
    connection.execute(insert(facilities).values(**row, **values))
    return secret


def end_facility(connection: Connection, facility_id: str, at: datetime) -> bool:
    """Let a facility send no more; whether there was one of that name."""
    ended = update(facilities).where(facilities.c.facility_id == facility_id)
    return connection.execute(ended.values(ended_at=at)).rowcount > 0


def find_facility(connection: Connection, facility_id: str) -> Row[Any] | None:
    """The facility of that id, or None."""
    query = select(facilities).where(facilities.c.facility_id == facility_id)
    return connection.execute(query).one_or_none()


async def calling_facility(
    database: CurrentDatabase,
    credentials: Annotated[
        HTTPAuthorizationCredentials | None,
        Depends(HTTPBearer(scheme_name="facility", auto_error=False)),
    ],
) -> Row[Any]:
    """The facility that calls. Raises a 401 `Problem` for anybody else, residents included."""
    if credentials is None:
        raise refused(None)
    facility_id, _, secret = credentials.credentials.partition(".")
    found = await database.run(lambda c: find_facility(c, facility_id), write=False)
    # An unknown facility costs the same time as a wrong secret.
    known = found.secret_hash if found is not None and found.secret_hash else _NOBODY
    right = hmac.compare_digest(_hash(secret), known)
    if found is None or not right or found.ended_at is not None:
        raise refused("invalid_token")
    return found


CallingFacility = Annotated[Row[Any], Depends(calling_facility)]


def _hash(secret: str) -> str:
    """SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
