"""The deadline of a report, large; and the last word on it where there is one."""

from datetime import datetime

import flet as ft

from app.hooks import component, use_look, use_services
from app.text import HOTLINE, _
from services.service_requests import ServiceRequest
from views.components import (
    Card,
    DayBar,
    Deadline,
    Note,
    StatusChip,
    Text,
    deadline_of,
    shown_status,
)


@component
def DeadlineCard(request: ServiceRequest) -> ft.Control:
    """Status, sentence, due date and day bar, read as one."""
    look = use_look()
    now = use_services().clock.now()
    deadline = deadline_of(request, now)
    edge = getattr(look.palette, deadline.tone) if deadline else None
    return Card(*_parts(request, deadline, now), edge=edge)


def _parts(request: ServiceRequest, deadline: Deadline | None, now: datetime) -> list[ft.Control]:
    chip = ft.Container(StatusChip(shown_status(request, now)), expand=True)
    if deadline is None:
        return [chip, Text(_("No deadline was given."), "supporting")] if _open(request) else [chip]
    position = [Text(deadline.position, "supporting")] if deadline.position else []
    parts: list[ft.Control] = [
        ft.Row([chip, *position], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        ft.Semantics(
            heading_level=3, header=True, content=Text(deadline.sentence, "headline_small")
        ),
        Text(deadline.due_sentence, "supporting"),
    ]
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
    return parts


@component
def Outcome(request: ServiceRequest) -> ft.Control:
    """The officer's question, the reason, or the result; nothing where there is none."""
    notes = request.status_notes
    table = {
        "needs_resident": (_("The officer asks:"), "lotus"),
        "done": (_("Result:"), "primary"),
        "rejected": (_("Why it was closed:"), "neutral"),
        "transferred": (_("Passed on:"), "neutral"),
    }
    deadline = deadline_of(request, use_services().clock.now())
    late = deadline is not None and deadline.overdue
    phrase, tone = table.get(request.status_code, (_("Why it is late:"), "error" if late else ""))
    if not notes or not tone:
        return ft.Container(height=0)
    note = Note(phrase, notes, tone)
    if request.status_code != "needs_resident":
        return note
    words = _("Answering in the app comes later. Call {hotline} and give the code of the report.")
    answer = Text(words.format(hotline=HOTLINE), "supporting")
    return ft.Column([note, answer], spacing=8, tight=True)


def _open(request: ServiceRequest) -> bool:
    return request.status == "open"
