"""One line of the record with everything that is known of it; its codes behind a tap."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import component, use_look, use_state, view
from app.text import _
from services.health_records import HealthSummary
from services.health_records.details import Details, details_of
from services.health_records.document import Code
from services.health_records.items import Allergy, Immunization, Item, Medicine, Result, Visit
from views.components import Card, CardList, EmptyState, Heading, LinkButton, Text, keyed, stacked
from views.components.correcting import Correcting
from views.health_records.frame import RecordScreen
from views.health_records.labels import label_of
from views.health_records.reading import use_record
from views.health_records.rows import Sign
from views.health_records.section import part_of
from views.health_records.whose import use_patient
from views.health_records.words import (
    interpretation_word,
    show_fhir_date,
    show_quantity,
    show_value,
    status_word,
)

Row = tuple[str, str]


@view
def HealthItemView() -> ft.Control:
    """A line by its section and key in the address."""
    params = ft.use_route_params()
    slug, key = unquote(params.get("section", "")), unquote(params.get("key", ""))
    patient_id = use_patient()
    return keyed(f"{patient_id} {slug} {key}", _Item, slug, key, patient_id)


@component
def _Item(slug: str, key: str, patient_id: str | None) -> ft.Control:
    record = use_record(patient_id)
    summary = record.summary
    item = _find(summary, slug, key) if summary else None

    def draw(found: HealthSummary) -> ft.Control:
        if item is None:
            words = _("This line is not in the record any more.")
            return EmptyState(ft.Icons.HELP_OUTLINE_ROUNDED, words)
        content = ItemContent(item, details_of(found.document, item))
        return stacked([content, keyed(item.key, Correcting, item, slug, patient_id)])

    title = item.title if item else _("Health record")
    return RecordScreen(
        patient_id, record, title, draw, slug, paths.health_section(slug, patient_id)
    )


def _find(summary: HealthSummary, slug: str, key: str) -> Item | None:
    part = part_of(summary, slug)
    items: tuple[Item, ...] = part.section.items if part else ()
    return next((item for item in items if item.key == key), None)


@component
def ItemContent(item: Item, details: Details) -> ft.Control:
    """What it is, each fact a row, notes, the facility's own words, and the codes when wanted."""
    rows = [
        keyed(f"{place} {label}", _FactRow, label, words)
        for place, (label, words) in enumerate(facts(item, details))
    ]
    parts: list[ft.Control] = []
    if isinstance(item, Result) and (item.value or item.absent_reason):
        parts.append(_Value(item))
    if rows:
        parts.append(CardList(*rows))
    parts += [Card(Heading(_("Note"), 3, "label"), Text(note)) for note in item.notes]
    if details.narrative:
        parts.append(
            Card(Heading(_("In the facility's own words"), 3, "label"), Text(details.narrative))
        )
    if details.codes:
        parts.append(Codes(item.resource_type, details.codes))
    return stacked(parts)


@component
def _Value(result: Result) -> ft.Control:
    word, tone = interpretation_word(result)
    palette = use_look().palette
    color = palette.tertiary if tone == "tertiary" else None
    lines: list[ft.Control] = [Text(show_value(result) or result.absent_reason, "headline")]
    if word:
        lines.append(ft.Row([Sign(result), Text(word, "label", color)], spacing=8))
    return Card(*lines)


@component
def _FactRow(label: str, words: str) -> ft.Control:
    name = Text(label, "small_label", ft.Colors.ON_SURFACE_VARIANT)
    return ft.Container(
        ft.Column([name, Text(words)], spacing=2, tight=True),
        padding=ft.Padding.symmetric(horizontal=16, vertical=10),
    )


