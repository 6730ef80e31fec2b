"""The steps of a replay, one below the other; a step that is chosen shows its screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.replay.lines import Line
from app.text import _, ngettext, show_second
from app.theme import Look
from views.components import Heading, Tappable, Text, keyed

Choose = Callable[[int], None]
ABOVE = 4
"""How many steps stay in sight above the one that is shown."""


@component
def StepList(
    lines: Sequence[Line], current: int, merged: int, choose: Choose, scroll: bool
) -> ft.Control:
    """`current` and what `choose` is given are places in `lines`."""
    count = ngettext("{n} step", "{n} steps", len(lines))
    put_together = ngettext("{n} small step put together", "{n} small steps put together", merged)
    wraps = use_look().large_text
    head = ft.Row(
        [
            Heading(count) if wraps else ft.Container(Heading(count), expand=True),
            *([Text(put_together, "supporting")] if merged else []),
        ],
        wrap=wraps,
    )
    rows = [
        ft.Container(
            keyed(place, StepRow, line, place == current, place, choose),
            key=ft.ScrollKey(place),  # type: ignore[call-arg]
        )
        for place, line in enumerate(lines)
    ]
    column = ft.Column(
        [head, *rows],
        spacing=4,
        scroll=ft.ScrollMode.AUTO if scroll else None,
        expand=scroll,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    drawn: Any = ft.use_ref(column)
    drawn.current = column

    async def follow() -> None:
        if scroll and lines:
            above = max(0, current - ABOVE)
            await drawn.current.scroll_to(scroll_key=ft.ScrollKey(above), duration=200)  # type: ignore[call-arg]

    ft.use_effect(follow, [current], cleanup=lambda: None)
    return column


@component
def StepRow(line: Line, chosen: bool, place: int, choose: Choose) -> ft.Control:
    """The time, what happened, and a mark where it went wrong or left the recording."""
    look = use_look()
    palette = look.palette

    async def show() -> None:
        choose(place)

    color = palette.error if line.failed else palette.on_surface
    words: list[ft.Control] = [Text(line.title, "label", color)]
    if line.detail:
        words.append(Text(line.detail, "supporting"))
    return ft.Semantics(
        selected=chosen,
        content=Tappable(
            _arranged(look, show_second(line.moment), words, _marks(line, look)),
            show,
            palette,
            padding=12,
            bgcolor=palette.secondary_container if chosen else ft.Colors.TRANSPARENT,
        ),
    )


def _arranged(
    look: Look, moment: str, words: list[ft.Control], marks: list[ft.Control]
) -> ft.Control:
    when = Text(moment, "supporting")
    if look.large_text:
        return ft.Column([when, *words, *marks], spacing=2, tight=True)
    return ft.Row(
        [
            ft.Container(when, width=72 * look.scale),
            ft.Column(words, spacing=2, tight=True, expand=True),
            *marks,
        ],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _marks(line: Line, look: Look) -> list[ft.Control]:
    marks: list[ft.Control] = []
    if line.failed:
        marks.append(_mark(ft.Icons.ERROR_ROUNDED, look.palette.error, _("Error"), look))
    if line.differs:
        named = _("Differs from the recording")
        marks.append(_mark(ft.Icons.CALL_SPLIT_ROUNDED, look.palette.lotus, named, look))
    return marks


def _mark(icon: ft.IconData, color: str, label: str, look: Look) -> ft.Control:
    return ft.Icon(icon, color=color, size=look.icon(22), semantics_label=label, tooltip=label)
