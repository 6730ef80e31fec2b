"""The code that a gate reads, new every 15 seconds with no request (design picture 09)."""

import asyncio

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, show_time
from app.theme import TARGET, Look, style
from services.card_states import CardCode, CardState
from services.errors import Offline
from views.cards.panel import Panel
from views.components import ErrorPanel, Text


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
    has_none = isinstance(card, Ready) and card.value is None
    offline = isinstance(renewing.error, Offline) or (isinstance(card, Ready) and bool(card.as_of))
    panel = Panel(state, known, has_none) if state is not None else ft.Container(height=400)
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
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=look.palette.hero,
        expand=True,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


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
        width=TARGET,
        height=TARGET,
        style=ft.ButtonStyle(
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(3, look.palette.on_hero),
                ft.ControlState.DEFAULT: ft.BorderSide(0, ft.Colors.TRANSPARENT),
            }
        ),
        on_click=close,
    )
    return ft.Row([button, ft.Container(title, expand=True)], spacing=8)


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
