"""Ways from the overview to what one can do with a record: a row each, in this order."""

from typing import NamedTuple

import flet as ft

from app import paths
from app.text import _
from views.components import MainButton, open_path


class Entry(NamedTuple):
    """A row of the overview."""

    icon: ft.IconData
    words: str
    path: str


def entries(patient_id: str | None) -> tuple[Entry, ...]:
    """The rows under a record; `patient_id` is None for one's own."""
    icons = ft.Icons
    to_print = paths.health(patient_id, "print")
    printing = Entry(icons.PRINT_OUTLINED, _("Print or save a summary"), to_print)
    measured = paths.health(patient_id, "measurements")
    measurements = Entry(icons.MONITOR_HEART_OUTLINED, _("Own measurements"), measured)
    emergency = paths.health(None, "emergency")
    own: tuple[Entry, ...] = (
        Entry(icons.SHARE_OUTLINED, _("My shares"), paths.HEALTH_SHARES),
        measurements,
        Entry(icons.MEDICAL_INFORMATION_OUTLINED, _("Emergency card"), emergency),
        Entry(icons.FLAG_OUTLINED, _("Corrections"), paths.health(None, "corrections")),
        Entry(icons.FAMILY_RESTROOM_ROUNDED, _("Family and carers"), paths.health(None, "people")),
        Entry(icons.MANAGE_SEARCH_ROUNDED, _("Who looked"), paths.health(None, "accesses")),
        printing,
    )
    of_another: tuple[Entry, ...] = (measurements, printing)
    return own if patient_id is None else of_another


def share_button(patient_id: str | None) -> tuple[ft.Control, ...]:
    """The record's one filled button; nobody shares another's record."""
    if patient_id is not None:
        return ()
    go = open_path(paths.HEALTH_SHARE)
    return (MainButton(_("Share with a doctor"), go, ft.Icons.IOS_SHARE_ROUNDED),)
