"""Choosing one of many in an act's form: an agency, a coded reason, a kind of problem, a colleague."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.finding import found_among
from app.hooks import component, use_look, use_state
from app.text import _
from services.wards import fold
from views.components import CardList, LinkButton, Tappable, Text, TextBox, keyed, stacked

FEW = 10
"""So many choices are all shown; more are searched."""
SHOWN = 6

Option = tuple[str, str, str]
"""Value, words, and a second line."""


@component
def Chooser(
    label: str,
    options: tuple[Option, ...],
    chosen: str,
    on_choose: Callable[[str], None],
    error: str = "",
) -> ft.Control:
    """One of several rows; with many of them a search that ignores diacritics and case."""
    look = use_look()
    query, set_query = use_state("")
    changing, set_changing = use_state(not chosen)
    picked = next((one for one in options if one[0] == chosen), None)

    def choose(value: str) -> None:
        on_choose(value)
        set_changing(False)

    parts: list[ft.Control] = [Text(label, "label")]
    if picked is not None and not changing:
        parts.append(_Chosen(picked, lambda: set_changing(True)))
        return stacked(parts, 8)
    matching = [one for one in options if fold(query) in fold(f"{one[1]} {one[2]}")]
    found = found_among("choices", options, matching)
    if len(options) > FEW:
        parts.append(TextBox(_("Search"), query, set_query, error=error, scale=look.scale))
    if found:
        rows = [keyed(one[0], _Row, one, one[0] == chosen, choose) for one in found[:SHOWN]]
        parts.append(CardList(*rows))
    if len(found) > SHOWN:
        words = _("{n} more. Type to find the right one.").format(n=len(found) - SHOWN)
        parts.append(Text(words, "supporting"))
    if not found:
        words = _("No results for “{word}”. Try fewer words.").format(word=query)
        parts.append(ft.Semantics(live_region=True, content=Text(words, "supporting")))
    if error and len(options) <= FEW:
        parts.append(Text(error, "small_label", ft.Colors.ERROR))
    return stacked(parts, 8)


@component
def _Row(option: Option, chosen: bool, choose: Callable[[str], None]) -> ft.Control:
    look = use_look()
    value, words, below = option

    def pick(e: Any) -> None:
        choose(value)

    icons = ft.Icons
    mark = icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    second = [Text(below, "supporting")] if below else []
    row = Tappable(
        ft.Row(
            [
                ft.Icon(mark, size=look.icon(22), color=look.palette.primary),
                ft.Column([Text(words, "label"), *second], spacing=2, tight=True, expand=True),
            ],
            spacing=12,
        ),
        pick,
        look.palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
        row=True,
    )
    return ft.Semantics(selected=True, content=row) if chosen else row


@component
def _Chosen(option: Option, change: Callable[[], None]) -> ft.Control:
    palette = use_look().palette
    below = [Text(option[2], "supporting")] if option[2] else []
    words = ft.Column([Text(option[1], "label"), *below], spacing=2, tight=True, expand=True)
    return ft.Container(
        ft.Row([words, LinkButton(_("Change"), change)]),
        padding=ft.Padding.only(left=16, right=8, top=8, bottom=8),
        border_radius=16,
        bgcolor=palette.primary_container,
    )
