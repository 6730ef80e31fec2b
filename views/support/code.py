"""A code to be read over the phone, large and spelled out, with a way to copy it."""

import flet as ft

from app.hooks import component, use_action, use_device, use_look, use_state
from app.text import _
from app.theme import style
from views.components import ErrorPanel, LinkButton, Note, Text
from views.support.words import spelled


@component
def CodeCard(code: str) -> ft.Control:
    """`HT-4K7P-29`, `H T · bốn K bảy P · hai chín`, "Sao chép mã"."""
    look, device = use_look(), use_device()
    copied, set_copied = use_state(False)

    async def copy() -> None:
        await device.copy_text(code)
        set_copied(True)

    copying = use_action(copy)
    # A code in two lines would be read as two.
    large = ft.Text(
        code,
        style=style(
            "display_large", min(look.scale, 1.0) * _fit(look.width), look.palette.on_surface
        ),
        no_wrap=True,
        text_align=ft.TextAlign.CENTER,
    )
    spoken = _("Support code: {spelled}.").format(spelled=spelled(code).replace(" ·", ","))
    parts: list[ft.Control] = [
        Text(_("Support code"), "small_label", look.palette.on_surface_variant),
        ft.Semantics(label=spoken, exclude_semantics=True, content=large),
        Text(spelled(code), "supporting", align=ft.TextAlign.CENTER),
        LinkButton(_("Copy the code"), copying, ft.Icons.CONTENT_COPY_ROUNDED),
    ]
    parts += [ErrorPanel(copying.error)] if copying.error else []
    parts += [Note(_("The code was copied."), tone="primary", live=True)] if copied else []
    return ft.Container(
        ft.Column(
            parts,
            spacing=6,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=20,
        border_radius=20,
        alignment=ft.Alignment.CENTER,
        bgcolor=look.palette.surface_container_low,
        border=ft.Border.all(1, look.palette.outline_variant),
    )


def _fit(width: float) -> float:
    """How much of the display size fits a narrow screen in one line."""
    return min(1.0, max(0.6, (width - 72) / 300))
