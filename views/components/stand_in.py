"""The box that stands for something hidden (design pictures 19a, d4): an eye struck through, and what is hidden."""

import flet as ft

from app.hooks import component, use_look
from app.text import _
from app.theme import style


@component
def StandInBox(words: str) -> ft.Control:
    """Reads `đã ẩn {words}` to a screen reader."""
    look = use_look()
    palette = look.palette
    inside = ft.Row(
        [
            ft.Icon(
                ft.Icons.VISIBILITY_OFF_OUTLINED,
                size=look.icon(18),
                color=palette.on_surface_variant,
            ),
            ft.Container(
                ft.Text(words, style=style("body_medium", look.scale, palette.on_surface)),
                expand=True,
                expand_loose=True,
            ),
        ],
        spacing=6,
        tight=True,
    )
    box = ft.Container(
        inside,
        padding=ft.Padding.symmetric(horizontal=8, vertical=3),
        border_radius=6,
        bgcolor=palette.surface_container_high,
        border=ft.Border.all(1, palette.outline),
    )
    spoken = _("hidden: {what}").format(what=words)
    return ft.Semantics(label=spoken, exclude_semantics=True, content=box)


def stand_in_word(name: str) -> str:
    """`Họ tên 1` for a stand-in named `name 1`."""
    kind, _blank, number = name.partition(" ")
    words = {
        "name": _("Person’s name"),
        "words": _("Words"),
        "reference": _("Reference"),
        "id_number": _("Identity number"),
        "phone": _("Phone number"),
        "plate": _("Number plate"),
        "email": _("Email address"),
        "address": _("Address"),
        "opaque": _("Key"),
        "date": _("Date"),
        "birthdate": _("Date of birth"),
    }
    return " ".join(part for part in (words.get(kind, _("Hidden")), number) if part)
