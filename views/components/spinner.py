"""A sign that something is under way; it stands still for who asked for less motion."""

import flet as ft

from app.theme import Look


def Spinner(look: Look, size: float = 20, color: str | None = None) -> ft.Control:
    """A turning ring, or an hourglass."""
    if look.still:
        return ft.Icon(ft.Icons.HOURGLASS_TOP_ROUNDED, size=size, color=color)
    return ft.ProgressRing(width=size, height=size, stroke_width=3, color=color)
