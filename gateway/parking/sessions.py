"""A stay from its start to its receipt: each verb is work in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.parking import accounts
from gateway.parking.fees import price_at, schedule
from gateway.parking.tables import parking_sessions
from gateway.problems import Problem, not_found
from gateway.registers.tariffs import rules

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Start:
    """What a resident asks for; `plate` is already in its kept form."""

    subject: str = field(repr=False)
    plate: str = field(repr=False)
    vehicle: str
    place_id: str
    minutes: int


def start(connection: Connection, wanted: Start, at: int) -> str:
    """Begin a stay and return its id. Raises a 409 `Problem` when that plate is parked already."""
    session_id = secrets.token_hex(16)
    try:
        with connection.begin_nested():
            connection.execute(
                insert(parking_sessions).values(
                    session_id=session_id,
                    subject=wanted.subject,
                    plate=wanted.plate,
                    vehicle=wanted.vehicle,
                    place_id=wanted.place_id,
                    started_at=at,
                    until=at + wanted.minutes * MINUTE,
                )
            )
    except IntegrityError:
        title = "That plate is parked already"
        raise Problem(409, "already-parked", title) from None
    return session_id


def find(connection: Connection, subject: str, session_id: str) -> Row[Any]:
    """That resident's stay. Raises a 404 `Problem` for none and for another resident's."""
    row = connection.execute(
        select(parking_sessions).where(
            parking_sessions.c.session_id == session_id, parking_sessions.c.subject == subject
        )
    ).one_or_none()
    if row is None:
        raise not_found()
    return row


def list_mine(connection: Connection, subject: str, limit: int = 100) -> list[Row[Any]]:
    """That resident's stays, the newest first."""
    mine = select(parking_sessions).where(parking_sessions.c.subject == subject)
    newest = mine.order_by(parking_sessions.c.started_at.desc(), parking_sessions.c.session_id)
    return list(connection.execute(newest.limit(limit)))


def extend(
    connection: Connection, subject: str, session_id: str, minutes: int, at: int
) -> Row[Any]:
    """Park longer: from the end booked, or from now when that has passed.

    Raises a 404 `Problem`, and a 409 for a stay that ended or would last too long.
    """
    row = find(connection, subject, session_id)
    until = max(row.until, at) + minutes * MINUTE
    if until - row.started_at > rules("parking_rules")["longest_hours"] * 3600:
        raise Problem(409, "stay-too-long", "A stay cannot last that long")
    extended = connection.execute(
        update(parking_sessions)
        .where(
            parking_sessions.c.session_id == session_id,
            parking_sessions.c.subject == subject,
            parking_sessions.c.ended_at.is_(None),
        )
        .values(until=until)
        .returning(*parking_sessions.c)
    ).one_or_none()
    if extended is None:
        raise Problem(409, "stay-ended", "The stay has ended")
    return extended


def stop(
    connection: Connection, subject: str, session_id: str, ended_at: int, opening: int
) -> Row[Any]:
    """End a stay and pay for it, together or not at all; ended already, it is given as it is.

    Raises a 404 `Problem`, and a 409 when the balance is too low: the stay then goes on.
    """
    row = find(connection, subject, session_id)
    ended_at = max(ended_at, row.started_at)
    steps = schedule(row.vehicle, row.started_at, max(ended_at, row.started_at + 1))
    amount = price_at(steps, ended_at).amount
    ended = connection.execute(
        update(parking_sessions)
        .where(
            parking_sessions.c.session_id == session_id,
            parking_sessions.c.subject == subject,
            parking_sessions.c.ended_at.is_(None),
        )
        .values(ended_at=ended_at, amount=amount, receipt=f"BN-{secrets.token_hex(6).upper()}")
        .returning(*parking_sessions.c)
    ).one_or_none()
    if ended is None:
        return find(connection, subject, session_id)
    accounts.charge(connection, accounts.Charge(session_id, subject, amount, ended_at), opening)
    return ended
