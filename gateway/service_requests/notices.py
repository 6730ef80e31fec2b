"""The inbox: what happened to the reports a resident sent or follows, and to their applications."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.service_requests.handling_tables import follows, notices
from gateway.service_requests.report_answers import Notice
from gateway.service_requests.states import BETWEEN_TWO
from gateway.service_requests.tables import service_requests
from gateway.working_time import HANOI

MOST = 200
"""The most lines an inbox shows."""


def tell(
    connection: Connection,
    service_request_id: str,
    kind: str,
    description: str,
    moment: datetime,
    *,
    but: str | None = None,
) -> None:
    """Put a line into the inbox of the report's resident and of its followers, `but` of whoever
    did it. Followers do not read what is between the resident and the agency.
    """
    columns = service_requests.c
    owner = select(columns.subject).where(
        columns.service_request_id == service_request_id, columns.submitter == "resident"
    )
    owners = set(connection.scalars(owner))
    for_followers = "" if kind in BETWEEN_TWO else description
    following = select(follows.c.subject).where(follows.c.service_request_id == service_request_id)
    told = [
        {
            "notice_id": secrets.token_hex(16),
            "subject": subject,
            "service_request_id": service_request_id,
            "kind": kind,
            "description": description if subject in owners else for_followers,
            "created": moment,
        }
        for subject in sorted(owners.union(connection.scalars(following)))
        if subject != but
    ]
    if told:
        connection.execute(insert(notices), told)


def inbox(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """The resident's own lines, newest first, at most `MOST`."""
    newest_first = (notices.c.created.desc(), notices.c.notice_id)
    mine = select(notices).where(notices.c.subject == subject)
    rows = connection.execute(mine.order_by(*newest_first).limit(MOST))
    return [_entry(row).model_dump(mode="json") for row in rows]


def unread(connection: Connection, subject: str) -> int:
    """How many of the lines that the resident's inbox shows are unread: what cannot be opened
    must not be counted for ever.
    """
    newest_first = (notices.c.created.desc(), notices.c.notice_id)
    shown = select(notices.c.read_datetime).where(notices.c.subject == subject)
    listed = shown.order_by(*newest_first).limit(MOST).subquery()
    count = select(func.count()).select_from(listed).where(listed.c.read_datetime.is_(None))
    return connection.scalar(count) or 0


def mark_read(
    connection: Connection, subject: str, notice_ids: Sequence[str], moment: datetime
) -> None:
    """Mark those of the lines that are the resident's own; the others are left alone."""
    connection.execute(
        update(notices)
        .where(
            notices.c.subject == subject,
            notices.c.notice_id.in_(notice_ids),
            notices.c.read_datetime.is_(None),
        )
        .values(read_datetime=moment)
    )


def _entry(row: Row[Any]) -> Notice:
    return Notice(
        notice_id=row.notice_id,
        service_request_id=row.service_request_id or "",
        application_id=row.application_id or "",
        support_code=row.support_code or "",
        kind=row.kind,
        description=row.description,
        datetime=row.created.astimezone(HANOI),
        read=row.read_datetime is not None,
    )
