"""Versions of what gates fetch: they go up with each change and never back.

A new version is the present second or one more than the last, whichever is greater: a gateway set
back to an old copy of its database is ahead of its gates again with its next change.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.cards.gate_tables import publications

KEYS, DENY = "keys", "deny"
TURN = "gates"
"""The turn of whoever writes for gates."""


def published(connection: Connection, name: str) -> Row[Any] | None:
    """The present version of that name, or None before the first."""
    found = select(publications).where(publications.c.name == name)
    return connection.execute(found).one_or_none()


def next_version(before: Row[Any] | None, at: int) -> int:
    """The version after that one, at `at` (UTC seconds)."""
    return max(at, before.version + 1 if before else 1)


def publish(
    connection: Connection, name: str, version: int, digest: str, oldest_delta: int = 0
) -> None:
    """Write a version; `oldest_delta` is the oldest one that a gate can be brought up from."""
    values = {"version": version, "digest": digest, "oldest_delta": oldest_delta}
    if published(connection, name) is None:
        connection.execute(insert(publications).values(name=name, **values))
    else:
        connection.execute(update(publications).where(publications.c.name == name).values(**values))
