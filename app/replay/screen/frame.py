"""The replay's whole page: who watches what, the steps, the screen, the requests, the bar at the foot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.hooks import Loading, Ready, component, use_action, use_look, use_resource, use_state, view
from app.replay.exchanges import exchanges_of
from app.replay.lines import Line, lines_of, merged
from app.replay.loop import ReplayTooLong
from app.replay.opened import Opened
from app.replay.performing import Performance, perform
from app.replay.screen.phone import ReplayedPhone
from app.replay.screen.playing import Player, use_player
from app.replay.screen.requests import RequestList
from app.replay.screen.scrubber import Scrubber
from app.replay.screen.steps import StepList
from app.replay.screen.top import Difference, Notice, Top, differs
from app.text import _
from services.errors import Rejected
from views.components import ErrorPanel, MainButton, Note, OutlineButton, Text

STEPS_WIDTH, PHONE_WIDTH = 340.0, 330.0
ABOVE_AND_BELOW, STRIP_BELOW = 236.0, 52.0
"""The height in dp that is not the replayed screen's on a desktop; and of a strip, where it differs."""
PANES_FROM = 1000.0


@ft.observable
@dataclass
class Window:
    """The viewer's own window, in dp."""

    width: float = 1280.0
    height: float = 800.0


@view
def ReplayScreen(opened: Opened, window: Window) -> ft.Control:
    """Performs the bundle, says how far that has come, then shows it."""
    done, set_done = use_state((0, 0))
    resource = use_resource(partial(performed, opened, set_done))
    if isinstance(resource, Loading):
        return _waiting(*done)
    if isinstance(resource, Ready):
        return Watching(opened, resource.value, window)
    return ft.Container(ErrorPanel(resource.error, resource.retry), padding=32)


async def performed(opened: Opened, told: Callable[[tuple[int, int]], None]) -> Performance:
    """Perform beside the loop that serves everybody else. Raises Rejected(`replay_too_long`)."""
    loop = asyncio.get_running_loop()

    def tell(done: int, of: int) -> None:
        loop.call_soon_threadsafe(told, (done, of))

    try:
        return await asyncio.to_thread(perform, opened.bundle, tell)
    except ReplayTooLong:
        raise Rejected("replay_too_long") from None


@component
def Watching(opened: Opened, performance: Performance, window: Window) -> ft.Control:
    """A performance, from the step that failed first or else from its beginning."""
    look = use_look()
    lines = lines_of(performance)
    failed = next((n for n, line in enumerate(lines) if line.failed), 0)
    player = use_player(lines, failed)
    if not lines:
        return ft.Column([Top(opened), Note(_("This bundle holds no steps."))])
    top: list[ft.Control] = [Top(opened), Notice(), Difference(performance)]
    scrubber = Scrubber(player, lines, _length(performance))
    if window.width < PANES_FROM or look.large_text:
        return _stacked(opened, performance, lines, player, top, scrubber, window)
    return ft.Column(
        [*top, _panes(opened, performance, lines, player, window), scrubber],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _panes(
    opened: Opened, performance: Performance, lines: list[Line], player: Player, window: Window
) -> ft.Control:
    small = merged(performance, lines)
    steps = StepList(lines, player.place, small, player.go, True)
    strip = STRIP_BELOW if differs(performance) else 0.0
    height = max(240.0, window.height - ABOVE_AND_BELOW - strip)
    width = min(PHONE_WIDTH, window.width * 0.3) if _upright(performance) else window.width * 0.42
    return ft.Row(
        [
            ft.Container(steps, width=STEPS_WIDTH, padding=16),
            ft.VerticalDivider(width=1),
            ft.Container(
                _phone(performance, lines, player, width, height),
                padding=16,
                alignment=ft.Alignment.TOP_CENTER,
            ),
            ft.Container(
                _requests(opened, performance, lines, player, scroll=True), expand=True, padding=16
            ),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _stacked(
    opened: Opened,
    performance: Performance,
    lines: list[Line],
    player: Player,
    top: list[ft.Control],
    scrubber: ft.Control,
    window: Window,
) -> ft.Control:
    """One below the other: a phone in somebody's hand, or large text."""
    small = merged(performance, lines)
    wide = max(240.0, window.width - 32)
    parts = [
        ft.Row(
            [_phone(performance, lines, player, wide, 720.0)], alignment=ft.MainAxisAlignment.CENTER
        ),
        StepList(lines, player.place, small, player.go, False),
        _requests(opened, performance, lines, player, scroll=False),
    ]
    inside = [ft.Container(part, padding=16) for part in parts]
    return ft.Column(
        [
            ft.Column([*top, *inside], spacing=0, scroll=ft.ScrollMode.AUTO, expand=True),
            scrubber,
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _phone(
    performance: Performance, lines: list[Line], player: Player, width: float, height: float
) -> ft.Control:
    scene = performance.scenes[lines[player.place].last]
    return ReplayedPhone(scene.picture, width, height)


def _requests(
    opened: Opened, performance: Performance, lines: list[Line], player: Player, *, scroll: bool
) -> ft.Control:
    step = performance.scenes[lines[player.place].last].step.number
    requests = RequestList(exchanges_of(performance.bundle), step, scroll)
    return ft.Column(
        [requests, Onward(opened)],
        spacing=12,
        expand=scroll,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def Onward(opened: Opened) -> ft.Control:
    """What staff do next: answer, hand on; a developer makes a test of it."""
    made, set_made = use_state("")

    async def open_case() -> None:
        await ft.UrlLauncher().launch_url(opened.case, web_only_window_name="_self")

    async def make() -> None:
        if opened.make_test is not None:
            set_made(await opened.make_test())

    making = use_action(make)
    buttons: list[ft.Control] = []
    if opened.case:
        buttons.append(MainButton(_("Answer the resident"), open_case, ft.Icons.REPLY_ROUNDED))
        buttons.append(OutlineButton(_("Hand to engineers"), open_case, ft.Icons.SHORTCUT_ROUNDED))
    if opened.make_test is not None:
        buttons.append(OutlineButton(_("Make a test"), making, ft.Icons.SCIENCE_OUTLINED))
    parts: list[ft.Control] = [ft.Row(buttons, spacing=12, run_spacing=8, wrap=True)]
    if made:
        parts.append(Note(_("The test was written:"), made, "primary", live=True))
    if making.error is not None:
        parts.append(ErrorPanel(making.error))
    return ft.Column(parts, spacing=8, tight=True)


def _waiting(done: int, of: int) -> ft.Control:
    said = _("Building the replay: step {n} of {total}").format(n=done, total=of or "…")
    bar = ft.ProgressBar(value=done / of if of else None, semantics_label=said)
    return ft.Container(
        ft.Column(
            [ft.Semantics(live_region=True, content=Text(said, "title_small")), bar], spacing=12
        ),
        padding=32,
    )


def _length(performance: Performance) -> float:
    manifest = performance.bundle.manifest
    return (manifest.ended - manifest.started).total_seconds()


def _upright(performance: Performance) -> bool:
    picture = performance.scenes[0].picture
    return picture.height >= picture.width
