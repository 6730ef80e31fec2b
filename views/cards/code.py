"""The code that a gate reads, new every 15 seconds with no request (design picture 09)."""

from datetime import UTC, datetime
from typing import Any

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
from app.text import _, local, show_moment, show_time
from app.theme import DARK, TARGET, Look, style
from services.card_display import CardDisplay, Frame
from services.card_states import CardCode
from services.errors import Offline
from views.cards.panel import Panel, panel_width
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
    use_news_of(frame)
    known = card.value if isinstance(card, Ready) else None
    has_none = isinstance(card, Ready) and card.value is None
    # Asked each second, with each frame: the network may go while the code is open.
    offline = isinstance(card, Ready) and not services.cards.reachable
    panel = Panel(frame, known, has_none) if frame is not None else ft.Container(height=400)
    below = _below(frame, offline, bright, look)
    if known is not None and frame is not None and frame.picture is not None:
        below.append(ScannerFails(known.number))
    if renewing.error is not None and not isinstance(renewing.error, Offline):
        below.append(ErrorPanel(renewing.error))
    shown = ft.Container(panel, width=panel_width(look))
    return ft.Container(
        ft.Column(
            [
                ft.Container(_header(bright, look), padding=ft.Padding.symmetric(horizontal=8)),
                _beside(shown, below)
                if look.expanded and not look.large_text
                else ft.Column([shown, *below], spacing=6, **_scrolled()),
            ],
            spacing=4,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=_ground(look),
        expand=True,
        padding=ft.Padding.only(top=8, bottom=4),
    )


def _beside(panel: ft.Control, below: list[ft.Control]) -> ft.Control:
    """On a desktop what belongs to the code stands beside it: the window is too low for both."""
    row = ft.Row(
        [panel, ft.Column(below, spacing=12, tight=True)],
        spacing=32,
        tight=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Column([row], **_scrolled())


def _scrolled() -> dict[str, Any]:
    return {
        "scroll": ft.ScrollMode.AUTO,
        "expand": True,
        "horizontal_alignment": ft.CrossAxisAlignment.CENTER,
    }


def use_news_of(frame: Frame | None) -> None:
    """Let the wallet and home ask again when the card stops showing a code, or shows one again."""
    revisions = use_revisions()
    kind = "" if frame is None else type(frame.state).__name__
    shown = ft.use_ref(CardCode.__name__)

    def tell() -> None:
        if kind and kind != shown.current:
            shown.current = kind
            revisions.cards += 1

    ft.use_effect(tell, [kind])


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
    ink = _ink(look)

    def toggle() -> None:
        set_shown(lambda v: not v)

    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    words = ft.Semantics(
        live_region=True,
        content=Text(_("Card number {number}").format(number=grouped), "title_small", ink),
    )
    question = Text(_("The scanner does not read it?"), "label", ink)
    button = Tappable(
        ft.Row(
            [
                ft.Icon(ft.Icons.HELP_OUTLINE_ROUNDED, size=look.icon(24), color=ink),
                ft.Container(question, expand=True) if look.large_text else question,
            ],
            spacing=12,
            tight=not look.large_text,
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


def _ground(look: Look) -> str:
    """Jade in the light theme, the page itself in the dark one: only the panel shines."""
    return look.palette.surface if look.palette == DARK else look.palette.hero


def _ink(look: Look) -> str:
    return look.palette.on_surface if look.palette == DARK else look.palette.on_hero


def _header(bright: bool, look: Look) -> ft.Control:
    ink = _ink(look)

    async def close() -> None:
        await ft.context.page.push_route(paths.CARDS)

    title = ft.Semantics(
        heading_level=1,
        header=True,
        content=ft.Text(
            _("Bus and metro pass"),
            style=style("title_large", min(look.scale, 1.35), ink),
        ),
    )
    button = ft.IconButton(
        ft.Icon(ft.Icons.CLOSE_ROUNDED, semantics_label=_("Close"), color=ink),
        width=TARGET,
        height=TARGET,
        style=ft.ButtonStyle(
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(3, ink),
                ft.ControlState.DEFAULT: ft.BorderSide(0, ft.Colors.TRANSPARENT),
            }
        ),
        on_click=close,
    )
    parts: list[ft.Control] = [button, ft.Container(title, expand=True)]
    if bright and not look.large_text:
        icon = ft.Icon(ft.Icons.BRIGHTNESS_HIGH_ROUNDED, size=20, color=ink)
        parts += [icon, Text(_("Brightest"), "supporting", ink)]
    return ft.Row(parts, spacing=8)


def _below(frame: Frame | None, offline: bool, bright: bool, look: Look) -> list[ft.Control]:
    lines: list[tuple[ft.IconData, str]] = []
    state = frame.state if frame is not None else None
    if isinstance(state, CardCode):
        lines.append((ft.Icons.NO_PHOTOGRAPHY_OUTLINED, _("Screenshots will not scan.")))
        if not bright:
            words = _("Turn the brightness up for the gate.")
            lines.append((ft.Icons.BRIGHTNESS_HIGH_ROUNDED, words))
        elif look.large_text:
            lines.append((ft.Icons.BRIGHTNESS_HIGH_ROUNDED, _("Brightest")))
        if ft.context.page.web:
            lines.append(
                (ft.Icons.DNS_OUTLINED, _("Made on the app's server: keep the connection."))
            )
    rows: list[ft.Control] = [_line(icon, words, look) for icon, words in lines]
    if offline and isinstance(state, CardCode):
        until = show_moment(state.expires)
        if local(state.expires).date() == local(datetime.now(UTC)).date():
            until = show_time(state.expires)
        words = _("Offline · code works until {time}").format(time=until)
        badge = _line(ft.Icons.CLOUD_OFF_ROUNDED, words, look)
        badge.border = ft.Border.all(1, _ink(look))
        badge.border_radius = 16
        badge.padding = ft.Padding.symmetric(horizontal=12, vertical=6)
        rows.insert(0, badge)
    return rows


def _line(icon: ft.IconData, words: str, look: Look) -> ft.Container:
    ink = _ink(look)
    return ft.Container(
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
