"""Rows of a label and a value, side by side; below each other when text is large."""

import flet as ft

from app.hooks import component, use_look
from app.theme import Look
from views.components import Text


@component
def DetailRow(label: str, value: str | ft.Control, padding: int = 16) -> ft.Control:
    """The label quiet at the left, the value strong at the right."""
    look = use_look()
    shown = _strong(value, look) if isinstance(value, str) else value
    name = Text(label, "body", look.palette.on_surface_variant)
    inside: ft.Control
    if look.large_text:
        inside = ft.Column([name, shown], spacing=2, tight=True)
    else:
        inside = ft.Row(
            [name, ft.Container(shown, expand=True, alignment=ft.Alignment.CENTER_RIGHT)],
            spacing=12,
        )
    return ft.Container(inside, padding=ft.Padding.symmetric(horizontal=16, vertical=padding))


def _strong(value: str, look: Look) -> ft.Control:
    align = ft.TextAlign.START if look.large_text else ft.TextAlign.END
    return Text(value, "label", align=align)
