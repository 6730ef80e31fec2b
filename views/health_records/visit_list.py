"""Every visit; those of the summary alone where the server lists none."""

import flet as ft

from app import paths
from app.hooks import component, use_resource, use_revisions, use_services
from app.text import _
from services.health_records.items import Item
from services.health_records.visits import VisitRecord, visit_key
from services.saved import Saved
from views.components import Card, Loaded, NavigationRow, Text, keyed, open_path, stacked
from views.health_records.paged import Paged
from views.health_records.reading import quiet
from views.health_records.rows import ItemRow
from views.health_records.state_line import StateLines
from views.health_records.words import Part, show_fhir_date, unreadable_words


@component
def VisitList(part: Part, patient_id: str | None) -> ft.Control:
    """The visits that the server lists, and what only the summary knows of."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[tuple[VisitRecord, ...]]:
        return await services.health_records.visits(patient_id)

    found = use_resource(fetch, patient_id, revisions.health_records)

    def draw(visits: tuple[VisitRecord, ...]) -> ft.Control:
        return _Visits(visits, part, patient_id)

    return Loaded(quiet(found), draw)


@component
def _Visits(visits: tuple[VisitRecord, ...], part: Part, patient_id: str | None) -> ft.Control:
    section = part.section
    listed = {record.visit.key for record in visits}
    rest = tuple(item for item in section.items if visit_key(item) not in listed)
    if not visits and not rest and section.state != "present":
        return Card(StateLines(section))

    def row(record: VisitRecord) -> ft.Control:
        return keyed(record.visit.key, VisitRow, record, patient_id)

    def other(item: Item) -> ft.Control:
        return keyed(item.key, ItemRow, item, part.slug, patient_id)

    parts: list[ft.Control] = [Paged(visits, row)] if visits else []
    parts += [Paged(rest, other)] if rest else []
    if section.narrative and not section.items and not visits:
        parts.append(Card(Text(section.narrative)))
    if section.unreadable:
        parts.append(Card(Text(unreadable_words(section.unreadable))))
    return stacked(parts)


@component
def VisitRow(record: VisitRecord, patient_id: str | None) -> ft.Control:
    """What it was about; when, where, and whether there are papers."""
    visit = record.visit
    pieces = [show_fhir_date(visit.date), visit.facility]
    if record.papers:
        pieces.append(_("{n} papers").format(n=len(record.papers)))
    return NavigationRow(
        ft.Icons.MEDICAL_SERVICES_ROUNDED,
        visit.title,
        " · ".join(piece for piece in pieces if piece),
        open_path(paths.health_visit(visit.key, patient_id)),
        "primary",
    )
