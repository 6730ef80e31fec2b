"""A page of a paper as a picture: as wide as its place, twice as wide at a tap."""

from collections.abc import Callable

import flet as ft

from app.text import _
from app.theme import Look
from views.components.buttons import LinkButton
from views.components.tappable import Tappable

LARGER = 2
"""How many times wider a page gets at a tap."""


def page_picture(
    source: bytes, spoken: str, width: float, larger: bool, zoom: Callable[[], None], look: Look
) -> ft.Control:
    """One page, `width` dp wide; too wide for its place it scrolls sideways."""
    picture = ft.Semantics(
        label=spoken,
        image=True,
        exclude_semantics=True,
        content=Tappable(
            ft.Image(
                src=source,
                width=width * (LARGER if larger else 1),
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


def zoom_button(larger: bool, zoom: Callable[[], None]) -> ft.Control:
    """Above the pages, at the right: larger, or back to the width."""
    icon = ft.Icons.ZOOM_OUT_ROUNDED if larger else ft.Icons.ZOOM_IN_ROUNDED
    label = _("Fit the width") if larger else _("Larger")
    return ft.Row([LinkButton(label, zoom, icon)], alignment=ft.MainAxisAlignment.END)
