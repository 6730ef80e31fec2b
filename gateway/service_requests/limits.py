"""How much a resident may send in an hour; less for somebody whose reports were hoaxes."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from sqlalchemy import Connection, func, select

from gateway.idempotency import Attempt
from gateway.problems import Problem
from gateway.service_requests.tables import media, service_requests
from gateway.settings import Handling, Settings

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
    raise _too_many(sent[-1] + _HOUR - attempt.now if sent else _HOUR)


def hold_back_uploads(connection: Connection, attempt: Attempt, settings: Settings) -> None:
    """Raise a 429 `Problem` when more photos of this resident wait for a report than the reports
    of an hour could take.
    """
    waiting = (media.c.subject == attempt.subject, media.c.service_request_id.is_(None))
    count = connection.scalar(select(func.count()).select_from(media).where(*waiting)) or 0
    if count >= settings.photos_per_request * settings.handling.reports_per_hour:
        raise _too_many(_HOUR)


def _too_many(wait: timedelta) -> Problem:
    headers = {"Retry-After": str(max(1, ceil(wait.total_seconds())))}
    return Problem(429, "too-many-reports", "Too many reports in an hour", headers=headers)
