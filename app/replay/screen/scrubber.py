"""The bar at the foot: back, play, on, the steps as ticks, the time, the pace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.replay.lines import Line
from app.replay.screen.playing import Player, next_error
from app.text import _
from views.components import IconAction, Tappable, Text

PLAY = 56


@component
def Scrubber(player: Player, lines: Sequence[Line], ended: float) -> ft.Control:
    """`ended` is the recording's length in seconds."""
    look = use_look()
    palette = look.palette
    where = _("Step {n} of {total}").format(n=player.place + 1, total=len(lines))
    at = lines[player.place].at if lines else 0.0
    clock = f"{show_length(at)} / {show_length(ended)}"
    buttons: list[ft.Control] = [
        _to(player, player.place - 1, ft.Icons.SKIP_PREVIOUS_ROUNDED, _("Step back")),
        _play(player, palette.primary, palette.on_primary),
        _to(player, player.place + 1, ft.Icons.SKIP_NEXT_ROUNDED, _("Step forward")),
    ]
    error = next_error(lines, player.place)
    if error is not None:
        buttons.append(_to(player, error, ft.Icons.ERROR_OUTLINE_ROUNDED, _("To the next error")))
    spoken = _("Replay, {where}: {what}").format(where=where, what=lines[player.place].title)
    told = ft.Semantics(
        live_region=True, label=spoken, exclude_semantics=True, content=Text(where, "label")
    )
    pace = Tappable(
        Text(f"{player.speed}×", "label"),
        player.faster,
        palette,
        radius=8,
        padding=12,
        edge=ft.BorderSide(1, palette.outline),
        tooltip=_("Pace"),
    )
    parts = [ft.Row(buttons, spacing=4, tight=True), told]
    slider = _slider(player, lines, where)
    foot = [Text(clock, "supporting"), pace]
    narrow = look.width < 1000 or look.large_text
    row: ft.Control
    if narrow:
        row = ft.Column([ft.Row([*parts, *foot], wrap=True, spacing=16), slider], spacing=0)
    else:
        row = ft.Row([*parts, ft.Container(slider, expand=True), *foot], spacing=16)
    return ft.Container(
        row,
        bgcolor=palette.surface_container,
        border=ft.Border.only(top=ft.BorderSide(1, palette.outline_variant)),
        padding=ft.Padding.symmetric(horizontal=24, vertical=8),
    )


def show_length(seconds: float) -> str:
    """`03:08`."""
    whole = max(0, int(seconds))
    return f"{whole // 60:02}:{whole % 60:02}"


def _slider(player: Player, lines: Sequence[Line], where: str) -> ft.Control:
    def moved(e: Any) -> None:
        player.go(round(float(e.control.value)))

    last = len(lines) - 1
    if last < 1:
        return ft.Container(height=48)
    return ft.Semantics(
        label=_("Steps"),
        value=where,
        content=ft.Slider(value=player.place, min=0, max=last, divisions=last, on_change=moved),
    )


def _to(player: Player, place: int, icon: ft.IconData, label: str) -> ft.Control:
    async def go() -> None:
        player.go(place)

    return IconAction(icon, label, go)


def _play(player: Player, fill: str, ink: str) -> ft.Control:
    icon = ft.Icons.PAUSE_ROUNDED if player.playing else ft.Icons.PLAY_ARROW_ROUNDED
    label = _("Pause") if player.playing else _("Play")
    return ft.IconButton(
        icon=ft.Icon(icon, semantics_label=label, color=ink, size=30),
        tooltip=label,
        width=PLAY,
        height=PLAY,
        bgcolor=fill,
        on_click=player.turn,
    )
