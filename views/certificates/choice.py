"""One of a few choices as a card with its mark: a form, a person, a way of delivery."""

import flet as ft

from app.hooks import component, use_look
from views.components import Tappable, Text
from views.components.tappable import Handler


@component
def ChoiceCard(
    title: str,
    sentences: tuple[str, ...],
    chosen: bool,
    choose: Handler | None,
    note: str = "",
) -> ft.Control:
    """A choice to press; without `choose` it only says what there is, as when there is one alone.

    `note` says why it cannot be chosen.
    """
    look = use_look()
    palette = look.palette
    icons = ft.Icons
    icon = icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    color = palette.primary if chosen or choose else palette.on_surface_variant
    first, *others = sentences or ("",)
    words = ft.Column(
        [
            Text(title, "title_small"),
            *([Text(first)] if first else []),
            *[Text(one, "supporting") for one in others],
            *([Text(note, "supporting", palette.tertiary)] if note else []),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    row = ft.Row(
        [ft.Icon(icon, size=look.icon(24), color=color), words],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    edge = ft.BorderSide(2 if chosen else 1, palette.primary if chosen else palette.outline)
    if choose is None:
        return ft.Container(
            row,
            padding=16,
            border_radius=16,
            bgcolor=palette.surface_container_low,
            border=ft.Border.all(edge.width, edge.color),
        )
    pressed = Tappable(
        row,
        choose,
        palette,
        radius=16,
        padding=16,
        bgcolor=palette.surface_container_low,
        edge=edge,
        alignment=ft.Alignment.TOP_LEFT,
    )
    return ft.Semantics(checked=chosen, content=pressed)
