"""Where a report stands against its deadline, in an officer's words; and what weighs on it."""

from __future__ import annotations

import flet as ft

from app import paths
from app.hooks import component, use_look, use_services
from app.text import _
from services.desk_records import DeskReport
from services.service_requests import ServiceRequest
from views.components import Card, DayBar, LinkButton, Note, StatusChip, Text, open_path, stacked
from views.desk.words import desk_deadline, desk_status_of, level_words, urgency_status


@component
def ReportState(report: DeskReport) -> ft.Control:
    """Chips, sentence, due date, day bar, and notes: question, reason, hoax, other parts."""
    look, now = use_look(), use_services().clock.now()
    request = report.request
    deadline = desk_deadline(request, now)
    edge = getattr(look.palette, deadline.tone) if deadline else None
    chips = [desk_status_of(request.status_code), urgency_status(request.urgency)]
    row = ft.Row([StatusChip(chip) for chip in chips if chip], wrap=True, spacing=6)
    parts: list[ft.Control] = [row]
    if deadline is not None and request.status == "open":
        parts.append(Text(deadline.sentence, "title"))
        position = f" · {deadline.position}" if deadline.position else ""
        parts.append(Text(deadline.due_sentence + position, "supporting"))
        if deadline.working_days:
            parts.append(
                DayBar(
                    deadline.working_days,
                    deadline.bar_today,
                    deadline.tone,
                    labels=True,
                    running=deadline.running,
                )
            )
    who = report.assigned_name
    whose = _("Taken care of by {name}").format(name=who) if who else _("Nobody's yet")
    parts.append(Text(f"{request.agency.name} · {whose}" if request.agency.name else whose))
    return stacked([Card(*parts, edge=edge), *_notes(report)], 8)


def _notes(report: DeskReport) -> list[ft.Control]:
    request = report.request
    notes: list[ft.Control] = []
    if request.question:
        notes.append(Note(_("You asked:"), request.question, "lotus"))
    if request.overdue is not None and request.overdue.reason:
        notes.append(Note(_("Why it is late:"), request.overdue.reason, "neutral"))
    if request.escalation:
        notes.append(Note(level_words(request.escalation), tone="error"))
    if report.hoax:
        notes.append(Note(_("Flagged as a hoax."), tone="error", icon=ft.Icons.FLAG_ROUNDED))
    if request.reason is not None:
        notes.append(Note(request.reason.text, request.status_notes, "neutral"))
    if request.rating is not None:
        notes.append(_rating(request))
    return [*notes, *_links(request)]


def _rating(request: ServiceRequest) -> ft.Control:
    words = {
        "satisfied": _("Satisfied"),
        "acceptable": _("Acceptable"),
        "unsatisfied": _("Not good"),
    }
    rating = request.rating
    value = rating.value if rating else ""
    first = _("The resident says: {rating}.").format(rating=words.get(value, value))
    return Note(first, rating.comment if rating else "", "neutral", ft.Icons.REVIEWS_OUTLINED)


def _links(request: ServiceRequest) -> list[ft.Control]:
    """The reports that this one came from or went into."""
    found = [
        (request.merged_into, _("Merged into {code}")),
        (request.split_from, _("Split from {code}")),
        *((one, _("Split into {code}")) for one in request.split_into),
    ]
    return [
        ft.Row([LinkButton(words.format(code=code), open_path(paths.desk_report(code)))], wrap=True)
        for code, words in found
        if code
    ]
