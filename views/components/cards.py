"""Cards: flat, 16 radius, a 1 px edge (design guide, section 4)."""

from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.text import _
from views.components.buttons import LinkButton
from views.components.tappable import Handler, Tappable
from views.components.words import Text


@component
def Card(
    *content: ft.Control,
    on_click: Handler | None = None,
    selected: bool = False,
    edge: str | None = None,
    padding: int = 16,
    label: str | None = None,
    button: ft.Ref[Any] | None = None,
) -> ft.Control:
    """A card of stacked controls; the whole card opens what it shows when `on_click` is given.

    `button` is given the pressable card, so that the focus can be put on it.
    """
    palette = use_look().palette
    fill = palette.primary_container if selected else palette.surface_container_low
    side = ft.BorderSide(
        2 if selected else 1, palette.primary if selected else edge or palette.outline_variant
    )
    stacked = ft.Column(list(content), spacing=8, tight=True)
    if on_click is not None:
        pressed = Tappable(
            stacked,
            on_click,
            palette,
            padding=padding,
            bgcolor=fill,
            edge=side,
            tooltip=label,
            alignment=ft.Alignment.TOP_LEFT,
            ref=button,
        )
        return ft.Semantics(selected=True, content=pressed) if selected else pressed
    return ft.Container(
        content=stacked,
        padding=padding,
        border_radius=16,
        bgcolor=fill,
        border=ft.Border.all(side.width, side.color),
        tooltip=label,
    )


@component
def CardList(*rows: ft.Control) -> ft.Control:
    """Rows in one card, parted by hairlines."""
    palette = use_look().palette
    divided: list[ft.Control] = []
    for row in rows:
        if divided:
            divided.append(ft.Divider(height=1, thickness=1, color=palette.outline_variant))
        divided.append(row)
    return ft.Container(
        content=ft.Column(divided, spacing=0, tight=True),
        border_radius=16,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=palette.surface_container_low,
        border=ft.Border.all(1, palette.outline_variant),
    )


@component
def NavigationRow(
    icon: ft.IconData,
    title: str,
    subtitle: str,
    on_click: Handler,
    tone: str = "neutral",
    count: int = 0,
) -> ft.Control:
    """A row that leads somewhere; `count` is a badge of items that need the resident."""
    look = use_look()
    palette = look.palette
    fill, ink = {
        "neutral": (palette.surface_container_high, palette.on_surface),
        "primary": (palette.primary_container, palette.on_primary_container),
        "tertiary": (palette.tertiary_container, palette.on_tertiary_container),
    }[tone]
    mark = ft.Container(
        ft.Icon(icon, size=look.icon(22), color=ink),
        width=44,
        height=44,
        border_radius=12,
        bgcolor=fill,
        alignment=ft.Alignment.CENTER,
    )
    return Tappable(
        ft.Row(
            [
                mark,
                ft.Column(
                    [Text(title, "label"), *([Text(subtitle, "supporting")] if subtitle else [])],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                *([CountBadge(count)] if count else []),
                ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=palette.on_surface_variant),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        on_click,
        palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )


@component
def CountBadge(count: int) -> ft.Control:
    """How many items need the resident."""
    palette = use_look().palette
    return ft.Container(
        ft.Text(str(count), size=13, weight=ft.FontWeight.W_600, color=palette.on_error),
        width=26,
        height=26,
        border_radius=13,
        bgcolor=palette.error,
        alignment=ft.Alignment.CENTER,
    )


@component
def SummaryRow(
    label: str, value: str | ft.Control, edit: Handler | None = None, error: str = ""
) -> ft.Control:
    """A check-your-answers row; "Sửa" returns to its step; `error` names the fix."""
    shown = Text(value) if isinstance(value, str) else value
    wrong = [Text(error, "small_label", ft.Colors.ERROR)] if error else []
    words = ft.Column(
        [Text(label, "small_label"), shown, *wrong], spacing=4, tight=True, expand=True
    )
    return ft.Container(
        padding=ft.Padding.only(left=16, right=8, top=12, bottom=12),
        content=ft.Row(
            [
                words,
                *(
                    [
                        ft.Semantics(
                            label=_("Edit: {what}").format(what=label),
                            content=LinkButton(_("Edit"), edit),
                        )
                    ]
                    if edit
                    else []
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )
