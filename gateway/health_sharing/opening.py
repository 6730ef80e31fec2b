"""Opening a link (SMART Health Links, "Manifest Request"): passcode, log, file or its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from gateway.health_records.accesses import Look, record
from gateway.health_sharing.secrets import TOKEN, hashed, is_passcode, new_token
from gateway.health_sharing.shares import end, end_of
from gateway.health_sharing.tables import files, openings, shares, tickets
from gateway.problems import Problem, not_found
from gateway.security import Caller

TRIES = 3
"""Wrong passcodes in a link's whole life; the last one locks it for good."""
TICKET_SECONDS = 300
OPENINGS_PER_MINUTE = 10
SHARE, LINK = "share", "smart-health-link"
"""By what right a look was taken, the owner's own link, and with what."""


@dataclass(frozen=True, slots=True)
class Request:
    """One manifest request. `recipient` is what the stranger calls themselves."""

    token: str = field(repr=False)
    recipient: str
    passcode: str = field(repr=False)
    embedded_length_max: int | None
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What a manifest is made of: the file itself, or a short-lived ticket for it."""

    jwe: str | None = field(repr=False)
    ticket: str | None = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wrong:
    """The passcode was wrong; so many tries are left."""

    remaining: int


def running(connection: Connection, token: str, now: datetime, *, hold: bool = False) -> Row[Any]:
    """The link of this address. Raises a 404 `Problem`, which says why when it has ended."""
    if not TOKEN.fullmatch(token):
        raise not_found()
    query = select(shares).where(shares.c.token_hash == hashed(token))
    row = connection.execute(query.with_for_update() if hold else query).one_or_none()
    if row is None:
        raise not_found()
    if (reason := end_of(row, now)) is not None:
        raise Problem(404, "share-ended", "This link has ended", reason=reason)
    return row


def open_share(connection: Connection, request: Request) -> Opened | Wrong:
    """Check, log and give. The row is locked: guesses sent at once are counted one by one.

    Gives `Wrong` instead of raising, so that the count is kept. Raises 404 and 429 `Problem`s.
    """
    row = running(connection, request.token, request.at, hold=True)
    _limit(connection, row.share_id, request.at)
    if row.passcode_hash is not None and not is_passcode(request.passcode, row.passcode_hash):
        return _wrong(connection, row, request)
    _log(connection, row, request, "opened")
    record(connection, row.patient_id, _look(row, request))
    jwe = connection.scalar(select(files.c.jwe).where(files.c.share_id == row.share_id))
    if jwe is None:
        raise not_found()
    longest = request.embedded_length_max
    if longest is None or len(jwe) <= longest:
        return Opened(bytes(jwe).decode(), None, row.created_at)
    ticket = new_token()
    until = request.at + timedelta(seconds=TICKET_SECONDS)
    row_of_ticket = {"ticket_hash": hashed(ticket), "share_id": row.share_id, "until": until}
    connection.execute(insert(tickets).values(row_of_ticket))
    return Opened(None, ticket, row.created_at)


def take_file(connection: Connection, ticket: str, now: datetime) -> bytes:
    """The file of a ticket, once. Raises a 404 `Problem`."""
    if not TOKEN.fullmatch(ticket):
        raise not_found()
    spent = delete(tickets).where(tickets.c.ticket_hash == hashed(ticket), tickets.c.until > now)
    share_id = connection.execute(spent.returning(tickets.c.share_id)).scalar_one_or_none()
    wanted: Any = (shares.c.end_reason, shares.c.ends_at, files.c.jwe)
    query = select(*wanted).join(files, files.c.share_id == shares.c.share_id)
    row = connection.execute(query.where(shares.c.share_id == share_id)).one_or_none()
    if row is None or end_of(row, now) is not None:
        raise not_found()
    return bytes(row.jwe)


def _wrong(connection: Connection, row: Row[Any], request: Request) -> Wrong:
    _log(connection, row, request, "wrong_passcode")
    count, mine = row.wrong_passcodes + 1, shares.c.share_id == row.share_id
    connection.execute(update(shares).where(mine).values(wrong_passcodes=count))
    if count >= TRIES:
        end(connection, mine, "locked", request.at)
    return Wrong(max(0, TRIES - count))


def _log(connection: Connection, row: Row[Any], request: Request, outcome: str) -> None:
    values = {"at": request.at, "recipient": request.recipient, "outcome": outcome}
    connection.execute(insert(openings).values(share_id=row.share_id, **values))


def _limit(connection: Connection, share_id: str, now: datetime) -> None:
    lately = select(func.count()).where(
        openings.c.share_id == share_id, openings.c.at > now - timedelta(minutes=1)
    )
    if (connection.scalar(lately) or 0) >= OPENINGS_PER_MINUTE:
        headers = {"Retry-After": "60"}
        raise Problem(429, "share-busy", "This link is opened too often", headers=headers)


def _look(row: Row[Any], request: Request) -> Look:
    """Nobody signed in: the link stands for who looked, under the name that was typed."""
    return Look(
        Caller(f"share:{row.share_id}", "", frozenset(), frozenset(), LINK),
        "manifest",
        request.request_id,
        request.at,
        basis=SHARE,
        part="$summary",
        purpose="TREAT",
        name=request.recipient,
    )
