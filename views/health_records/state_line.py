"""How a section reads in one place: what is there, "Không có" or "Chưa có thông tin"."""

from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.text import _
from services.health_records.sections import Section
from views.components import Text
from views.health_records.words import (
    second_line,
    show_fhir_date,
    unreadable_words,
    why_unknown,
)


@component
def StateLines(section: Section[Any], limit: int = 3) -> ft.Control:
    """At most `limit` items, or the section's state with its own sign, and what was unreadable."""
    palette = use_look().palette
    lines: list[ft.Control] = []
    if section.state == "present":
        for item in section.findings[:limit] or section.items[:limit]:
            lines.append(Text(item.title, "label"))
            if below := second_line(item):
                lines.append(Text(below, "supporting"))
        if section.narrative and not section.items:
            lines.append(Text(section.narrative, "body", max_lines=6))
    elif section.state == "none_confirmed":
        lines.append(_sign(ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, palette.primary, _("None")))
        lines.append(Text(_confirmed(section), "supporting"))
    else:
        lines.append(
            _sign(
                ft.Icons.HELP_OUTLINE_ROUNDED, palette.on_surface_variant, _("No information yet")
            )
        )
        lines.append(Text(why_unknown(section), "supporting"))
    if section.unreadable:
        lines.append(Text(unreadable_words(section.unreadable), "supporting", palette.error))
    return ft.Column(lines, spacing=2, tight=True)


def _sign(icon: ft.IconData, color: str, words: str) -> ft.Control:
    return ft.Row(
        [ft.Icon(icon, size=22, color=color), ft.Container(Text(words, "label"), expand=True)],
        spacing=8,
    )


def _confirmed(section: Section[Any]) -> str:
    by = section.confirmed_by or _("the facility")
    on = show_fhir_date(section.confirmed_on)
    if on:
        return _("Confirmed by {who}, {date}").format(who=by, date=on)
    return _("Confirmed by {who}").format(who=by)
