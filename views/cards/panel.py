"""The white panel of the code: holder, code, ring, last day and the number's end (design picture 09)."""

import flet as ft

from app import paths
from app.hooks import component, use_look
from app.text import _, language, show_date, show_second
from app.theme import LIGHT, Look, style
from services.card_code import STEP_SECONDS
from services.card_display import Frame
from services.card_states import Card
from views.cards.states import Explanation, explain_state, no_card
from views.components import OutlineButton, name_of

MODULES = 45
"""Of a code of version 5 with its white margin: 37 and 4 at each side."""

LARGEST_CODE, SMALLEST_CODE = 405, 341
"""Dp with the white margin: the smallest is a code of 280 dp by itself."""


def panel_width(look: Look) -> float:
    """As wide as the page leaves, and never too narrow for the smallest code."""
    return min(max(look.width - 32, SMALLEST_CODE + 3), 440, look.width)


def code_side(look: Look) -> float:
    """The picture's side in dp; whole dp for each module, so that all are as wide, where it fits."""
    room = min(panel_width(look) - 2, LARGEST_CODE)
    return max(room // MODULES * MODULES, min(room, SMALLEST_CODE))


@component
def Panel(frame: Frame, card: Card | None, has_none: bool = False) -> ft.Control:
    """White in both themes: holder, code, ring, last day and the number's end.

    `has_none` is when the city says that the resident holds no card.
    """
    look, explanation = use_look(), no_card() if has_none else explain_state(frame.state)
    above = [_holder(card, look)] if card else []
    if explanation is not None:
        above.append(_why(explanation, look))
    parts: list[ft.Control] = [_inset(above)] if above else []
    below: list[ft.Control] = [Countdown(frame.seconds)] if frame.picture else [BackToWallet()]
    if frame.picture is not None:
        # The picture brings its own white margin.
        parts.append(Code(frame.picture, code_side(look), show_second(frame.ends)))
    parts.append(_inset([*below, *([_ends(card, look)] if card else [])]))
    return ft.Container(
        ft.Column(
            parts,
            spacing=0 if frame.picture is not None else 16,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.symmetric(vertical=16),
        border_radius=20,
        bgcolor="#FFFFFF",
    )


def _inset(parts: list[ft.Control]) -> ft.Control:
    """The code takes the whole width, with its white margin; everything else keeps off the edge."""
    column = ft.Column(
        parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.Container(column, padding=ft.Padding.symmetric(horizontal=20))


@component
def _code(picture: bytes, side: float, until: str) -> ft.Control:
    """A screen reader announces a label that changes, so this one changes with the code alone."""
    return ft.Semantics(
        label=_("QR code of the pass, good until {time}").format(time=until),
        image=True,
        live_region=True,
        content=ft.Row(
            [
                ft.Image(
                    src=picture,
                    width=side,
                    height=side,
                    gapless_playback=True,
                    filter_quality=ft.FilterQuality.NONE,
                    exclude_from_semantics=True,
                )
            ],
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )


Code = ft.memo(_code)


@component
def Countdown(seconds: int) -> ft.Control:
    """A ring that steps once a second; it is not read aloud."""
    look = use_look()
    ring = ft.Stack(
        [
            ft.ProgressRing(
                value=seconds / STEP_SECONDS,
                width=52,
                height=52,
                stroke_width=5,
                color=LIGHT.primary,
                bgcolor=LIGHT.outline_variant,
            ),
            ft.Container(
                ft.Text(str(seconds), style=style("title_medium", 1, LIGHT.on_surface)),
                width=52,
                height=52,
                alignment=ft.Alignment.CENTER,
            ),
        ],
        width=52,
        height=52,
    )
    words = ft.Column(
        [
            _dark(_("New code in {n} seconds").format(n=seconds), "label_large", look),
            _dark(_("Changes by itself, no need to tap"), "body_medium", look),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            ft.Row([ring, words], spacing=14),
            padding=14,
            border_radius=16,
            bgcolor=LIGHT.surface_container,
        ),
    )


@component
def BackToWallet() -> ft.Control:
    """Where the card can be added, renewed or unblocked."""

    async def go() -> None:
        await ft.context.page.push_route(paths.CARDS)

    return OutlineButton(_("Go to my card"), go, palette=LIGHT)


def _holder(card: Card, look: Look) -> ft.Control:
    group = _("Group: {group}").format(group=name_of(card.group_name, language()))
    words = ft.Column(
        [
            _dark(card.holder_name, "title_large", look),
            _dark(name_of(card.product_name, language()), "body_medium", look),
            ft.Container(
                ft.Text(group, style=style("label_medium", look.scale, LIGHT.on_primary_container)),
                padding=ft.Padding.symmetric(horizontal=10, vertical=6),
                border_radius=8,
                bgcolor=LIGHT.primary_container,
            ),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    photo = ft.Container(
        ft.Icon(ft.Icons.PERSON_ROUNDED, size=52, color=LIGHT.outline),
        width=72,
        height=92,
        border_radius=12,
        bgcolor=LIGHT.surface_container_highest,
        alignment=ft.Alignment.CENTER,
    )
    return ft.Row([photo, words], spacing=16)


def _ends(card: Card, look: Look) -> ft.Control:
    number = "•••• " + card.number[-4:]
    return ft.Row(
        [
            ft.Column(
                [
                    _dark(_("Valid until"), "label_medium", look),
                    _dark(show_date(card.valid_until), "title_medium", look),
                ],
                spacing=0,
                tight=True,
            ),
            ft.Column(
                [
                    _dark(_("Card number"), "label_medium", look),
                    _dark(number, "title_medium", look),
                ],
                spacing=0,
                tight=True,
                horizontal_alignment=(
                    ft.CrossAxisAlignment.START if look.large_text else ft.CrossAxisAlignment.END
                ),
            ),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
    )


def _why(explanation: Explanation, look: Look) -> ft.Control:
    words = ft.Column(
        [
            _dark(explanation.phrase, "title_medium", look),
            _dark(explanation.sentence, "body_large", look),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    icon = ft.Icon(explanation.icon, size=look.icon(24), color=LIGHT.on_tertiary_container)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            ft.Row([icon, words], spacing=14, vertical_alignment=ft.CrossAxisAlignment.START),
            padding=14,
            border_radius=16,
            bgcolor=LIGHT.tertiary_container,
        ),
    )


def _dark(words: str, name: str, look: Look) -> ft.Text:
    """Text on the white panel, dark in both themes."""
    return ft.Text(words, style=style(name, look.scale, LIGHT.on_surface))
