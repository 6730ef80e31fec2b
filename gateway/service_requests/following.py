"""Following others' reports: what happens to them comes to one's inbox too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from gateway.problems import Problem
from gateway.service_requests.handling_tables import follows
from gateway.service_requests.reading import visible
from gateway.service_requests.records import is_id


def follow(connection: Connection, subject: str, service_request_id: str, now: datetime) -> None:
    """Follow a public report; once more changes nothing. Raises a 404 `Problem` for one the
    resident may not see, 409 for their own, which they hear of anyway.
    """
    row = visible(connection, subject, service_request_id)
    if row.subject == subject:
        raise Problem(409, "own-report", "One's own report need not be followed")
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(follows)
        .values(subject=subject, service_request_id=service_request_id, created=now)
        .on_conflict_do_nothing()
    )


def unfollow(connection: Connection, subject: str, service_request_id: str) -> None:
    """Follow a report no longer; one that is not followed is no error."""
    if not is_id(service_request_id):
        return
    connection.execute(
        delete(follows).where(
            follows.c.subject == subject, follows.c.service_request_id == service_request_id
        )
    )
