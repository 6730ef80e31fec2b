"""Keys of other submitters (GeoReport's `api_key`): a hotline's desk, a partner's app. Only a hash
is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, String, Table, insert, select

from gateway.columns import Instant
from gateway.database import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("answers_tokens", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("revoked", Instant),
)


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who sends reports for others. One that takes tokens learns the id from GET tokens."""

    name: str
    answers_tokens: bool

    @property
    def subject(self) -> str:
        """What stands where a resident's subject would; no sign-in ever has it."""
        return f"api_key:{self.name}"


def find(connection: Connection, api_key: str) -> Submitter | None:
    """The submitter of a key that is still good."""
    wanted = select(api_keys.c.name, api_keys.c.answers_tokens).where(
        api_keys.c.key_hash == _hash(api_key), api_keys.c.revoked.is_(None)
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Submitter(row.name, row.answers_tokens)


def make(connection: Connection, name: str, now: datetime, *, answers_tokens: bool = False) -> str:
    """Make a key for that submitter. It is told once and cannot be read again."""
    api_key = secrets.token_urlsafe(32)
    connection.execute(
        insert(api_keys).values(
            key_hash=_hash(api_key), name=name, answers_tokens=answers_tokens, created=now
        )
    )
    return api_key


def revoke(connection: Connection, name: str, now: datetime) -> int:
    """End every key of that submitter; how many there were."""
    good = (api_keys.c.name == name, api_keys.c.revoked.is_(None))
    return connection.execute(api_keys.update().where(*good).values(revoked=now)).rowcount


def _hash(api_key: str) -> str:
    return hashlib.sha256(api_key.encode()).hexdigest()
