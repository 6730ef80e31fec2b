"""What a resident's things must do before their rows go: an application is taken back, a card is
given up, a report near a home forgets the exact place.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from gateway.cards.tables import enrolments
from gateway.certificates import applications
from gateway.certificates.tables import IN_PROCESS
from gateway.parking.tables import parking_sessions
from gateway.service_requests.publicity import is_public, public_address, public_point
from gateway.service_requests.tables import service_requests


def blockers(connection: Connection, subject: str) -> list[str]:
    """What the resident must end themselves first, as codes: `parking_running` costs money."""
    runs = select(parking_sessions.c.session_id).where(
        parking_sessions.c.subject == subject, parking_sessions.c.ended_at.is_(None)
    )
    return ["parking_running"] if connection.execute(runs.limit(1)).first() else []


def let_go(connection: Connection, subject: str, now: datetime) -> None:
    """Do all of it; twice changes nothing more."""
    _take_back_applications(connection, subject, now)
    _give_up_card(connection, subject, int(now.timestamp()))
    _blur_places(connection, subject)


def _take_back_applications(connection: Connection, subject: str, now: datetime) -> None:
    """One that is being signed can no longer be taken back, and becomes a certificate."""
    for row in applications.list_mine(connection, subject):
        if row.status in IN_PROCESS and row.status != "signing":
            applications.withdraw(connection, row, now)


def _give_up_card(connection: Connection, subject: str, at: int) -> None:
    mine = enrolments.c.subject == subject
    held = update(enrolments).where(mine, enrolments.c.ended_at.is_(None))
    connection.execute(held.values(ended_at=at))


def _blur_places(connection: Connection, subject: str) -> None:
    """Of what stays public only what everybody saw anyway."""
    mine = select(service_requests).where(service_requests.c.subject == subject, is_public())
    for row in connection.execute(mine).all():
        lat, long = public_point(row)
        this = service_requests.c.service_request_id == row.service_request_id
        values = {"address": public_address(row), "lat": lat, "long": long}
        connection.execute(update(service_requests).where(this).values(values))