def facts(item: Item, details: Details) -> list[Row]:
    """(label, words) of everything known, without an empty one or the same said twice."""
    rows = [*_first(item), *_of_its_kind(item)]
    for element, value in details.facts:
        words = value if isinstance(value, str) else show_fhir_date(value)
        if element not in _SAID_BY.get(item.resource_type, ()):
            rows.append((label_of(element), words))
    if item.recorded_by:
        rows.append((_("Recorded by"), item.recorded_by))
    if item.recorded and item.recorded != item.date:
        rows.append((_("Recorded on"), show_fhir_date(item.recorded)))
    shown: list[Row] = []
    for label, words in rows:
        if words and (label, words) not in shown:
            shown.append((label, words))
    return shown


_SAID_BY = {
    "AllergyIntolerance": ("category", "reaction", "asserter", "recorder", "recordedDate"),
    "Condition": ("severity", "asserter", "recorder", "recordedDate"),
    "Immunization": ("location", "performer"),
    "Encounter": ("serviceProvider", "participant", "reasonCode"),
    "MedicationStatement": ("reasonCode", "informationSource", "dateAsserted"),
    "MedicationRequest": ("reasonCode", "requester", "authoredOn"),
}
"""Elements that the item's own rows say already."""


def _first(item: Item) -> list[Row]:
    start, end = show_fhir_date(item.date), show_fhir_date(item.end)
    due = isinstance(item, Immunization) and item.status == "due"
    return [
        (_("State"), status_word(item)),
        (_("To be done by") if due else _("From") if end and end != start else _("Date"), start),
        (_("Until"), end if end != start else ""),
    ]


def _of_its_kind(item: Item) -> list[Row]:
    match item:
        case Allergy():
            danger = {"high": _("high"), "low": _("low"), "unable-to-assess": _("not known")}
            kinds = {
                "food": _("food"),
                "medication": _("medicine"),
                "environment": _("environment"),
                "biologic": _("biological product"),
            }
            return [
                (_("Kind"), ", ".join(kinds.get(each, each) for each in item.categories)),
                (_("Reactions"), ", ".join(item.reactions)),
                (_("Danger"), danger.get(item.criticality, item.criticality)),
            ]
        case Medicine():
            return [(_("How to take it"), item.detail), (_("Reason"), item.reason)]
        case Immunization():
            return [
                (_("Dose"), item.dose),
                (_("Series"), item.detail),
                (_("Lot"), item.lot_number),
                (_("Given at"), item.place),
            ]
        case Result():
            return [(_("Reference range"), ranges(item)), (_("Part of"), item.panel)]
        case Visit():
            return [(_("Facility"), item.facility), (_("Doctor"), ", ".join(item.practitioners))]
    return [(_("More"), item.detail)]


def ranges(result: Result) -> str:
    """The laboratory's limits in words: `3,9 mmol/L - 6,1 mmol/L`, `≤ 3,4 mmol/L`."""
    shown = []
    for limits in result.reference_ranges:
        low = show_quantity(limits.low) if limits.low else ""
        high = show_quantity(limits.high) if limits.high else ""
        one = f"≥ {low}" if low else f"≤ {high}" if high else ""
        shown.append((f"{low} - {high}" if low and high else one) or limits.text)
    return "; ".join(piece for piece in shown if piece)


@component
def Codes(resource_type: str, codes: tuple[tuple[str, Code], ...]) -> ft.Control:
    """The codes word for word, for a doctor or a machine; hidden until they are asked for."""
    shown, set_shown = use_state(False)
    label = _("Hide the codes") if shown else _("Show the codes")
    icon = ft.Icons.CODE_OFF_ROUNDED if shown else ft.Icons.CODE_ROUNDED
    parts: list[ft.Control] = [LinkButton(label, lambda: set_shown(not shown), icon)]
    if shown:
        lines: list[ft.Control] = [Text(resource_type, "label")]
        for element, code in codes:
            where = f"{code.system} | " if code.system else ""
            lines.append(
                Text(f"{element}: {where}{code.code} {code.display}".strip(), "supporting")
            )
        parts.append(Card(*lines))
    return stacked(parts, 4)
