"""What stands around the button that sends: why not, and what happens without a network."""

import flet as ft

from app.hooks import component, use_look
from app.text import _, explain, explain_field
from services.errors import Rejected, ServiceError
from views.components import ErrorPanel, LinkButton, Note, Text
from views.service_requests.drafting import Drafting

ROWS = {
    "media": "photos",
    "media_ids": "photos",
    "description": "description",
    "address_string": "place",
    "address_id": "place",
    "lat": "place",
    "long": "place",
    "service_code": "kind",
    "attribute[urgency]": "urgency",
}
"""Field on the wire → the row that mends it."""


@component
def Refusal(error: ServiceError) -> ft.Control:
    """Why the server did not take it; the rows to mend are marked below."""
    if isinstance(error, Rejected):
        return Note(_("Not sent."), explain(error), "error", live=True)
    return ErrorPanel(error)


def wrong_rows(error: ServiceError | None) -> dict[str, str]:
    """What to change, by row; an extra question is named by its code."""
    refused = error.field_errors if isinstance(error, Rejected) else ()
    return {ROWS.get(one.field, one.field): explain_field(one) for one in refused}


@component
def WithoutPhotos(drafting: Drafting) -> ft.Control:
    """The device is full: the words can still be kept when the photos are given up."""

    def drop() -> None:
        drafting.change(photos=())

    give_up = LinkButton(_("Go on without the photos"), drop, ft.Icons.HIDE_IMAGE_OUTLINED)
    words = _("Free some space, or send the words alone.")
    return Note(_("The photos do not fit on this device."), words, "error", action=give_up)


@component
def OnceLine() -> ft.Control:
    """What happens to a report that waits."""
    look = use_look()
    words = _("Sends by itself when online, once only.")
    icon = ft.Icon(ft.Icons.SCHEDULE_SEND_ROUNDED, size=look.icon(24), color=look.palette.tertiary)
    return ft.Row([icon, Text(words, expand=True)], spacing=12)
