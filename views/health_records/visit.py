"""One visit: why, who, what was found, prescribed and agreed, and its papers (picture 12b)."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import Ready, component, use_look, use_resource, use_revisions, use_services, view
from app.text import _, local
from services.health_records import HealthSummary
from services.health_records.fhir import FhirDate
from services.health_records.items import Item, Medicine, Result
from services.health_records.trends import trends_of
from services.health_records.visits import VisitRecord, visit_key
from services.saved import Saved
from views.components import (
    Card,
    EmptyState,
    Heading,
    Loaded,
    Tappable,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.health_records.follow_up import FollowUpCard, RemindButton
from views.health_records.frame import RecordScreen
from views.health_records.paged import Paged
from views.health_records.papers import PaperCard
from views.health_records.reading import quiet, use_record
from views.health_records.rows import Sign
from views.health_records.whose import use_patient
from views.health_records.words import (
    interpretation_word,
    second_line,
    show_fhir_date,
    show_value,
    unreadable_words,
)


@view
def HealthVisitView() -> ft.Control:
    """A visit by its key in the address."""
    key, patient_id = unquote(ft.use_route_params().get("visit", "")), use_patient()
    return keyed(f"{patient_id} {key}", _Visit, key, patient_id)


@component
def _Visit(key: str, patient_id: str | None) -> ft.Control:
    services, revisions = use_services(), use_revisions()
    record = use_record(patient_id)

    async def fetch() -> Saved[tuple[VisitRecord, ...]]:
        return await services.health_records.visits(patient_id)

    visits = use_resource(fetch, patient_id, revisions.health_records)
    found = _find(visits.value if isinstance(visits, Ready) else (), record.summary, key)

    def draw(summary: HealthSummary) -> ft.Control:
        def opened(_every: tuple[VisitRecord, ...]) -> ft.Control:
            if found is None:
                words = _("This visit is not in the record any more.")
                return EmptyState(ft.Icons.HELP_OUTLINE_ROUNDED, words)
            return VisitContent(found, patient_id)

        return Loaded(quiet(visits), opened)

    title = _("Visit")
    if found is not None and found.visit.date is not None:
        title = _("Visit of {date}").format(date=show_fhir_date(found.visit.date))
    remind: tuple[ft.Control, ...] = ()
    if found is not None and found.follow_ups:
        remind = (RemindButton(found.follow_ups[0], key, patient_id),)
    back = paths.health_section("visits", patient_id)
    return RecordScreen(patient_id, record, title, draw, "visits", back, foot=remind)


def _find(
    visits: tuple[VisitRecord, ...], summary: HealthSummary | None, key: str
) -> VisitRecord | None:
    """The visit with all that belongs to it; else as much as the summary says of it."""
    for record in visits:
        if record.visit.key == key:
            return record
    known = summary.visits.items if summary else ()
    return next((VisitRecord(visit) for visit in known if visit_key(visit) == key), None)


@component
def VisitContent(record: VisitRecord, patient_id: str | None) -> ft.Control:
    """What a resident looks for first: what comes next, the conclusion, the medicines, the papers."""
    visit = record.visit
    parts: list[ft.Control] = [Heading(visit.title, 2, "headline_small")]
    who = (*visit.practitioners, visit.facility, _kind(record), _times(visit.date, visit.end))
    parts.append(stacked([Text(words, "supporting") for words in dict.fromkeys(who) if words], 2))
    parts += [FollowUpCard(follow_up) for follow_up in record.follow_ups]
    parts += _conclusion(record)
    if record.medicines:
        parts += [Heading(_("Prescription")), _items(record.medicines)]
    if record.results:
        parts += [Heading(_("Measured and tested")), _results(record.results, patient_id)]
    if record.procedures:
        parts += [Heading(_("Procedures")), _items(record.procedures)]
    if record.papers:
        parts.append(Heading(_("Papers")))
        parts += [keyed(paper.key, PaperCard, paper) for paper in record.papers]
    if record.unreadable:
        parts.append(Text(unreadable_words(record.unreadable), "supporting"))
    return stacked(parts)


def _kind(record: VisitRecord) -> str:
    kinds = {
        "AMB": _("Outpatient visit"),
        "EMER": _("Emergency"),
        "IMP": _("Stay in hospital"),
        "ACUTE": _("Stay in hospital"),
        "NONAC": _("Stay in hospital"),
        "SS": _("Short stay"),
        "HH": _("Visit at home"),
        "VR": _("Remote visit"),
    }
    visit = record.visit
    kind = visit.kind if visit.kind != visit.title else ""
    return " · ".join(p for p in (kinds.get(visit.visit_class, ""), kind) if p)


def _times(start: FhirDate | None, end: FhirDate | None) -> str:
    """`08:40 - 09:35, 02/10/2026`; days for a stay; as precise as it was given."""
    if start is None:
        return show_fhir_date(end)
    day, last = show_fhir_date(start), show_fhir_date(end)
    if start.at is None or start.at.tzinfo is None:
        return f"{day} - {last}" if last and last != day else day
    begun = f"{local(start.at):%H:%M}"
    if end is not None and end.at is not None and end.at.tzinfo is not None and last == day:
        return f"{begun} - {local(end.at):%H:%M}, {day}"
    return f"{begun}, {day} - {last}" if last and last != day else f"{begun}, {day}"


def _conclusion(record: VisitRecord) -> list[ft.Control]:
    if not record.diagnoses and not record.conclusions:
        return []
    lines: list[ft.Control] = []
    for diagnosis in record.diagnoses:
        lines.append(Text(diagnosis.title, "label"))
        if below := second_line(diagnosis):
            lines.append(Text(below, "supporting"))
    return [
        Heading(_("Conclusion")),
        *([Card(*lines)] if lines else []),
        *(Text(words) for words in record.conclusions),
    ]


def _items(items: tuple[Item, ...]) -> ft.Control:
    def row(item: Item) -> ft.Control:
        return keyed(item.key, _PlainRow, item)

    return Paged(items, row)


@component
def _PlainRow(item: Item) -> ft.Control:
    """A medicine with how to take it, or what was done."""
    lines: list[ft.Control] = [Text(item.title, "label")]
    below = second_line(item)
    if below:
        lines.append(Text(below, "supporting"))
    if isinstance(item, Medicine) and item.supply:
        lines.append(Text(item.supply, "supporting"))
    lines += [Text(note, "supporting") for note in item.notes]
    return ft.Container(
        ft.Column(lines, spacing=2, tight=True),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


def _results(results: tuple[Result, ...], patient_id: str | None) -> ft.Control:
    keys = {result.key: trend.key for trend in trends_of(results) for result in trend.results}

    def row(result: Result) -> ft.Control:
        return keyed(result.key, _ResultRow, result, keys.get(result.key, ""), patient_id)

    return Paged(results, row)


@component
def _ResultRow(result: Result, trend: str, patient_id: str | None) -> ft.Control:
    """The sign, the test, its value and what was said of it; it opens the test over time."""
    look = use_look()
    word, _tone = interpretation_word(result)
    value = " · ".join(piece for piece in (show_value(result), word.lower()) if piece)
    words = ft.Column(
        [Text(result.title, "body"), Text(value, "label")], spacing=2, tight=True, expand=True
    )
    chevron = ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=look.palette.on_surface_variant)
    return Tappable(
        ft.Row([Sign(result), words, chevron], spacing=16),
        open_path(paths.health_trend(trend, patient_id)),
        look.palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
        row=True,
    )
