"""Ways from the overview to what one can do with a record: a row each, in this order."""

from typing import NamedTuple

import flet as ft

from app import paths
from app.text import _


class Entry(NamedTuple):
    """A row of the overview."""

    icon: ft.IconData
    words: str
    path: str


def entries(patient_id: str | None) -> tuple[Entry, ...]:
    """The rows under a record; `patient_id` is None for one's own."""
    icons = ft.Icons
    own: tuple[Entry, ...] = (
        Entry(icons.QR_CODE_2_ROUNDED, _("Share with a doctor"), paths.HEALTH_SHARE),
        Entry(icons.SHARE_OUTLINED, _("My shares"), paths.HEALTH_SHARES),
        Entry(icons.FAMILY_RESTROOM_ROUNDED, _("Family and carers"), paths.health(None, "people")),
        Entry(icons.MANAGE_SEARCH_ROUNDED, _("Who looked"), paths.health(None, "accesses")),
    )
    of_another: tuple[Entry, ...] = ()
    return own if patient_id is None else of_another
