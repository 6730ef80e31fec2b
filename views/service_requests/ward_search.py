"""The city's wards and communes, found by name."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.finding import found_among
from app.hooks import component, use_look, use_services, use_state
from app.text import _
from services.wards import Ward
from views.components import CardList, Tappable, Text, TextBox, keyed, stacked

SHOWN = 6


@component
def WardSearch(choose: Callable[[Ward], None]) -> ft.Control:
    """The city's 126 wards and communes, found as they are typed, with or without marks."""
    wards = use_services().wards
    look = use_look()
    query, set_query = use_state("")
    found: list[Ward] = []
    if query.strip():
        found = found_among("wards", wards.all, wards.search(query)[:SHOWN])

    def pick(ward: Ward) -> None:
        set_query("")
        choose(ward)

    box = TextBox(_("Find a ward or commune by name"), query, set_query, scale=look.scale)
    parts = [box]
    if found:
        parts.append(CardList(*[keyed(ward.code, _WardRow, ward, pick) for ward in found]))
    elif query.strip():
        words = _("No results for “{word}”. Try fewer words.").format(word=query)
        parts.append(ft.Semantics(live_region=True, content=Text(words, "supporting")))
    return stacked(parts, 8)


@component
def _WardRow(ward: Ward, pick: Callable[[Ward], None]) -> ft.Control:
    def choose(e: Any) -> None:
        pick(ward)

    return Tappable(
        ft.Row([Text(ward.full_name, "label", expand=True)]),
        choose,
        use_look().palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )
