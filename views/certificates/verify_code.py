"""The code that anyone checks a certificate with, as letters, as a link and as a QR code."""

import io

import flet as ft
import qrcode
from PIL import Image

from app.hooks import component, use_device, use_look
from app.text import _
from app.theme import QR_DARK, QR_LIGHT, style
from views.components import Card, LinkButton, Text

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
    code_image = ft.Semantics(label=label, image=True, container=True, content=LinkCode(link))
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
def _link_code(link: str) -> ft.Control:
    return ft.Container(
        ft.Image(
            src=draw_link(link),
            width=QR_SIDE,
            height=QR_SIDE,
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


def draw_link(link: str) -> bytes:
    """A PNG of a QR code with a margin of four modules, dark on white in both themes."""
    drawing = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, mask_pattern=0)
    drawing.add_data(link, optimize=0)
    drawing.make(fit=True)
    modules = drawing.get_matrix()
    side = len(modules)
    picture = Image.frombytes("P", (side, side), bytes(dark for row in modules for dark in row))
    picture.putpalette([*bytes.fromhex(QR_LIGHT[1:]), *bytes.fromhex(QR_DARK[1:])])
    file = io.BytesIO()
    picture.resize((side * 8, side * 8), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
