"""The certificate's pages as pictures: as wide as the screen, twice as wide at a tap."""

from collections.abc import Callable

import flet as ft

from app.hooks import Ready, component, use_look, use_resource, use_services, use_state
from app.text import _
from app.theme import Look
from views.components import Loaded, Text, keyed, page_picture, stacked, zoom_button

WIDEST = 736
RAIL = 105
"""Widths in dp: the content column inside its margins, and the rail beside it."""


@component
def Pages(application_id: str, count: int, opening: str = "") -> ft.Control:
    """Every page below the other, fetched when it is asked to be seen and kept nowhere."""
    larger, set_larger = use_state(False)

    def zoom() -> None:
        set_larger(not larger)

    pages = [
        keyed(number, Page, (application_id, opening), number, count, larger, zoom)
        for number in range(1, count + 1)
    ]
    aloud = Text(_("To have it read aloud, save the PDF: its text can be read."), "supporting")
    return stacked([zoom_button(larger, zoom), *pages, aloud], 8)


@component
def Page(
    which: tuple[str, str], number: int, count: int, larger: bool, zoom: Callable[[], None]
) -> ft.Control:
    """One page; too wide for the screen it scrolls sideways."""
    application_id, opening = which
    services, look = use_services(), use_look()

    async def fetch() -> bytes:
        return await services.certificates.page(application_id, number, opening=opening)

    found = use_resource(fetch, application_id, number, opening)
    if not isinstance(found, Ready):
        return Loaded(found, _nothing)
    spoken = _("Page {n} of {total} of the certificate, as a picture")
    spoken = spoken.format(n=number, total=count)
    return page_picture(found.value, spoken, _width(look), larger, zoom, look)


def _width(look: Look) -> float:
    return min(WIDEST, look.width - (0 if look.compact else RAIL) - 2 * look.margin) - 2


def _nothing(data: bytes) -> ft.Control:
    return ft.Container(height=0)
