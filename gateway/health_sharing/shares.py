"""A resident's own links: made, listed, stopped, ended. Every query is limited to its subject."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from gateway.health_sharing.secrets import hash_passcode, hashed
from gateway.health_sharing.tables import files, openings, shares, tickets
from gateway.problems import FieldError, Problem, invalid, not_found

RUNNING_AT_ONCE = 20
MADE_PER_HOUR = 20
LISTED = 500
"""Openings that a list shows, the newest."""
KEPT = timedelta(days=365)
"""How long an ended link stays in its owner's list."""


@dataclass(frozen=True, slots=True)
class NewShare:
    """What a device asks to be kept; `minutes` None means until it is stopped."""

    token: str = field(repr=False)
    file: str = field(repr=False)
    sections: tuple[str, ...]
    since: str | None
    minutes: int | None
    passcode: str | None = field(repr=False)


def create(
    connection: Connection, subject: str, patient_id: str, new: NewShare, now: datetime
) -> str:
    """Keep a link and its encrypted file; gives the share's id.

    Raises a 429 `Problem` for too many, a 422 for an address that is taken.
    """
    end_due(connection, now)
    _limit(connection, subject, now)
    taken = select(shares.c.share_id).where(shares.c.token_hash == hashed(new.token))
    if connection.scalar(taken) is not None:
        raise invalid([FieldError(field="token", code="taken")])
    share_id = str(uuid4())
    row = {
        "share_id": share_id,
        "subject": subject,
        "patient_id": patient_id,
        "token_hash": hashed(new.token),
        "passcode_hash": hash_passcode(new.passcode) if new.passcode else None,
        "sections": json.dumps(new.sections),
        "since": new.since,
        "created_at": now,
        "ends_at": now + timedelta(minutes=new.minutes) if new.minutes else None,
    }
    connection.execute(insert(shares).values(row))
    connection.execute(insert(files).values(share_id=share_id, jwe=new.file.encode()))
    return share_id


def list_mine(connection: Connection, subject: str, now: datetime) -> list[dict[str, Any]]:
    """The resident's links as JSON, running ones first, then newest first."""
    query = (
        select(shares)
        .where(shares.c.subject == subject, shares.c.created_at > now - KEPT)
        .order_by(shares.c.created_at.desc())
        .limit(200)
    )
    found = connection.execute(query).all()
    seen = _openings(connection, [row.share_id for row in found])
    listed = [as_json(row, seen.get(row.share_id, []), now) for row in found]
    return sorted(listed, key=lambda one: one["status"] != "running")


def get_mine(connection: Connection, subject: str, share_id: str, now: datetime) -> dict[str, Any]:
    """One of the resident's links as JSON. Raises a 404 `Problem` for another's or none."""
    row = _mine(connection, subject, share_id)
    return as_json(row, _openings(connection, [share_id]).get(share_id, []), now)


def stop(connection: Connection, subject: str, share_id: str, now: datetime) -> None:
    """End one's own link at once; its file goes. Doing it twice is doing it once."""
    row = _mine(connection, subject, share_id, hold=True)
    if end_of(row, now) is None:
        end(connection, shares.c.share_id == row.share_id, "stopped", now)


def end_due(connection: Connection, now: datetime) -> None:
    """End every link whose time is over, and drop addresses of files that ran out."""
    end(connection, shares.c.ends_at <= now, "expired", now)
    connection.execute(delete(tickets).where(tickets.c.until <= now))


def end(connection: Connection, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    """End the running links that match: the row stays for its owner, the file does not."""
    running = and_(which, shares.c.ended_at.is_(None))
    ids = connection.scalars(select(shares.c.share_id).where(running)).all()
    if not ids:
        return
    for table in (tickets, files):
        connection.execute(delete(table).where(table.c.share_id.in_(ids)))
    moment = shares.c.ends_at if reason == "expired" else now
    mine = shares.c.share_id.in_(ids)
    connection.execute(update(shares).where(mine).values(ended_at=moment, end_reason=reason))


def end_of(row: Row[Any], now: datetime) -> str | None:
    """Why a link has ended, or None while it runs; the clock counts before any sweep does."""
    if row.end_reason is not None:
        return str(row.end_reason)
    return "expired" if row.ends_at is not None and row.ends_at <= now else None


def as_json(row: Row[Any], seen: Sequence[Row[Any]], now: datetime) -> dict[str, Any]:
    """A link as its owner sees it."""
    reason = end_of(row, now)
    ended = row.ended_at or (row.ends_at if reason else None)
    return {
        "share_id": row.share_id,
        "status": reason or "running",
        "sections": json.loads(row.sections),
        "since": row.since,
        "has_passcode": row.passcode_hash is not None,
        "created_datetime": _moment(row.created_at),
        "ends_datetime": _moment(row.ends_at),
        "ended_datetime": _moment(ended),
        "openings": [
            {"at": _moment(one.at), "recipient": one.recipient, "outcome": one.outcome}
            for one in seen
        ],
    }


def _mine(connection: Connection, subject: str, share_id: str, *, hold: bool = False) -> Row[Any]:
    query = select(shares).where(shares.c.share_id == share_id, shares.c.subject == subject)
    row = connection.execute(query.with_for_update() if hold else query).one_or_none()
    if row is None:
        raise not_found()
    return row


def _openings(connection: Connection, ids: list[str]) -> dict[str, list[Row[Any]]]:
    query = select(openings).where(openings.c.share_id.in_(ids))
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query.order_by(openings.c.opening_id.desc()).limit(LISTED)):
        found.setdefault(row.share_id, []).append(row)
    return found


def _limit(connection: Connection, subject: str, now: datetime) -> None:
    mine = select(func.count()).select_from(shares).where(shares.c.subject == subject)
    running = connection.scalar(mine.where(shares.c.ended_at.is_(None))) or 0
    made = connection.scalar(mine.where(shares.c.created_at > now - timedelta(hours=1))) or 0
    if running >= RUNNING_AT_ONCE or made >= MADE_PER_HOUR:
        headers = {"Retry-After": "600"}
        raise Problem(429, "too-many-shares", "There are many shares already", headers=headers)


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
