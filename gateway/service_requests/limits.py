"""How many reports a resident may send in an hour; fewer for somebody whose reports were hoaxes."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from sqlalchemy import Connection, func, select

from gateway.idempotency import Attempt
from gateway.problems import Problem
from gateway.service_requests.tables import service_requests
from gateway.settings import Handling

_HOUR = timedelta(hours=1)
_REMEMBERED = timedelta(days=90)


def hold_back(connection: Connection, attempt: Attempt, handling: Handling) -> None:
    """Raise a 429 `Problem` with Retry-After when this resident has sent enough for now."""
    columns = service_requests.c
    mine = columns.subject == attempt.subject
    limit = handling.reports_per_hour
    hoaxes = connection.scalar(
        select(func.count()).where(
            mine, columns.requested_datetime > attempt.now - _REMEMBERED, columns.hoax
        )
    )
    if (hoaxes or 0) >= handling.hoaxes_tolerated:
        limit = handling.reports_per_hour_doubted
    sent = connection.scalars(
        select(columns.requested_datetime)
        .where(mine, columns.requested_datetime > attempt.now - _HOUR, columns.split_from.is_(None))
        .order_by(columns.requested_datetime.desc())
        .limit(limit)
    ).all()
    if len(sent) < limit:
        return
    wait = sent[-1] + _HOUR - attempt.now if sent else _HOUR
    headers = {"Retry-After": str(max(1, ceil(wait.total_seconds())))}
    raise Problem(429, "too-many-reports", "Too many reports in an hour", headers=headers)
