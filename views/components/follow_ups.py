"""Appointments that the resident asked to be reminded of, for the home screen and the inbox."""

from datetime import date

import flet as ft

from app import paths
from app.hooks import Ready, component, use_resource, use_revisions, use_services, use_session
from app.text import _, local, ngettext, show_date, show_weekday
from views.components.cards import CardList, NavigationRow
from views.components.keyed import keyed
from views.components.opening import open_path

SHOWN = 3


@component
def FollowUps() -> ft.Control:
    """The nearest ones, from today on; each opens its visit. Nothing where there are none."""
    services, revisions = use_services(), use_revisions()
    found = use_resource(services.health_records.reminders.list, revisions.health_records)
    offered = "health_records" in use_session().offer.features
    if not offered or not isinstance(found, Ready):
        return ft.Container(height=0)
    today = local(services.clock.now()).date()
    coming = [(one, one.day) for one in found.value if one.day is not None and one.day >= today]
    if not coming:
        return ft.Container(height=0)
    rows = [
        keyed(
            one.key,
            NavigationRow,
            ft.Icons.EVENT_ROUNDED,
            _("Doctor's appointment"),
            f"{show_weekday(day)}, {show_date(day)} · {_how_soon(day, today)}",
            open_path(paths.health_visit(one.visit, one.patient_id)),
            "primary",
        )
        for one, day in coming[:SHOWN]
    ]
    return CardList(*rows)


def _how_soon(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return _("today")
    return ngettext("in {n} day", "in {n} days", days)
