"""The queue's filters: whose, how late, and behind a button state, urgency and kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.hooks import Ready, component, use_resource, use_services
from app.text import _
from services.desk_records import Filters
from services.saved import Saved
from services.service_requests import Service
from views.components import ChoiceChips, Heading, stacked
from views.desk.words import desk_status_of

ANY = "any"
STATUSES = ("waiting", "transferred", "in_progress", "needs_resident", "reopened", "done")
URGENCIES = ("urgent", "complex", "normal")

Change = Callable[[Filters], None]


@component
def Scopes(filters: Filters, change: Change) -> ft.Control:
    """All, mine, nobody's, overdue: one at a time."""
    options = (
        (ANY, _("All")),
        ("me", _("Mine")),
        ("none", _("Nobody's")),
        ("overdue", _("Overdue")),
    )
    chosen = "overdue" if filters.overdue else filters.assigned or ANY

    def select(value: str) -> None:
        assigned = value if value in ("me", "none") else ""
        change(replace(filters, assigned=assigned, overdue=value == "overdue"))

    return ChoiceChips(options, chosen, select, scroll=True)


@component
def FilterSheet(filters: Filters, change: Change) -> ft.Control:
    """State, urgency, kind of problem."""
    services = use_services()

    async def fetch() -> Saved[list[Service]]:
        return await services.service_requests.list_services()

    kinds = use_resource(fetch)
    names = kinds.value if isinstance(kinds, Ready) else []
    urgencies = {"urgent": _("Urgent"), "complex": _("Complex"), "normal": _("Normal")}
    groups = (
        (
            _("State"),
            [(code, desk_status_of(code).word) for code in STATUSES],
            filters.status,
            lambda value: change(replace(filters, status=value)),
        ),
        (
            _("Urgency"),
            [(code, urgencies[code]) for code in URGENCIES],
            filters.urgency,
            lambda value: change(replace(filters, urgency=value)),
        ),
        (
            _("Kind of problem"),
            [(one.service_code, one.service_name) for one in names],
            filters.service_code,
            lambda value: change(replace(filters, service_code=value)),
        ),
    )
    return stacked([_Group(*group) for group in groups], 12)


@component
def _Group(
    title: str, options: list[tuple[str, str]], chosen: str, pick: Callable[[str], None]
) -> ft.Control:
    def select(value: str) -> None:
        pick("" if value == ANY else value)

    every = ((ANY, _("Any")), *options)
    return stacked([Heading(title, 2, "label"), ChoiceChips(every, chosen or ANY, select)], 4)
