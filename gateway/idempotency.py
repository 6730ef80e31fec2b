"""Idempotency-Key: a write repeated with its key happens once (draft-ietf-httpapi-idempotency-
key-header).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header
from sqlalchemy import Column, Connection, String, Table, Text, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.columns import Instant
from gateway.database import metadata
from gateway.problems import Problem

KEPT = timedelta(days=30)
"""How long a key is remembered: longer than a phone may hold a report back before it sends it
again.
"""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("subject", String(255), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("created", Instant, nullable=False, index=True),
)

_KEY = re.compile(r"[\x21\x23-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a write: whose, under which key, and a hash of what it asks for."""

    subject: str = field(repr=False)
    key: str | None = field(repr=False)
    body_hash: str
    now: datetime


def idempotency_key(
    value: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> str | None:
    """The key this request came with, bare or quoted.

    Raises a 400 `Problem` for an unusable one.
    """
    if value is None:
        return None
    bare = value[1:-1] if len(value) > 2 and value[0] == value[-1] == '"' else value
    if not _KEY.fullmatch(bare):
        raise Problem(400, "idempotency-key-invalid", "The idempotency key is not usable")
    return bare


IdempotencyKey = Annotated[str | None, Depends(idempotency_key)]


def body_hash(operation: str, *parts: Any) -> str:
    """A hash of what is asked: the operation, and parts that JSON can hold."""
    text = json.dumps([operation, *parts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def recall(connection: Connection, attempt: Attempt) -> Any:
    """The JSON answer of the first attempt, or None.

    Raises a 422 `Problem` if that one asked for something else.
    """
    row = connection.execute(
        select(idempotency_keys.c.body_hash, idempotency_keys.c.answer).where(
            idempotency_keys.c.subject == attempt.subject, idempotency_keys.c.key == attempt.key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.body_hash != attempt.body_hash:
        title = "This idempotency key was used for another request"
        raise Problem(422, "idempotency-key-reused", title)
    return json.loads(row.answer)


def once(connection: Connection, attempt: Attempt, work: Callable[[], Any]) -> tuple[Any, bool]:
    """Do `work` in this transaction unless an earlier attempt did: its JSON answer, and whether
    it is a repetition.
    """
    if attempt.key is None:
        return work(), False
    if not _reserve(connection, attempt):
        return recall(connection, attempt), True
    answer = work()
    connection.execute(
        update(idempotency_keys)
        .where(idempotency_keys.c.subject == attempt.subject, idempotency_keys.c.key == attempt.key)
        .values(answer=json.dumps(answer, ensure_ascii=False))
    )
    return answer, False


def _reserve(connection: Connection, attempt: Attempt) -> bool:
    """Take the key. Of two transactions at once the second waits here for the first."""
    connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.created < attempt.now - KEPT)
    )
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    taken = connection.execute(
        dialect.insert(idempotency_keys)
        .values(
            subject=attempt.subject,
            key=attempt.key,
            body_hash=attempt.body_hash,
            answer="null",
            created=attempt.now,
        )
        .on_conflict_do_nothing()
        .returning(idempotency_keys.c.key)
    )
    return taken.one_or_none() is not None
