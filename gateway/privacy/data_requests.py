"""Requests about one's data: asked by a resident, answered by an officer within two working days."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.privacy.tables import requests
from gateway.problems import Problem, not_found
from gateway.service_requests.handling_tables import notices
from gateway.working_time import after_working_days

ANSWER_DAYS = 2
"""Working days for an answer (Decree 356/2025)."""
OPEN_MOST = 10
OPEN = "open"
NOTICE = "privacy_answer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: `kind` is correct, restrict or object, about an area of the inventory."""

    kind: str
    area: str
    description: str = field(repr=False)


def ask(connection: Connection, subject: str, wanted: Wanted, now: datetime) -> str:
    """Keep a request and return its id. Raises a 409 `Problem` while too many wait."""
    columns = requests.c
    mine = select(func.count()).where(columns.subject == subject, columns.state == OPEN)
    if (connection.scalar(mine) or 0) >= OPEN_MOST:
        raise Problem(409, "too-many-requests-open", "Many requests are waiting already")
    request_id = secrets.token_hex(16)
    connection.execute(
        insert(requests).values(
            request_id=request_id,
            subject=subject,
            kind=wanted.kind,
            area=wanted.area,
            description=wanted.description,
            state=OPEN,
            created=now,
            due=after_working_days(now, ANSWER_DAYS).due,
        )
    )
    return request_id


def list_mine(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """The resident's own requests, the newest first."""
    mine = select(requests).where(requests.c.subject == subject)
    return connection.execute(mine.order_by(requests.c.created.desc()).limit(100)).all()


def get_mine(connection: Connection, subject: str, request_id: str) -> Row[Any]:
    """One of them. Raises a 404 `Problem`, also for another's."""
    mine = requests.c.subject == subject, requests.c.request_id == request_id
    row = connection.execute(select(requests).where(*mine)).one_or_none()
    if row is None:
        raise not_found()
    return row


def waiting(connection: Connection) -> Sequence[Row[Any]]:
    """What the office has to answer, what is due first first; whose it is stays unsaid."""
    columns = requests.c
    shown = [column for column in columns if column.name != "subject"]
    found = select(*shown).where(columns.state == OPEN).order_by(columns.due).limit(200)
    return connection.execute(found).all()


def answer(
    connection: Connection, officer: str, request_id: str, state: str, words: str, now: datetime
) -> Row[Any]:
    """Answer one, and tell its resident in the inbox. Raises a 404 `Problem`, a 409 for one that
    was answered.
    """
    columns = requests.c
    row = connection.execute(
        select(requests).where(columns.request_id == request_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise not_found()
    if row.state != OPEN:
        raise Problem(409, "transition-not-allowed", "This request was answered already")
    values = {"state": state, "answer": words, "answered": now, "answered_by": officer}
    connection.execute(update(requests).where(columns.request_id == request_id).values(values))
    line = {"notice_id": secrets.token_hex(16), "subject": row.subject, "kind": NOTICE}
    connection.execute(insert(notices).values(**line, description=words, created=now))
    return connection.execute(select(requests).where(columns.request_id == request_id)).one()
