"""In-page notes: icon, bold first phrase, one sentence (design guide, section 6)."""

import flet as ft

from app.hooks import component, use_look
from app.theme import style

ICONS = {
    "tertiary": ft.Icons.CLOUD_OFF_ROUNDED,
    "primary": ft.Icons.CHECK_CIRCLE_ROUNDED,
    "error": ft.Icons.ERROR_ROUNDED,
    "lotus": ft.Icons.EDIT_NOTE_ROUNDED,
    "neutral": ft.Icons.INFO_OUTLINE_ROUNDED,
}


@component
def Note(
    phrase: str,
    sentence: str = "",
    tone: str = "neutral",
    icon: ft.IconData | None = None,
    action: ft.Control | None = None,
    live: bool = False,
    strip: bool = False,
) -> ft.Control:
    """Tones: tertiary offline or waiting, primary reassurance, error, lotus, neutral.

    `live` announces it once; `strip` draws it across the page under the app bar.
    """
    look = use_look()
    palette = look.palette
    fill, ink = (
        (palette.surface_container_high, palette.on_surface)
        if tone == "neutral"
        else (getattr(palette, f"{tone}_container"), getattr(palette, f"on_{tone}_container"))
    )
    spans = [ft.TextSpan(phrase, style=ft.TextStyle(weight=ft.FontWeight.W_700))]
    if sentence:
        spans.append(ft.TextSpan(" " + sentence))
    body = ft.Text(spans=spans, style=style("body_large", look.scale, ink), expand=True)
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Icon(icon or ICONS[tone], size=look.icon(24), color=ink), body],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    ]
    if action is not None:
        # Not in a row: a long label has to wrap.
        rows.append(ft.Container(action, alignment=ft.Alignment.CENTER_RIGHT))
    return ft.Semantics(
        live_region=live,
        container=True,
        content=ft.Container(
            ft.Column(rows, spacing=4, tight=True),
            padding=ft.Padding.symmetric(horizontal=16, vertical=14),
            border_radius=0 if strip else 16,
            bgcolor=fill,
        ),
    )
