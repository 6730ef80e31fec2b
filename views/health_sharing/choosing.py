"""What can be chosen: sections with what they hold, the period, how long, the passcode."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.text import _, ngettext
from app.theme import style
from services.health_records import HealthSummary
from services.health_records.sections import (
    ALLERGIES,
    CONDITIONS,
    IMMUNIZATIONS,
    MEDICINES,
    RESULTS,
    VISITS,
    Section,
)
from services.health_sharing import DURATIONS
from views.components import CardList, Text
from views.health_records.words import parts_of
from views.health_sharing.words import duration_words, section_words

USUAL = (ALLERGIES, CONDITIONS, MEDICINES, RESULTS)
"""Chosen at the beginning: what a doctor asks first."""
ALWAYS = (*USUAL, VISITS, IMMUNIZATIONS)
PERIODS = {"year": 365, "three": 3 * 365, "all": None}


def offered(summary: HealthSummary) -> list[Section[Any]]:
    """Sections to choose from: the six of always, and the others that say something."""
    found = [part.section for part in parts_of(summary)]
    known = {section.code: section for section in found}
    others = [s for s in found if s.code not in ALWAYS and s.state != "no_information"]
    return [known[code] for code in ALWAYS if code in known] + [s for s in others if s.code]


def first_day(period: str, today: date) -> date | None:
    """The first day that is shared; None for everything."""
    days = PERIODS[period]
    return today - timedelta(days=days) if days else None


def period_options() -> tuple[tuple[str, str], ...]:
    """(value, words) of the periods."""
    return (
        ("year", _("Last 12 months")),
        ("three", _("Last 3 years")),
        ("all", _("Everything")),
    )


def duration_options() -> tuple[tuple[str, str], ...]:
    """(value, words) of the durations; the value is minutes, or empty until stopped."""
    return tuple((str(minutes or ""), duration_words(minutes)) for minutes in DURATIONS)


@component
def SectionChoices(
    sections: list[Section[Any]], chosen: tuple[str, ...], toggle: Callable[[str], None]
) -> ft.Control:
    """A row with a tick box for each."""
    rows = [SectionChoice(one, one.code in chosen, toggle) for one in sections]
    return CardList(*rows)


@component
def SectionChoice(section: Section[Any], chosen: bool, toggle: Callable[[str], None]) -> ft.Control:
    """The section's name, and how much it holds or that it says "none" or nothing."""
    look = use_look()

    def changed(e: Any) -> None:
        toggle(section.code)

    words, count = section_words(section.code), count_words(section)
    box = ft.Checkbox(
        value=chosen,
        label="" if look.large_text else words,
        label_style=style("body_large", look.scale, look.palette.on_surface),
        on_change=changed,
        active_color=look.palette.primary,
        expand=not look.large_text,
    )
    row = ft.Row([box, Text(count, "supporting")], spacing=12)
    if look.large_text:
        # A tick box's own label does not wrap.
        below = ft.Column([Text(words), Text(count, "supporting")], spacing=0, expand=True)
        row = ft.Row([ft.Semantics(label=words, content=box), below], spacing=4)
    return ft.Container(row, padding=ft.Padding(8, 4, 16, 4))


def count_words(section: Section[Any]) -> str:
    """`23 mục`, `Không có` or `Chưa có thông tin`."""
    if section.state == "none_confirmed":
        return _("None")
    if section.state == "no_information":
        return _("No information yet")
    n = len(section.findings) or len(section.items) or 1
    return ngettext("{n} entry", "{n} entries", n)
