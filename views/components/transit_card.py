"""The transit card as it lies in the wallet and on home (design pictures 02 and 08)."""

from dataclasses import replace

import flet as ft

from app.hooks import component, use_look
from app.text import _, language, show_date
from app.theme import DARK, QR_DARK, QR_LIGHT, Look, style
from services.card_states import Card
from views.components.tappable import Handler, Tappable


@component
def TransitCard(card: Card, open_code: Handler, small: bool = False) -> ft.Control:
    """A jade card with the product, its holder and last day, and the way to the code.

    One that opens no gate today is grey, without that way, and says why.
    """
    look = use_look()
    picture = "images/card-dark.svg" if look.palette == DARK else "images/card.svg"
    active, palette = card.state == "active", look.palette
    if not active:
        grey = palette.on_surface_variant
        look = replace(look, palette=replace(palette, on_hero=grey, on_hero_variant=grey))
    inside = _small(card, open_code, look) if small else _large(card, open_code, look)
    behind = ft.Image(src=picture, fit=ft.BoxFit.COVER, left=0, right=0, top=0, bottom=0)
    return ft.Container(
        ft.Stack([*([behind] if active else []), ft.Container(inside, padding=20)]),
        border_radius=20,
        bgcolor=palette.hero if active else palette.surface_container_highest,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def name_of(names: object, code: str) -> str:
    """The name in the session's language out of `{vi, en}`; the Vietnamese one else."""
    found = names if isinstance(names, dict) else {}
    return str(found.get(code) or found.get("vi") or "")


def _small(card: Card, open_code: Handler, look: Look) -> ft.Control:
    button = Tappable(
        ft.Column(
            [
                ft.Icon(ft.Icons.QR_CODE_2_ROUNDED, size=look.icon(36), color=QR_DARK),
                ft.Text(_("Show code"), style=style("label_medium", look.scale, QR_DARK)),
            ],
            spacing=4,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        open_code,
        look.palette,
        padding=14,
        bgcolor=QR_LIGHT,
        ring_color=look.palette.on_hero,
    )
    words = ft.Column(
        [_icons(look), _product(card, look), _until(card, look)], spacing=6, tight=True
    )
    if card.state != "active":
        return words
    if look.large_text:
        return ft.Column([words, button], spacing=12, tight=True)
    return ft.Row([ft.Container(words, expand=True), button], spacing=12)


def _large(card: Card, open_code: Handler, look: Look) -> ft.Control:
    palette = look.palette
    kind = ft.Text(
        _("Bus and metro pass"), style=style("label_large", look.scale, palette.on_hero_variant)
    )
    holder = f"{card.holder_name} · {name_of(card.group_name, language())}"
    button = ft.FilledButton(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.QR_CODE_2_ROUNDED, size=look.icon(24), color=QR_DARK),
                ft.Text(
                    _("Open the QR code"),
                    style=style("label_large", look.scale, QR_DARK),
                    # Large English words take two lines.
                    expand=True,
                    expand_loose=True,
                ),
            ],
            spacing=10,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        height=max(52, 48 * look.scale),
        style=ft.ButtonStyle(
            bgcolor=QR_LIGHT,
            shape=ft.StadiumBorder(),
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(3, palette.on_hero, stroke_align=3),
                ft.ControlState.DEFAULT: ft.BorderSide(0, ft.Colors.TRANSPARENT),
            },
        ),
        on_click=open_code,
    )
    foot = ft.Row(
        [_until(card, look), *([button] if card.state == "active" else [])],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.END,
        run_spacing=12,
    )
    return ft.Column(
        [
            ft.Row([_icons(look), kind], wrap=True, spacing=12),
            _product(card, look),
            ft.Text(holder, style=style("body_medium", look.scale, palette.on_hero_variant)),
            # By itself a wrapping row is only as wide as its content.
            ft.Row([ft.Container(foot, expand=True)]),
        ],
        spacing=8,
        tight=True,
    )


def _icons(look: Look) -> ft.Control:
    color = look.palette.on_hero_variant
    return ft.Row(
        [
            ft.Icon(ft.Icons.DIRECTIONS_BUS_ROUNDED, size=look.icon(24), color=color),
            ft.Icon(ft.Icons.TRAM_ROUNDED, size=look.icon(24), color=color),
        ],
        spacing=12,
        tight=True,
    )


def _product(card: Card, look: Look) -> ft.Control:
    name = name_of(card.product_name, language())
    return ft.Text(name, style=style("title_large", look.scale, look.palette.on_hero))


def _until(card: Card, look: Look) -> ft.Control:
    words = {
        "expired": _("Expired on {date}"),
        "not_yet_valid": _("Begins on {date}"),
        "blocked": _("Blocked · valid until {date}"),
    }.get(card.state, _("Valid until {date}"))
    day = card.valid_from if card.state == "not_yet_valid" else card.valid_until
    shown = words.format(date=show_date(day))
    return ft.Text(shown, style=style("body_medium", look.scale, look.palette.on_hero_variant))
