"""The health record's overview: allergies first (design pictures 11a and 11b)."""

import flet as ft

from app import paths
from app.hooks import component, use_look, view
from app.text import _
from services.health_records import HealthSummary
from services.health_records.items import Item
from services.health_records.trends import trends_of
from views.components import (
    CardList,
    EmptyState,
    Heading,
    LinkButton,
    NavigationRow,
    Note,
    RecordTabs,
    Screen,
    Tappable,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.components.lock_offer import LockOffer
from views.health_records.copies import AskAboutCopies
from views.health_records.entries import entries, share_button
from views.health_records.frame import TwoPanes, drawn
from views.health_records.holder import Holder
from views.health_records.reading import use_record
from views.health_records.rows import ItemRow, TrendRow
from views.health_records.state_line import StateLines
from views.health_records.whose import use_patient, whose
from views.health_records.words import (
    Part,
    is_worth_showing,
    parts_of,
    second_line,
    show_fhir_date,
    unreadable_words,
)

IN_ONE_CARD = (
    "conditions",
    "medicines",
    "procedures",
    "blood-group",
    "risk-factors",
    "past-conditions",
)
IN_BRIEF = 3
"""How many lines of a long section the overview shows."""


@view
def HealthRecordView() -> ft.Control:
    """What a doctor asks first, on one screen."""
    patient_id = use_patient()
    return keyed(patient_id or "own", _Record, patient_id)


@component
def _Record(patient_id: str | None) -> ft.Control:
    record, look = use_record(patient_id), use_look()

    def draw(found: HealthSummary) -> ft.Control:
        return Overview(found, patient_id)

    if look.expanded:
        beside = drawn(record, lambda found: Beside(found, patient_id))
        return TwoPanes(patient_id, record, "", stacked([AskAboutCopies(patient_id), *beside]))
    return Screen(
        _("Records"),
        RecordTabs(paths.RECORDS),
        *whose(patient_id),
        AskAboutCopies(patient_id),
        *drawn(record, draw),
        foot=share_button(patient_id),
    )


def Overview(summary: HealthSummary, patient_id: str | None = None) -> ft.Control:
    """The person, allergies, the short card, then each longer section."""
    parts = [part for part in parts_of(summary) if is_worth_showing(part)]
    short = [part for part in parts if part.slug in IN_ONE_CARD]
    longer = [part for part in parts[1:] if part.slug not in IN_ONE_CARD]
    shown: list[ft.Control] = [Holder(summary.patient), AllergyCard(parts[0], patient_id)]
    shown += _emptiness(summary)
    shown.append(CardList(*[keyed(p.slug, PartRow, p, patient_id) for p in short]))
    shown += [keyed(part.slug, LongPart, part, patient_id) for part in longer]
    if summary.unreadable:
        shown.append(Text(unreadable_words(summary.unreadable), "supporting"))
    return stacked([*shown, LockOffer(), *_below(summary, patient_id)], 12)


def Beside(summary: HealthSummary, patient_id: str | None) -> ft.Control:
    """On a desktop, where no section is open yet: the person, the allergies, how to read."""
    choose = EmptyState(ft.Icons.ARROW_BACK_ROUNDED, _("Choose an item on the left"))
    shown = [Holder(summary.patient), AllergyCard(parts_of(summary)[0], patient_id)]
    shown += [*_emptiness(summary), choose]
    if summary.unreadable:
        shown.append(Text(unreadable_words(summary.unreadable), "supporting"))
    return stacked([*shown, LockOffer(), *_below(summary, patient_id)], 12)


def _emptiness(summary: HealthSummary) -> list[ft.Control]:
    if not summary.is_empty:
        return []
    return [Note(_("Your record is empty."), _("It fills when a facility sends your first visit."))]


def _below(summary: HealthSummary, patient_id: str | None) -> list[ft.Control]:
    shown: list[ft.Control] = [Updated(summary)]
    if ways := entries(patient_id):
        rows = [NavigationRow(way.icon, way.words, "", open_path(way.path)) for way in ways]
        shown.append(CardList(*rows))
    return [*shown, HowToRead()]


@component
def AllergyCard(part: Part, patient_id: str | None) -> ft.Control:
    """In brick when there is an allergy; quiet when there is none or nothing is known."""
    look = use_look()
    palette, section = look.palette, part.section
    is_alarm = bool(section.findings or section.unreadable or not section.items)
    if section.state != "present" or not is_alarm:
        return CardList(PartRow(part, patient_id))
    ink = palette.on_error_container
    lines: list[ft.Control] = [Text(part.title, "small_label", ink)]
    for item in section.findings[:ALLERGIES]:
        lines.append(Text(item.title, "title_small", ink))
        if below := second_line(item):
            lines.append(Text(below, "body", ink))
    if (more := len(section.findings) - ALLERGIES) > 0:
        lines.append(Text(_("and {n} more").format(n=more), "label", ink))
    if section.narrative and not section.items:
        lines.append(Text(section.narrative, "body", ink))
    if section.unreadable:
        lines.append(Text(unreadable_words(section.unreadable), "body", ink))
    return Tappable(
        ft.Row(
            [
                ft.Icon(ft.Icons.WARNING_ROUNDED, size=look.icon(28), color=ink),
                ft.Column(lines, spacing=2, tight=True, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=ink),
            ],
            spacing=14,
        ),
        open_path(paths.health_section(part.slug, patient_id)),
        palette,
        bgcolor=palette.error_container,
    )


ALLERGIES = 12
"""How many allergies the card names; nobody may miss one for want of a tap."""


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
    go = open_path(paths.health_section(part.slug, patient_id))
    return Tappable(ft.Row([words, chevron]), go, palette, row=True)


@component
def LongPart(part: Part, patient_id: str | None) -> ft.Control:
    """A section with a heading of its own, its newest lines and the way to all of it."""
    rows, count = _brief(part, patient_id)
    go = open_path(paths.health_section(part.slug, patient_id))
    words = _("See all") if part.slug == "visits" else _("See all {n}").format(n=count)
    more = [LinkButton(words, go)] if count > len(rows) else []
    head = ft.Row([ft.Container(Heading(part.title), expand=True), *more])
    if not rows:
        rows = [Tappable(StateLines(part.section), go, use_look().palette, row=True)]
    elif part.section.unreadable:
        unread = Text(unreadable_words(part.section.unreadable), "supporting")
        rows.append(ft.Container(unread, padding=16))
    return stacked([head, CardList(*rows)], 8)


def _brief(part: Part, patient_id: str | None) -> tuple[list[ft.Control], int]:
    """(the rows to show, how many there are)."""
    items: tuple[Item, ...] = part.section.items
    if part.slug in ("results", "vital-signs"):
        trends = trends_of(part.section.items)
        shown = trends[:IN_BRIEF]
        return [keyed(trend.key, TrendRow, trend, patient_id) for trend in shown], len(trends)
    if part.slug == "immunizations":
        # What is due next, then what was given last.
        due = [item for item in items if item.status == "due"][:1]
        given = [item for item in items if item.status != "due"]
        chosen = [*given[: IN_BRIEF - len(due)], *due]
    else:
        chosen = list(items[:IN_BRIEF])
    rows = [keyed(item.key, ItemRow, item, part.slug, patient_id) for item in chosen]
    # The list of visits may know more than the summary does, so it can always be opened.
    return rows, len(items) + (1 if part.slug == "visits" and rows else 0)


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
            [ft.Icon(icon, size=22, color=color), ft.Container(_bold_first(words), expand=True)],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, color, words in lines
    ]
    return ft.Column([Heading(_("How to read this record")), *rows], spacing=8, tight=True)


def _bold_first(words: str) -> ft.Text:
    """The term before the colon in bold, in one text for the screen reader."""
    term, colon, rest = words.partition(":")
    shown = Text("")
    bold = ft.TextStyle(weight=ft.FontWeight.W_600)
    shown.spans = [ft.TextSpan(term + colon, style=bold), ft.TextSpan(rest)]
    return shown
