"""What the officer may do now: the main act as the filled button, the others beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import component, use_look, use_services
from app.text import _
from services.service_requests import ServiceRequest
from views.components import Heading, MainButton, OutlineButton, Text, stacked
from views.desk.words import ORDER, act_of, desk_deadline

MAIN = ("accept", "done")
LAST = ("hoax",)


@component
def Acts(request: ServiceRequest, begin: Callable[[str], None]) -> ft.Control:
    """A button an act; each opens its form, none does anything at once."""
    look = use_look()
    offered = offered_acts(request, _late(request))
    if not offered:
        return Text(_("Nothing can be done with this report now."), "supporting")
    main = next((act for act in MAIN if act in offered), "")

    def opener(act: str) -> Any:
        return lambda: begin(act)

    parts: list[ft.Control] = [Heading(_("What to do"), 2, "title_small")]
    if main:
        words = act_of(main)
        parts.append(MainButton(words.label, opener(main), words.icon))
    others = [
        OutlineButton(act_of(act).label, opener(act), act_of(act).icon, danger=act in LAST)
        for act in offered
        if act != main
    ]
    if look.large_text:
        return stacked([*parts, *others], 8)
    parts.append(ft.Row(others, wrap=True, spacing=8, run_spacing=8))
    return stacked(parts, 12)


def offered_acts(request: ServiceRequest, late: bool) -> list[str]:
    """The acts that are shown; a reason for lateness is asked for only when it is late."""
    return [act for act in ORDER if act in request.acts and (act != "note" or late)]


def _late(request: ServiceRequest) -> bool:
    deadline = desk_deadline(request, use_services().clock.now())
    return deadline is not None and deadline.overdue
