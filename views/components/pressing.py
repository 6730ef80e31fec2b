"""Which report presses most: for the list of reports and for home (design guide, row 06)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from services.service_requests import ServiceRequest
from views.components.deadline import deadline_of

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def arranged(requests: Iterable[ServiceRequest], now: datetime) -> list[ServiceRequest]:
    """Needs you first, then overdue, then the nearest deadline, then the newest."""

    def rank(request: ServiceRequest) -> tuple[int, float]:
        deadline = deadline_of(request, now)
        newest = -(request.requested_datetime or LONG_AGO).timestamp()
        if request.status_code == "needs_resident":
            return (0, newest)
        if deadline is not None and deadline.overdue:
            return (1, deadline.due.timestamp())
        if deadline is not None and deadline.running:
            return (2, deadline.due.timestamp())
        return (3, newest)

    return sorted(requests, key=rank)
