"""`next` links: opaque, good for an hour, and for the caller they were made for alone."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from gateway.health_records.tables import search_pages
from gateway.problems import Problem
from gateway.security import Caller

KEPT = timedelta(hours=1)
Asked = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NextPage:
    """What was asked at `path`, and behind which place the answer goes on."""

    path: str
    asked: Asked = field(repr=False)
    after: tuple[Any, int]


def offer(connection: Connection, caller: Caller, page: NextPage, at: datetime) -> str:
    """The token of a next page for this caller; pages of more than an hour ago are forgotten."""
    connection.execute(delete(search_pages).where(search_pages.c.created < at - KEPT))
    token = secrets.token_urlsafe(24)
    question = {"path": page.path, "asked": page.asked, "after": page.after}
    row = {
        "token_hash": _hash(token),
        "subject": caller.subject,
        "client_id": caller.client_id,
        "question": json.dumps(question, ensure_ascii=False),
        "created": at,
    }
    connection.execute(insert(search_pages).values(row))
    return token


def resume(connection: Connection, caller: Caller, path: str, token: str, at: datetime) -> NextPage:
    """The page of a token. Raises a 404 `Problem` for one that ran out or is another's."""
    query = select(search_pages.c.question).where(
        search_pages.c.token_hash == _hash(token),
        search_pages.c.subject == caller.subject,
        search_pages.c.client_id == caller.client_id,
        search_pages.c.created >= at - KEPT,
    )
    found = connection.scalar(query)
    question = json.loads(found) if found else {}
    if question.get("path") != path:
        raise Problem(404, "not-found", "Not found", "The next page ran out: search again")
    asked = [(name, value) for name, value in question["asked"]]
    return NextPage(path, asked, (question["after"][0], question["after"][1]))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
