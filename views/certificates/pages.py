"""The certificate's pages as pictures: as wide as the screen, twice as wide at a tap."""

from collections.abc import Callable

import flet as ft

from app.hooks import Ready, component, use_look, use_resource, use_services, use_state
from app.text import _
from app.theme import Look
from views.components import LinkButton, Loaded, Tappable, Text, keyed, stacked

LARGER = 2
"""How many times wider a page gets at a tap."""
WIDEST = 736
RAIL = 105
"""Widths in dp: the content column inside its margins, and the rail beside it."""


@component
def Pages(application_id: str, count: int, opening: str = "") -> ft.Control:
    """Every page below the other, fetched when it is asked to be seen and kept nowhere."""
    larger, set_larger = use_state(False)

    def zoom() -> None:
        set_larger(not larger)

    icon = ft.Icons.ZOOM_OUT_ROUNDED if larger else ft.Icons.ZOOM_IN_ROUNDED
    label = _("Fit the width") if larger else _("Larger")
    pages = [
        keyed(number, Page, (application_id, opening), number, count, larger, zoom)
        for number in range(1, count + 1)
    ]
    button = ft.Row([LinkButton(label, zoom, icon)], alignment=ft.MainAxisAlignment.END)
    aloud = Text(_("To have it read aloud, save the PDF: its text can be read."), "supporting")
    return stacked([button, *pages, aloud], 8)


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

    picture = ft.Semantics(
        label=spoken.format(n=number, total=count),
        image=True,
        exclude_semantics=True,
        content=Tappable(
            ft.Image(
                src=found.value,
                width=_width(look) * (LARGER if larger else 1),
                fit=ft.BoxFit.FIT_WIDTH,
                gapless_playback=True,
                exclude_from_semantics=True,
            ),
            zoom,
            look.palette,
            padding=0,
            bgcolor="#FFFFFF",
            edge=ft.BorderSide(1, look.palette.outline_variant),
            row=True,
        ),
    )
    return ft.Row([picture], scroll=ft.ScrollMode.AUTO if larger else None)


def _width(look: Look) -> float:
    return min(WIDEST, look.width - (0 if look.compact else RAIL) - 2 * look.margin) - 2


def _nothing(data: bytes) -> ft.Control:
    return ft.Container(height=0)
