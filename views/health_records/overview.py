"""The health record's overview: allergies first (design pictures 11a and 11b)."""

from collections.abc import Awaitable, Callable

import flet as ft

from app import paths
from app.hooks import component, use_look, use_resource, use_revisions, use_services, view
from app.text import _
from app.theme import style
from services.health_records import HealthSummary
from services.health_records.items import Patient
from services.saved import Saved
from views.components import (
    CardList,
    Heading,
    LinkButton,
    Loaded,
    NavigationRow,
    Note,
    RecordTabs,
    Screen,
    Tappable,
    Text,
    keyed,
    open_path,
)
from views.health_records.entries import entries
from views.health_records.state_line import StateLines
from views.health_records.whose import use_patient, whose
from views.health_records.words import Part, parts_of, show_fhir_date, unreadable_words

IN_ONE_CARD = ("conditions", "medicines", "procedures", "blood-group", "past-conditions")
ALWAYS_SHOWN = (*IN_ONE_CARD[:-1], "immunizations", "results", "visits")
"""Sections whose silence is worth a line; the others appear where the record says something."""


@view
def HealthRecordView() -> ft.Control:
    """What a doctor asks first, on one screen."""
    patient_id = use_patient()
    return keyed(patient_id or "own", _Record, patient_id)


@component
def _Record(patient_id: str | None) -> ft.Control:
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[HealthSummary]:
        return await services.health_records.summary(patient_id)

    summary = use_resource(fetch, revisions.health_records)

    def draw(found: HealthSummary) -> ft.Control:
        return Overview(found, patient_id)

    return Screen(
        _("Records"), RecordTabs(paths.RECORDS), *whose(patient_id), Loaded(summary, draw)
    )


