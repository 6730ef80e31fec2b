"""The filters of reports (design guide, row 06)."""

from collections.abc import Iterable
from datetime import datetime

from app.text import _
from services.service_requests import ServiceRequest
from views.components import deadline_of

EVERY = "all"
GROUPS: dict[str, tuple[str, ...]] = {
    "needs_resident": ("needs_resident",),
    "in_progress": ("waiting", "in_progress", "reopened", "transferred"),
    "done": ("done",),
    "closed": ("rejected", "withdrawn", "merged"),
}
"""Filter → status codes; `overdue` is derived and stands beside them."""


def filtered(requests: Iterable[ServiceRequest], group: str, now: datetime) -> list[ServiceRequest]:
    """The reports of a filter."""
    return [one for one in requests if group == EVERY or group in _groups_of(one, now)]


def filters(requests: list[ServiceRequest], now: datetime) -> tuple[tuple[str, str], ...]:
    """(value, words with count) of every filter that finds something, all of them first."""
    words = {
        "needs_resident": _("Needs you {n}"),
        "overdue": _("Overdue {n}"),
        "in_progress": _("In progress {n}"),
        "done": _("Fixed {n}"),
        "closed": _("Closed {n}"),
    }
    counts = {group: len(filtered(requests, group, now)) for group in words}
    found = [(group, words[group].format(n=n)) for group, n in counts.items() if n]
    return ((EVERY, _("All {n}").format(n=len(requests))), *found)


def _groups_of(request: ServiceRequest, now: datetime) -> list[str]:
    groups = [group for group, codes in GROUPS.items() if request.status_code in codes]
    deadline = deadline_of(request, now)
    return [*groups, "overdue"] if deadline is not None and deadline.overdue else groups
