"""The code that a gate reads, new every 15 seconds with no request (design picture 09)."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
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
from services.card_display import CardDisplay, Frame
from services.card_states import CardCode
from services.errors import Offline
from views.cards.panel import Panel
from views.components import ErrorPanel, Tappable, Text


@view
def CardCodeView() -> ft.Control:
    """The code on a white panel in both themes, with what an inspector compares."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    nothing: Frame | None = None
    frame, set_frame = use_state(nothing)
    card = use_resource(services.cards.card, revisions.cards)
    bright = use_bright_screen()

    async def show() -> None:
        async for each in CardDisplay(services.cards, services.clock).frames():
            set_frame(each)

    use_loop(show)
    renewing = use_action(services.cards.renew)
    ft.use_effect(renewing.run, [], cleanup=lambda: None)
    known = card.value if isinstance(card, Ready) else None
    has_none = isinstance(card, Ready) and card.value is None
    offline = isinstance(renewing.error, Offline) or (isinstance(card, Ready) and bool(card.as_of))
    panel = Panel(frame, known, has_none) if frame is not None else ft.Container(height=400)
    below = _below(frame, offline, bright, look)
    if known is not None and frame is not None and frame.picture is not None:
        below.append(ScannerFails(known.number))
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


def use_bright_screen() -> bool:
    """Raise the brightness and keep the screen awake while this is open; whether it is raised."""
    device, page = use_device(), ft.context.page
    raised, set_raised = use_state(False)

    async def brighten() -> None:
        await device.keep_awake(True)
        set_raised(await device.brighten())

    async def put_back() -> None:
        await device.keep_awake(False)
        await device.restore_brightness()

    def leave() -> None:
        page.run_task(put_back)

    ft.use_effect(brighten, [], cleanup=leave)
    return raised


@component
def ScannerFails(number: str) -> ft.Control:
    """The whole card number, for an inspector to type when no scanner reads the code."""
    look = use_look()
    shown, set_shown = use_state(False)
    ink = look.palette.on_hero

    def toggle() -> None:
        set_shown(lambda v: not v)

    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    words = ft.Semantics(
        live_region=True,
        content=Text(_("Card number {number}").format(number=grouped), "title_small", ink),
    )
    button = Tappable(
        ft.Row(
            [
                ft.Icon(ft.Icons.HELP_OUTLINE_ROUNDED, size=look.icon(24), color=ink),
                Text(_("The scanner does not read it?"), "label", ink),
            ],
            spacing=12,
            tight=True,
        ),
        toggle,
        look.palette,
        padding=12,
        ring_color=ink,
    )
    return ft.Column(
        [button, *([words] if shown else [])],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
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


def _below(frame: Frame | None, offline: bool, bright: bool, look: Look) -> list[ft.Control]:
    ink = look.palette.on_hero
    lines: list[tuple[ft.IconData, str]] = []
    state = frame.state if frame is not None else None
    if isinstance(state, CardCode):
        if offline:
            until = _("Offline · code works until {time}").format(time=show_time(state.expires))
            lines.append((ft.Icons.CLOUD_OFF_ROUNDED, until))
        lines.append((ft.Icons.NO_PHOTOGRAPHY_OUTLINED, _("Screenshots will not scan.")))
        brightness = _("Brightest") if bright else _("Turn the brightness up for the gate.")
        lines.append((ft.Icons.BRIGHTNESS_HIGH_ROUNDED, brightness))
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
