"""The status chip: icon, word and container colour; never tappable."""

import flet as ft

from app.hooks import component, use_look
from app.text import Status
from app.theme import style


@component
def StatusChip(status: Status) -> ft.Control:
    """First in a card, above the title."""
    look = use_look()
    palette = look.palette
    fill, ink = (
        (palette.surface_container_high, palette.on_surface)
        if status.tone == "neutral"
        else (
            getattr(palette, f"{status.tone}_container"),
            getattr(palette, f"on_{status.tone}_container"),
        )
    )
    words = style("label_medium", look.scale, ink)
    words.weight = ft.FontWeight.W_600
    chip = ft.Container(
        ft.Row(
            [
                ft.Icon(status.icon, size=look.icon(18), color=ink),
                ft.Container(ft.Text(status.word, style=words), expand=True, expand_loose=True),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=10, vertical=6),
        border_radius=8,
        bgcolor=fill,
    )
    return ft.Row([ft.Container(chip, expand=True, expand_loose=True)], spacing=0, tight=True)
