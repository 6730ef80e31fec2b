"""One section of the record: every line, or what the section's silence means."""

from typing import Any
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import component, view
from app.text import _
from services.health_records import HealthSummary
from services.health_records.items import Item, Result
from services.health_records.sections import Section
from services.health_records.trends import Trend, trends_of
from views.components import Card, EmptyState, Note, Text, keyed, stacked
from views.components.correcting import line_of, use_corrections
from views.health_records.frame import RecordScreen
from views.health_records.paged import Paged
from views.health_records.reading import use_record
from views.health_records.rows import ItemRow, TrendRow
from views.health_records.state_line import StateLines
from views.health_records.visit_list import VisitList
from views.health_records.whose import use_patient
from views.health_records.words import Part, parts_of, section_titles, unreadable_words

BY_TEST = ("results", "vital-signs")


@view
def HealthSectionView() -> ft.Control:
    """A section by its name in the address."""
    slug, patient_id = unquote(ft.use_route_params().get("section", "")), use_patient()
    return keyed(f"{patient_id} {slug}", _Section, slug, patient_id)


@component
def _Section(slug: str, patient_id: str | None) -> ft.Control:
    record = use_record(patient_id)

    def draw(found: HealthSummary) -> ft.Control:
        part = part_of(found, slug)
        if part is None:
            return no_such_section()
        return SectionContent(part, patient_id)

    found = part_of(record.summary, slug) if record.summary else None
    title = found.title if found else section_titles().get(slug, _("Health record"))
    return RecordScreen(patient_id, record, title, draw, slug, paths.health(patient_id))


def part_of(summary: HealthSummary, slug: str) -> Part | None:
    """The section of that name, None where the record has none."""
    return next((part for part in parts_of(summary) if part.slug == slug), None)


def no_such_section() -> ft.Control:
    """What an address to nothing shows."""
    return EmptyState(ft.Icons.HELP_OUTLINE_ROUNDED, _("The record has no such section."))


@component
def SectionContent(part: Part, patient_id: str | None) -> ft.Control:
    """Every line, a page at a time; tests by their name; else the section's state."""
    section = part.section
    asked = use_corrections(patient_id)
    waiting = frozenset(line for line, one in asked.items() if one.open)
    if part.slug == "visits":
        return VisitList(part, patient_id)
    if section.state != "present":
        return stacked([Card(StateLines(section)), *what_to_do(section)])
    parts: list[ft.Control] = []
    if part.slug in BY_TEST:
        parts += _tests(section.items, part.slug, patient_id, waiting)
    elif section.items:
        parts.append(_lines(section.items, part.slug, patient_id, waiting))
    if section.narrative and not section.items:
        parts.append(Card(Text(section.narrative)))
    if section.unreadable:
        parts.append(Card(Text(unreadable_words(section.unreadable))))
    return stacked(parts)


def what_to_do(section: Section[Any]) -> list[ft.Control]:
    """How a section that nobody has filled gets filled; nothing where "none" is confirmed."""
    if section.state != "no_information":
        return []
    words = _("Ask where you are treated to send it, or bring your papers to your next visit.")
    return [Note(_("How to add it."), words)]


def _lines(
    items: tuple[Item, ...], slug: str, patient_id: str | None, waiting: frozenset[str]
) -> ft.Control:
    """`waiting` names the lines that somebody asked to have corrected."""

    def row(item: Item) -> ft.Control:
        return keyed(item.key, ItemRow, item, slug, patient_id, line_of(item) in waiting)

    return Paged(items, row)


def _tests(
    items: tuple[Result, ...], slug: str, patient_id: str | None, waiting: frozenset[str]
) -> list[ft.Control]:
    """Tests with their newest value; then what has no value, such as a report's heading."""

    def row(trend: Trend) -> ft.Control:
        return keyed(trend.key, TrendRow, trend, patient_id)

    shown: list[ft.Control] = []
    if trends := trends_of(items):
        shown.append(Paged(trends, row))
    if rest := tuple(item for item in items if not item.value and item.quantity is None):
        shown.append(_lines(rest, slug, patient_id, waiting))
    return shown
