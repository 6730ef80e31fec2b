"""The code that anyone checks a certificate with, as letters, as a link and as a QR code."""

import flet as ft

from app.hooks import component, use_device, use_look
from app.text import _
from app.theme import QR_LIGHT, style
from views.components import Card, LinkButton, Text
from views.components.link_code import draw_link

QR_SIDE = 132
"""The drawn code's side in dp."""


@component
def VerifyCode(code: str, link: str) -> ft.Control:
    """What the resident gives to whoever wants to check: scan, type or open."""
    device, look = use_device(), use_look()

    async def open_page() -> None:
        await device.open_link(link)

    letters = ft.Text(code, style=style("headline_small", look.scale, look.palette.on_surface))
    words = ft.Column(
        [
            Text(_("Checking code"), "title_small"),
            Text(_("Whoever gets it scans the code, or enters:"), "supporting"),
            letters,
        ],
        spacing=4,
        tight=True,
        expand=not look.large_text,
    )
    label = _("QR code of the checking page")
    code_image = ft.Semantics(
        label=label, image=True, container=True, content=LinkCode(link, QR_SIDE)
    )
    parts: list[ft.Control] = [code_image, words]
    together: ft.Control = ft.Row(parts, spacing=16)
    if look.large_text:
        together = ft.Column(parts, spacing=12, tight=True)
    return Card(
        together,
        Text(link, "supporting"),
        LinkButton(_("Open the checking page"), open_page, ft.Icons.OPEN_IN_NEW_ROUNDED),
    )


@component
def _link_code(link: str, side: int) -> ft.Control:
    return ft.Container(
        ft.Image(
            src=draw_link(link),
            width=side,
            height=side,
            filter_quality=ft.FilterQuality.NONE,
            gapless_playback=True,
            exclude_from_semantics=True,
        ),
        padding=8,
        border_radius=12,
        bgcolor=QR_LIGHT,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
    )


LinkCode = ft.memo(_link_code)
