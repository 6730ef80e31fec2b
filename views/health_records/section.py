"""One section of the record: every item with all that the resource says of it."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import component, use_look, use_resource, use_revisions, use_services, view
from app.text import _
from services.health_records import HealthSummary
from services.health_records.items import Allergy, Immunization, Item, Medicine, Result, Visit
from services.saved import Saved
from views.components import Card, EmptyState, Loaded, Screen, Text, keyed
from views.health_records.state_line import StateLines
from views.health_records.whose import use_patient
from views.health_records.words import (
    Part,
    interpretation_word,
    parts_of,
    second_line,
    show_fhir_date,
    unreadable_words,
)


@view
def HealthSectionView() -> ft.Control:
    """A section by its name in the address."""
    slug = unquote(ft.use_route_params().get("section", ""))
    patient_id, services, revisions = use_patient(), use_services(), use_revisions()

    async def fetch() -> Saved[HealthSummary]:
        return await services.health_records.summary(patient_id)

    summary = use_resource(fetch, patient_id, revisions.health_records)

    def draw(found: HealthSummary) -> ft.Control:
        part = next((p for p in parts_of(found) if p.slug == slug), None)
        return SectionContent(part) if part else _unknown()

    return Screen(section_title(slug), Loaded(summary, draw), back=paths.health(patient_id))


def section_title(slug: str) -> str:
    """The name of a section before it is loaded."""
    titles = {
        "allergies": _("Allergies"),
        "conditions": _("Current conditions"),
        "medicines": _("Current medicines"),
        "procedures": _("Surgery and procedures"),
        "blood-group": _("Blood group"),
        "past-conditions": _("Past conditions"),
        "immunizations": _("Vaccinations"),
        "results": _("Test results"),
        "vital-signs": _("Vital signs"),
        "visits": _("Recent visits"),
    }
    return titles.get(slug, _("Health record"))


def _unknown() -> ft.Control:
    return EmptyState(ft.Icons.HELP_OUTLINE_ROUNDED, _("The record has no such section."))


@component
def SectionContent(part: Part) -> ft.Control:
    """Every item as a card, or the section's state."""
    section = part.section
    if section.state != "present":
        return Card(StateLines(section))
    cards: list[ft.Control] = [keyed(item.key, ItemCard, item) for item in section.items]
    if section.narrative and not section.items:
        cards.append(Card(Text(section.narrative)))
    if section.unreadable:
        cards.append(Card(Text(unreadable_words(section.unreadable))))
    return ft.Column(
        cards, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


@component
def ItemCard(item: Item) -> ft.Control:
    """Title, value and date, then the resource's details a line each."""
    palette = use_look().palette
    lines: list[ft.Control] = [Text(item.title, "title_small")]
    if below := second_line(item):
        tone = interpretation_word(item)[1] if isinstance(item, Result) else ""
        color = palette.tertiary if tone == "tertiary" else None
        lines.append(Text(below, "body", color))
    lines += [Text(f"{label}: {words}", "supporting") for label, words in _details(item) if words]
    lines += [Text(note, "body") for note in item.notes]
    return Card(*lines)


def _details(item: Item) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    match item:
        case Allergy():
            found.append((_("Reactions"), ", ".join(item.reactions)))
            serious = {"high": _("high"), "low": _("low")}
            found.append((_("Danger"), serious.get(item.criticality, "")))
        case Medicine():
            found.append((_("Reason"), item.reason))
        case Immunization():
            found += [
                (_("Dose"), item.dose),
                (_("Lot"), item.lot_number),
                (_("Given at"), item.place),
            ]
        case Result():
            found.append((_("Reference range"), _ranges(item)))
            found.append((_("Part of"), item.panel))
        case Visit():
            found.append((_("Facility"), item.facility if item.facility != item.detail else ""))
            found.append((_("Doctor"), ", ".join(item.practitioners)))
    found.append((_("Recorded by"), item.recorded_by))
    if item.recorded and item.recorded != item.date:
        found.append((_("Recorded on"), show_fhir_date(item.recorded)))
    return found


def _ranges(result: Result) -> str:
    shown = []
    for limits in result.reference_ranges:
        low = limits.low.text if limits.low else ""
        high = limits.high.text if limits.high else ""
        between = (
            f"{low} - {high}"
            if low and high
            else (f"≥ {low}" if low else f"≤ {high}" if high else "")
        )
        shown.append(between or limits.text)
    return "; ".join(piece for piece in shown if piece)
