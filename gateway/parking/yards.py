"""Yards: the gate reads the card code, so a stay begins and ends with taps and no plate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gateway.cards.gate_tables import taps
from gateway.cards.tables import enrolments
from gateway.cards.taps import Tap, on_taps
from gateway.parking import sessions
from gateway.parking.places import sandbox_parking
from gateway.parking.tables import parking_sessions
from gateway.problems import Problem
from gateway.registers.tariffs import rules

NO_PLATE = ""


@on_taps
def park(connection: Connection, new: Sequence[Tap]) -> None:
    """Begin a stay for each way in, end it at the way out after it; late taps find each other.

    A stay that cannot be paid for stays open: the car is out, the resident pays in the app.
    """
    for tap in new:
        if tap.kind != "parking" or tap.place_id.upper() not in sandbox_parking().places:
            continue
        subject = _subject_of(connection, tap.card_id)
        if subject is None:
            continue
        if tap.direction == "in":
            _begin(connection, tap, subject)
        _end(connection, tap, subject)


def _begin(connection: Connection, tap: Tap, subject: str) -> None:
    """Begin, unless one is open already: a gate passed twice is one stay."""
    if _open_stay(connection, subject) is not None:
        return
    place_id = tap.place_id.upper()
    connection.execute(
        insert(parking_sessions).values(
            session_id=tap.tap_id,
            subject=subject,
            plate=NO_PLATE,
            vehicle=sandbox_parking().places[place_id]["vehicles"][0],
            place_id=place_id,
            started_at=tap.moment,
            until=tap.moment + int(rules("parking_rules")["yard_hours"]) * 3600,
        )
    )


def _end(connection: Connection, tap: Tap, subject: str) -> None:
    stay = _open_stay(connection, subject)
    if stay is None or stay.place_id != tap.place_id.upper():
        return
    left = connection.execute(
        select(taps.c.moment)
        .where(
            taps.c.card_id == tap.card_id,
            taps.c.place_id == tap.place_id,
            taps.c.direction == "out",
            taps.c.moment >= stay.started_at,
        )
        .order_by(taps.c.moment)
        .limit(1)
    ).scalar_one_or_none()
    if left is None:
        return
    opening = sandbox_parking().opening_balance(subject)
    with suppress(Problem), connection.begin_nested():
        sessions.stop(connection, subject, stay.session_id, left, opening)


def _open_stay(connection: Connection, subject: str) -> Row[Any] | None:
    return connection.execute(
        select(parking_sessions).where(
            parking_sessions.c.subject == subject,
            parking_sessions.c.plate == NO_PLATE,
            parking_sessions.c.ended_at.is_(None),
        )
    ).one_or_none()


def _subject_of(connection: Connection, card_id: str) -> str | None:
    found = select(enrolments.c.subject).where(enrolments.c.card_id == card_id)
    return connection.execute(found).scalar_one_or_none()
