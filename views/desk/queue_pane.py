"""What the queue shows: search, filters, how many there are, and every report as a card."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    use_state,
)
from app.text import _, ngettext
from services.desk_records import DeskReport, Filters
from views.components import (
    EmptyState,
    LinkButton,
    Loaded,
    OutlineButton,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.desk.filters import FilterSheet, Scopes
from views.desk.queue_card import QueueCard
from views.desk.words import desk_deadline

PAGE = 50
MOST = 500
"""The gateway gives so many reports at most; who needs more narrows the filters."""
TYPING = 0.4
"""Seconds after the last letter until the gateway is asked."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The reports that match the filters, and how to change these."""

    reports: Resource[list[DeskReport]]
    filters: Filters
    change: Callable[[Filters], None]
    limit: int
    more: Callable[[], None]


def use_queue() -> Queue:
    """The queue of the officer's agency; the filters outlive the screen."""
    services, revisions, session = use_services(), use_revisions(), use_session()
    filters = session.desk_filters
    limit, set_limit = use_state(PAGE)

    async def fetch() -> list[DeskReport]:
        return await services.desk.queue(filters, limit)

    def change(changed: Filters) -> None:
        session.desk_filters = changed
        set_limit(PAGE)

    found: Resource[list[DeskReport]] = use_resource(
        fetch, filters, limit, revisions.service_requests
    )
    return Queue(found, filters, change, limit, lambda: set_limit(min(limit + PAGE, MOST)))


@component
def QueuePane(queue: Queue, selected: str | None) -> ft.Control:
    """Search and filters over the cards; arrow keys go from card to card."""
    more, set_more = use_state(False)
    change, filters = queue.change, queue.filters
    chosen = sum(bool(one) for one in (filters.status, filters.urgency, filters.service_code))
    label = _("Filters ({n})").format(n=chosen) if chosen else _("Filters")
    icon = ft.Icons.EXPAND_LESS_ROUNDED if more else ft.Icons.TUNE_ROUNDED
    parts: list[ft.Control] = [
        Search(filters.q, lambda words: change(replace(filters, q=words))),
        Scopes(filters, change),
        ft.Row([LinkButton(label, lambda: set_more(not more), icon)], wrap=True),
    ]
    if more:
        parts.append(FilterSheet(filters, change))
    if isinstance(queue.reports, Ready):
        parts.append(Cards(tuple(queue.reports.value), queue, selected))
    else:
        parts.append(Loaded(queue.reports, lambda found: ft.Container(height=0)))
    return stacked(parts, 12)


@component
def Search(words: str, search: Callable[[str], None]) -> ft.Control:
    """Code, words, street; asked a moment after the last letter."""
    look = use_look()
    typed, set_typed = use_state(words)

    async def ask() -> None:
        await asyncio.sleep(TYPING)
        if typed.strip() != words:
            search(typed.strip())

    # A cleanup, even an empty one, is what makes Flet cancel the wait for the next letter.
    ft.use_effect(ask, [typed], cleanup=lambda: None)
    return TextBox(_("Search code, words or street"), typed, set_typed, scale=look.scale)


@component
def Cards(reports: tuple[DeskReport, ...], queue: Queue, selected: str | None) -> ft.Control:
    """The reports in the order of their deadlines, a page at a time."""
    now = use_services().clock.now()
    expanded = use_look().expanded
    if not reports:
        return _None(queue.filters, queue.change)
    late = sum(_late(one, now) for one in reports)
    full = len(reports) >= queue.limit
    words = (
        _("The first {n}").format(n=len(reports))
        if full
        else ngettext("{n} report", "{n} reports", len(reports))
    )
    if late:
        words += " · " + ngettext("{n} overdue", "{n} overdue", late)

    async def pressed(e: Any) -> None:
        step = {"Arrow Down": 1, "Arrow Up": -1}.get(e.key, 0)
        if step:
            await open_beside(reports, selected, step)

    drawn = [
        keyed(one.request.service_request_id, QueueCard, one, _is(one, selected)) for one in reports
    ]
    count = ft.Semantics(live_region=True, container=True, content=Text(words, "supporting"))
    parts: list[ft.Control] = [*drawn]
    if full and queue.limit < MOST:
        parts.append(OutlineButton(_("Show {n} more").format(n=PAGE), queue.more))
    elif full:
        parts.append(Text(_("There may be more. Narrow the filters to see them."), "supporting"))
    cards = stacked(parts, 12)
    if not expanded:
        return stacked([count, cards], 12)
    listening = ft.KeyboardListener(
        cards,
        autofocus=True,
        include_semantics=False,
        on_key_down=pressed,
        on_key_repeat=pressed,
    )
    return stacked([count, listening], 12)


async def open_beside(reports: tuple[DeskReport, ...], selected: str | None, step: int) -> None:
    """Open the report before or after the chosen one; the first where none is chosen."""
    codes = [one.request.service_request_id for one in reports]
    place = codes.index(selected) + step if selected in codes else 0
    if 0 <= place < len(codes):
        await ft.context.page.push_route(paths.desk_report(codes[place]))


@component
def _None(filters: Filters, change: Callable[[Filters], None]) -> ft.Control:
    if filters == Filters():
        return EmptyState(
            ft.Icons.INBOX_ROUNDED, _("Nothing waits here"), _("New reports come in by themselves.")
        )
    clear = LinkButton(_("Show all"), lambda: change(Filters()))
    return EmptyState(ft.Icons.FILTER_ALT_OFF_OUTLINED, _("No report matches"), "", clear)


def _late(report: DeskReport, now: datetime) -> bool:
    deadline = desk_deadline(report.request, now)
    return deadline is not None and deadline.overdue


def _is(report: DeskReport, selected: str | None) -> bool:
    return report.request.service_request_id == selected
