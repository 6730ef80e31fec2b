"""A screen of the record: alone on a phone, beside the list of sections on a desktop (picture d3)."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import Ready, component, use_look
from app.text import _, show_date
from app.theme import Look
from services.health_records import HealthSummary
from services.health_records.sections import Section
from services.health_records.trends import first_day
from views.components import (
    Heading,
    LinkButton,
    Loaded,
    RecordTabs,
    Screen,
    Tappable,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.components.bell import Bell
from views.health_records.entries import share_button
from views.health_records.reading import Record, Refreshing
from views.health_records.whose import whose
from views.health_records.words import Part, is_worth_showing, parts_of, show_fhir_date

PANE_WIDTH = 384
WIDEST = 800
RAIL = 105

Draw = Callable[[HealthSummary], ft.Control]


@component
def RecordScreen(
    patient_id: str | None,
    record: Record,
    title: str,
    draw: Draw,
    selected: str,
    back: str,
    foot: tuple[ft.Control, ...] = (),
) -> ft.Control:
    """`selected` is the section's slug in the list; `back` the address of the screen above."""
    look = use_look()
    body = drawn(record, draw)
    if not look.expanded:
        return Screen(title, *body, back=back, foot=foot)
    above = paths.health(patient_id)
    up = (
        []
        if back == above
        else [LinkButton(_("Back"), open_path(back), ft.Icons.ARROW_BACK_ROUNDED)]
    )
    head = ft.Row([*up, ft.Container(Heading(title), expand=True)], spacing=8)
    return TwoPanes(patient_id, record, selected, stacked([head, *body, *foot], 12))


def drawn(record: Record, draw: Draw) -> list[ft.Control]:
    """The record drawn, with a line above it while a copy is being renewed."""
    # By keys: what was chosen on the screen stays when the line comes or goes.
    line = [keyed("line", Refreshing, record.refreshing)] if record.refreshing is not None else []
    return [*line, keyed("record", Loaded, record.found, draw)]


@component
def TwoPanes(
    patient_id: str | None, record: Record, selected: str, opened: ft.Control
) -> ft.Control:
    """The sections at the left, what is open at the right."""
    pane = stacked(
        [RecordTabs(paths.RECORDS), *whose(patient_id), _Sections(record, selected, patient_id)]
    )
    panes = ft.Row(
        [
            ft.Container(
                ft.Column([pane], scroll=ft.ScrollMode.AUTO, expand=True),
                width=PANE_WIDTH,
                padding=ft.Padding.only(left=32, right=16, bottom=16),
            ),
            ft.VerticalDivider(width=1),
            ft.Container(
                ft.Column(
                    [
                        ft.Container(
                            opened, width=pane_width(use_look()), padding=ft.Padding.only(bottom=40)
                        )
                    ],
                    scroll=ft.ScrollMode.AUTO,
                    expand=True,
                ),
                expand=True,
                padding=ft.Padding.only(left=24, right=24),
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return Screen(_("Records"), panes, actions=(*share_button(patient_id), Bell()), wide=True)


def pane_width(look: Look) -> float:
    """How wide what is open may be, in dp."""
    if look.expanded:
        return min(WIDEST, look.width - RAIL - PANE_WIDTH - 1 - 48)
    return min(WIDEST, look.width - (0 if look.compact else RAIL)) - 2 * look.margin


@component
def _Sections(record: Record, selected: str, patient_id: str | None) -> ft.Control:
    if not isinstance(record.found, Ready):
        return Loaded(record.found, lambda found: ft.Container())
    parts = [part for part in parts_of(record.found.value) if is_worth_showing(part)]
    rows = [
        keyed(part.slug, _SectionRow, part, part.slug == selected, patient_id) for part in parts
    ]
    return ft.Column(rows, spacing=4, tight=True)


@component
def _SectionRow(part: Part, selected: bool, patient_id: str | None) -> ft.Control:
    look = use_look()
    palette = look.palette
    icon, color = part.icon, palette.on_surface_variant
    if part.slug == "allergies" and part.section.findings:
        color = palette.error
    elif part.section.state == "none_confirmed":
        icon = ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED
    elif part.section.state == "no_information":
        icon = ft.Icons.HELP_OUTLINE_ROUNDED
    words = ft.Column(
        [Text(part.title, "label"), Text(in_short(part.section), "supporting", max_lines=2)],
        spacing=2,
        tight=True,
        expand=True,
    )
    row = Tappable(
        ft.Row([ft.Icon(icon, size=look.icon(24), color=color), words], spacing=16),
        open_path(paths.health_section(part.slug, patient_id)),
        palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=10),
        bgcolor=palette.secondary_container if selected else ft.Colors.TRANSPARENT,
    )
    return ft.Semantics(selected=True, content=row) if selected else row


def in_short(section: Section) -> str:  # type: ignore[type-arg]
    """A section in a line: the names of a few things, how many results, the last visit, or its state."""
    if section.state == "none_confirmed":
        return _("None")
    if section.state == "no_information":
        return _("No information yet")
    found = section.findings or section.items
    if not found:
        return _("In words only") if section.narrative else _("Could not be read")
    if section.code in ("30954-2", "8716-3"):
        return _counted(section)
    if section.code == "46240-8":
        return _("Last on {date}").format(date=show_fhir_date(found[0].date))
    names = ", ".join(item.title for item in found[:3])
    return f"{names} +{len(found) - 3}" if len(found) > 3 else names


def _counted(section: Section) -> str:  # type: ignore[type-arg]
    days = [day for item in section.items if (day := first_day(item.date)) is not None]
    count = len(section.items)
    if not days:
        return _("{n} results").format(n=count)
    return _("{n} results, last on {date}").format(n=count, date=show_date(max(days)))
