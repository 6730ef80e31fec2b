"""What kind of problem it is: a few chips, and the city's whole list behind a search."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.finding import found_among
from app.hooks import component, use_look, use_state
from app.text import _
from services.service_requests import Service
from services.wards import fold
from views.components import (
    CardList,
    ChoiceChips,
    Heading,
    Tappable,
    Text,
    TextBox,
    keyed,
    stacked,
)

FEW = 4
OTHER = "\x00other"


@component
def CategoryPicker(
    services: list[Service], description: str, chosen: str, on_choose: Callable[[str], None]
) -> ft.Control:
    """Chips for what the description suggests, then the city's order; "Other kind…" opens all."""
    searching, set_searching = use_state(False)
    offered, named = offer(services, description, chosen)
    offered = found_among("kinds offered", services, offered)
    suggested = bool(found_among("kind named", offered, offered[:1] if named else []))
    chips = tuple((one.service_code, one.service_name) for one in offered)

    def select(value: str) -> None:
        set_searching(value == OTHER)
        if value != OTHER:
            on_choose(value)

    def pick(value: str) -> None:
        set_searching(False)
        on_choose(value)

    look = use_look()
    hint = Text(_("Suggested by your words"), "supporting")
    spark = ft.Icon(ft.Icons.AUTO_AWESOME_OUTLINED, size=look.icon(20))
    head = ft.Row(
        [
            Heading(_("Kind of problem"), 2, "title_small"),
            *([ft.Row([spark, hint], spacing=6, tight=True, wrap=True)] if suggested else []),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
    )
    more = ((OTHER, _("Other kind…")),) if len(services) > len(offered) else ()
    marked = OTHER if searching else chosen
    parts = [head, ChoiceChips(chips + more, marked, select)]
    about = next((one.description for one in services if one.service_code == chosen), "")
    if searching:
        parts.append(_AllServices(services, pick))
    elif about:
        parts.append(Text(about, "supporting"))
    return stacked(parts, 8)


@component
def _AllServices(services: list[Service], pick: Callable[[str], None]) -> ft.Control:
    query, set_query = use_state("")
    look = use_look()
    matching = [one for one in services if fold(query) in fold(_searched(one))]
    found = found_among("kinds", services, matching)
    search = TextBox(_("Search all kinds"), query, set_query, scale=look.scale)
    if not found:
        words = _("No results for “{word}”. Try fewer words.").format(word=query)
        return stacked([search, ft.Semantics(live_region=True, content=Text(words))])
    rows = CardList(*[keyed(one.service_code, _ServiceRow, one, pick) for one in found])
    return stacked([search, rows], 8)


@component
def _ServiceRow(service: Service, pick: Callable[[str], None]) -> ft.Control:
    def choose(e: Any) -> None:
        pick(service.service_code)

    words: list[ft.Control] = [Text(service.service_name, "label")]
    if service.group:
        words.append(Text(service.group, "supporting"))
    return Tappable(
        ft.Row([ft.Column(words, spacing=2, tight=True, expand=True)]),
        choose,
        use_look().palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )


def offer(services: list[Service], description: str, chosen: str) -> tuple[list[Service], bool]:
    """The few kinds to show first, and whether the description suggested the first of them."""
    words = set(fold(description).split())
    text = fold(description)

    def likeness(one: Service) -> int:
        keywords = sum(fold(word) in text for word in one.keywords)
        return 10 * keywords + len(words & set(fold(one.service_name).split()))

    ranked = sorted(services, key=likeness, reverse=True)
    first = ranked[:FEW]
    picked = [one for one in services if one.service_code == chosen and one not in first]
    suggested = bool(first) and any(fold(word) in text for word in first[0].keywords)
    return [*picked, *first], suggested


def _searched(service: Service) -> str:
    return " ".join((service.service_name, service.group, *service.keywords))