def Overview(summary: HealthSummary, patient_id: str | None = None) -> ft.Control:
    """The person, allergies, the short card, then each longer section."""
    parts = parts_of(summary)
    short = [p for p in parts if p.slug in IN_ONE_CARD and _worth_showing(p)]
    longer = [p for p in parts[len(IN_ONE_CARD) + 1 :] if _worth_showing(p)]
    shown: list[ft.Control] = [Holder(summary.patient), AllergyCard(parts[0], patient_id)]
    if summary.is_empty:
        shown.append(
            Note(_("Your record is empty."), _("It fills when a facility sends your first visit."))
        )
    shown.append(CardList(*[keyed(p.slug, PartRow, p, patient_id) for p in short]))
    for part in longer:
        shown += [keyed(part.slug, LongPart, part, patient_id)]
    if summary.unreadable:
        shown.append(Text(unreadable_words(summary.unreadable), "supporting"))
    shown.append(Updated(summary))
    if ways := entries(patient_id):
        rows = [NavigationRow(way.icon, way.words, "", open_path(way.path)) for way in ways]
        shown.append(CardList(*rows))
    shown.append(HowToRead())
    return ft.Column(
        shown, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _worth_showing(part: Part) -> bool:
    """Past conditions and unnamed sections appear only where the record says something of them."""
    always = part.slug in ALWAYS_SHOWN
    return always or part.section.state != "no_information" or part.section.unreadable > 0


def open_section(slug: str, patient_id: str | None) -> Callable[[], Awaitable[None]]:
    """A handler that opens a section."""

    async def go() -> None:
        await ft.context.page.push_route(paths.health_section(slug, patient_id))

    return go


@component
def Holder(patient: Patient) -> ft.Control:
    """Whose record this is; the insurance number shows its last four figures."""
    look = use_look()
    sex = {"female": _("Female"), "male": _("Male")}.get(patient.gender, "")
    born = _("born {year}").format(year=patient.birth_date.year) if patient.birth_date else ""
    insurance = next((v for s, v in patient.identifiers if "bhyt" in s.lower()), "")
    card = _("insurance card •••• {end}").format(end=insurance[-4:]) if insurance else ""
    line = " · ".join(piece for piece in (sex, born, card) if piece)
    initials = "".join(word[0] for word in patient.name.split()[-2:]).upper()
    avatar = ft.Container(
        ft.Text(initials, style=style("label_large", 1, look.palette.on_secondary_container)),
        width=52,
        height=52,
        border_radius=26,
        bgcolor=look.palette.secondary_container,
        alignment=ft.Alignment.CENTER,
    )
    words = ft.Column(
        [Text(patient.name or _("No name in the record"), "title_small"), Text(line, "supporting")],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Row([avatar, words], spacing=14)


@component
def AllergyCard(part: Part, patient_id: str | None) -> ft.Control:
    """In brick when there is an allergy; quiet when there is none or nothing is known."""
    look = use_look()
    palette = look.palette
    if part.section.state != "present":
        return CardList(PartRow(part, patient_id))
    ink = palette.on_error_container
    lines: list[ft.Control] = [Text(part.title, "small_label", ink)]
    for item in part.section.findings or part.section.items:
        pieces = (item.detail, show_fhir_date(item.date or item.recorded))
        lines.append(Text(item.title, "title_small", ink))
        if below := " · ".join(piece for piece in pieces if piece):
            lines.append(Text(below, "body", ink))
    if part.section.narrative and not part.section.items:
        lines.append(Text(part.section.narrative, "body", ink))
    if part.section.unreadable:
        lines.append(Text(unreadable_words(part.section.unreadable), "body", ink))
    return Tappable(
        ft.Row(
            [
                ft.Icon(ft.Icons.WARNING_ROUNDED, size=look.icon(28), color=ink),
                ft.Column(lines, spacing=2, tight=True, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=ink),
            ],
            spacing=14,
        ),
        open_section(part.slug, patient_id),
        palette,
        bgcolor=palette.error_container,
    )


@component
def PartRow(part: Part, patient_id: str | None) -> ft.Control:
    """A section in the short card."""
    palette = use_look().palette
    words = ft.Column(
        [Text(part.title, "small_label", palette.on_surface_variant), StateLines(part.section)],
        spacing=4,
        tight=True,
        expand=True,
    )
    chevron = ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=palette.on_surface_variant)
    return Tappable(
        ft.Row([words, chevron]), open_section(part.slug, patient_id), palette, row=True
    )


@component
def LongPart(part: Part, patient_id: str | None) -> ft.Control:
    """A section with a heading of its own and the way to all of it."""
    count = len(part.section.items)
    more = (
        [LinkButton(_("See {n}").format(n=count), open_section(part.slug, patient_id))]
        if count > 3
        else []
    )
    head = ft.Row([ft.Container(Heading(part.title), expand=True), *more])
    row = Tappable(
        StateLines(part.section), open_section(part.slug, patient_id), use_look().palette, row=True
    )
    return ft.Column(
        [head, CardList(row)],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def Updated(summary: HealthSummary) -> ft.Control:
    """When the record was put together, and by whom."""
    look = use_look()
    pieces = (
        [_("Updated {date}").format(date=show_fhir_date(summary.updated))]
        if summary.updated
        else []
    )
    pieces += [summary.author] if summary.author else []
    return ft.Row(
        [
            ft.Icon(ft.Icons.UPDATE_ROUNDED, size=look.icon(20)),
            ft.Container(Text(" · ".join(pieces), "supporting"), expand=True),
        ],
        spacing=8,
        visible=bool(pieces),
    )


@component
def HowToRead() -> ft.Control:
    """The difference that matters most in a record."""
    palette = use_look().palette
    none = (ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, palette.primary)
    unknown = (ft.Icons.HELP_OUTLINE_ROUNDED, palette.on_surface_variant)
    lines = (
        (*none, _("None: a doctor has asked and confirmed it.")),
        (*unknown, _("No information yet: nobody has sent anything; it does not mean normal.")),
    )
    rows = [
        ft.Row(
            [ft.Icon(icon, size=22, color=color), ft.Container(Text(words), expand=True)],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, color, words in lines
    ]
    return ft.Column([Heading(_("How to read this record")), *rows], spacing=8, tight=True)
