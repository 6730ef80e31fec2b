"""What can be pressed and is no button by its looks: a card, a row, a photo.

It is a Material button underneath, so it is reached with Tab, pressed with Enter or Space, read as
a button by its words, and shows the guide's focus ring (section 4).
"""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app.theme import Palette, focus_ring

Handler = Callable[..., Awaitable[None]] | Callable[..., None]


def Tappable(
    content: ft.Control,
    on_click: Handler,
    palette: Palette,
    *,
    radius: float = 16,
    padding: ft.Padding | int = 16,
    bgcolor: str = ft.Colors.TRANSPARENT,
    edge: ft.BorderSide | None = None,
    row: bool = False,
    width: float | None = None,
    height: float | None = None,
    tooltip: str | None = None,
    ring_color: str | None = None,
    alignment: ft.Alignment = ft.Alignment.CENTER_LEFT,
    ref: ft.Ref[Any] | None = None,
) -> ft.Control:
    """`content` as a button. `row` draws the ring inside, for a row that its list clips."""
    ring = focus_ring(palette, inside=row)
    ring.color = ring_color or ring.color
    rest = edge or ft.BorderSide(0, ft.Colors.TRANSPARENT, style=ft.BorderStyle.NONE)
    ink = palette.on_surface
    return ft.TextButton(
        content=content,
        on_click=on_click,
        width=width,
        height=height,
        tooltip=tooltip,
        ref=ref,
        style=ft.ButtonStyle(
            padding=padding,
            bgcolor=bgcolor,
            color=ink,
            overlay_color={
                ft.ControlState.PRESSED: ft.Colors.with_opacity(0.1, ink),
                ft.ControlState.HOVERED: ft.Colors.with_opacity(0.06, ink),
                ft.ControlState.DEFAULT: ft.Colors.TRANSPARENT,
            },
            side={ft.ControlState.FOCUSED: ring, ft.ControlState.DEFAULT: rest},
            shape=ft.RoundedRectangleBorder(radius=0 if row else radius),
            alignment=alignment,
            visual_density=ft.VisualDensity.STANDARD,
        ),
    )
