"""The code that a gate reads, new every 15 seconds with no request (design picture 09)."""

import asyncio
import math

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, language, show_date, show_time
from app.theme import LIGHT, Look, style
from services.card_code import draw_png
from services.card_states import Card, CardCode, CardState, ClockUntrusted
from services.errors import Offline
from views.cards.states import explain_state
from views.components import ErrorPanel, OutlineButton, Text, name_of

SMALLEST_CODE = 280
STEP_SECONDS = 15


@view
def CardCodeView() -> ft.Control:
    """The code on a white panel in both themes, with what an inspector compares."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    initial: CardState | None = None
    state, set_state = use_state(initial)
    card = use_resource(services.cards.card, revisions.cards)

    async def show() -> None:
        while True:
            now = services.clock.now().timestamp()
            set_state(await services.cards.code_at(now))
            # The next look falls on the next whole second, so a new step shows at its edge.
            await asyncio.sleep(max(0.02, 1.0 - services.clock.now().timestamp() % 1.0))

    use_loop(show)
    renewing = use_action(services.cards.renew)
    ft.use_effect(renewing.run, [], cleanup=lambda: None)
    known = card.value if isinstance(card, Ready) else None
    offline = isinstance(renewing.error, Offline) or (isinstance(card, Ready) and bool(card.as_of))
    panel = Panel(state, known) if state is not None else ft.Container(height=400)
    below = _below(state, offline, look)
    if renewing.error is not None and not isinstance(renewing.error, Offline):
        below.append(ErrorPanel(renewing.error))
    return ft.Container(
        ft.Column(
            [
                _header(look),
                ft.Column(
                    [ft.Container(panel, width=min(look.width - 32, 440)), *below],
                    spacing=12,
                    scroll=ft.ScrollMode.AUTO,
                    expand=True,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
            ],
            spacing=8,
        ),
        bgcolor=look.palette.hero,
        expand=True,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


@component
def Panel(state: CardState, card: Card | None) -> ft.Control:
    """White in both themes: holder, code, ring, last day and the number's end."""
    look, explanation = use_look(), explain_state(state)
    code = state.code if isinstance(state, ClockUntrusted) else state
    parts: list[ft.Control] = [_holder(card, look)] if card else []
    if explanation is not None:
        parts.append(_why(explanation.phrase, explanation.sentence, look))
    if isinstance(code, CardCode):
        parts += [Code(code.text), Countdown(math.ceil(code.seconds_left))]
    else:
        parts.append(BackToWallet())
    if card:
        parts.append(_ends(card, look))
    return ft.Container(
        ft.Column(
            parts, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        padding=20,
        border_radius=20,
        bgcolor="#FFFFFF",
    )


@component
def _code(text: str) -> ft.Control:
    return ft.Semantics(
        label=_("QR code of the pass"),
        image=True,
        live_region=True,
        content=ft.Row(
            [
                ft.Image(
                    src=draw_png(text),
                    width=SMALLEST_CODE + 20,
                    height=SMALLEST_CODE + 20,
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

    return OutlineButton(_("Go to my card"), go)


def _header(look: Look) -> ft.Control:
    async def close() -> None:
        await ft.context.page.push_route(paths.CARDS)

    title = ft.Semantics(
        heading_level=1,
        header=True,
        content=ft.Text(
            _("Bus and metro pass"),
            style=style("title_large", min(look.scale, 1.35), look.palette.on_hero),
        ),
    )
    button = ft.IconButton(
        ft.Icon(ft.Icons.CLOSE_ROUNDED, semantics_label=_("Close"), color=look.palette.on_hero),
        on_click=close,
    )
    return ft.Row([button, ft.Container(title, expand=True)], spacing=8)


def _holder(card: Card, look: Look) -> ft.Control:
    group = _("Group: {group}").format(group=name_of(card.group_name, language()))
    words = ft.Column(
        [
            _dark(card.holder_name, "title_large", look),
            _dark(name_of(card.product_name, language()), "body_medium", look),
            ft.Row(
                [
                    ft.Container(
                        ft.Text(
                            group,
                            style=style("label_medium", look.scale, LIGHT.on_primary_container),
                        ),
                        padding=ft.Padding.symmetric(horizontal=10, vertical=6),
                        border_radius=8,
                        bgcolor=LIGHT.primary_container,
                    )
                ],
                tight=True,
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
                horizontal_alignment=ft.CrossAxisAlignment.END,
            ),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
    )


def _why(phrase: str, sentence: str, look: Look) -> ft.Control:
    return ft.Semantics(
        live_region=True,
        content=ft.Container(
            ft.Column(
                [_dark(phrase, "title_medium", look), _dark(sentence, "body_large", look)],
                spacing=4,
                tight=True,
            ),
            padding=14,
            border_radius=16,
            bgcolor=LIGHT.tertiary_container,
        ),
    )


def _below(state: CardState | None, offline: bool, look: Look) -> list[ft.Control]:
    ink = look.palette.on_hero
    lines: list[tuple[ft.IconData, str]] = []
    if isinstance(state, CardCode):
        if offline:
            until = _("Offline · code works until {time}").format(time=show_time(state.expires))
            lines.append((ft.Icons.CLOUD_OFF_ROUNDED, until))
        lines.append((ft.Icons.NO_PHOTOGRAPHY_OUTLINED, _("Screenshots will not scan.")))
        lines.append((ft.Icons.BRIGHTNESS_HIGH_ROUNDED, _("Turn the brightness up for the gate.")))
        if ft.context.page.web:
            lines.append(
                (ft.Icons.DNS_OUTLINED, _("Made on the app's server: keep the connection."))
            )
    return [
        ft.Container(
            ft.Row(
                [
                    ft.Icon(icon, size=look.icon(22), color=ink),
                    ft.Container(Text(words, "body", ink), expand=True),
                ],
                spacing=12,
            ),
            width=min(look.width - 32, 440),
            padding=ft.Padding.symmetric(horizontal=12),
        )
        for icon, words in lines
    ]


def _dark(words: str, name: str, look: Look) -> ft.Text:
    """Text on the white panel, dark in both themes."""
    return ft.Text(words, style=style(name, look.scale, LIGHT.on_surface))
