"""What stands where nothing is yet."""

import flet as ft

from app.hooks import component, use_look
from views.components.words import Text


@component
def EmptyState(
    icon: ft.IconData, title: str, sentence: str = "", *actions: ft.Control
) -> ft.Control:
    """A picture, one line, one sentence and what the resident can do about it."""
    palette = use_look().palette
    mark = ft.Container(
        ft.Icon(icon, size=36, color=palette.on_primary_container),
        width=72,
        height=72,
        border_radius=20,
        bgcolor=palette.primary_container,
        alignment=ft.Alignment.CENTER,
    )
    words = [Text(title, "title", align=ft.TextAlign.CENTER)]
    if sentence:
        words.append(Text(sentence, "supporting", align=ft.TextAlign.CENTER))
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=40, horizontal=16),
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            [mark, *words, *actions],
            spacing=16,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )
