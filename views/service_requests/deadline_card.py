"""The deadline of a report, large: how long it still takes, or how it ended (pictures 07a, 07b)."""

from datetime import datetime

import flet as ft

from app.hooks import component, use_look, use_services
from app.text import HOTLINE, _, local, ngettext, show_date, show_day_month, show_time
from services.service_requests import ServiceRequest
from views.components import (
    Card,
    DayBar,
    Deadline,
    StatusChip,
    Text,
    deadline_of,
    shown_status,
)


@component
def DeadlineCard(request: ServiceRequest) -> ft.Control:
    """Status, sentence, due date and day bar, read as one; what is fixed says when it was."""
    look = use_look()
    now = use_services().clock.now()
    deadline = deadline_of(request, now)
    if request.status_code == "done":
        return _Fixed(request, deadline)
    edge = getattr(look.palette, deadline.tone) if deadline else None
    return Card(*_parts(request, deadline, now), edge=edge)


@component
def _Fixed(request: ServiceRequest, deadline: Deadline | None) -> ft.Control:
    """`Đã xử lý. Xong 09:20, 16/10 · sớm 1 ngày làm việc`, in jade."""
    look = use_look()
    ink = look.palette.on_primary_container
    when = _done_at(request)
    lines = [line for line in (when, _against(request, deadline)) if line]
    words = ft.Column(
        [
            ft.Semantics(
                heading_level=3, header=True, content=Text(_("Fixed"), "title_small", ink)
            ),
            *([Text(" · ".join(lines), "supporting", ink)] if lines else []),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    mark = ft.Icon(ft.Icons.CHECK_CIRCLE_ROUNDED, size=look.icon(32), color=ink)
    return ft.Container(
        ft.Row([mark, words], spacing=16, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=16,
        border_radius=16,
        bgcolor=look.palette.primary_container,
    )


def _against(request: ServiceRequest, deadline: Deadline | None) -> str:
    """How it was done against its deadline."""
    if deadline is None or request.updated_datetime is None:
        return ""
    done = local(request.updated_datetime).date()
    early = sum(day > done for day in request.working_days)
    if early:
        return ngettext("{n} working day early", "{n} working days early", early)
    return _("on time") if request.updated_datetime <= deadline.due else _("after the deadline")


def _done_at(request: ServiceRequest) -> str:
    moment = request.updated_datetime
    if moment is None:
        return ""
    day = show_day_month(local(moment).date())
    return _("Done {time}, {date}").format(time=show_time(moment), date=day)


def _parts(request: ServiceRequest, deadline: Deadline | None, now: datetime) -> list[ft.Control]:
    chip = ft.Container(StatusChip(shown_status(request, now)), expand=True)
    if deadline is None:
        still_open = request.status == "open"
        return [chip, Text(_("No deadline was given."), "supporting")] if still_open else [chip]
    position = [Text(deadline.position, "supporting")] if deadline.position else []
    parts: list[ft.Control] = [
        ft.Row([chip, *position], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        ft.Semantics(
            heading_level=3, header=True, content=Text(deadline.sentence, "headline_small")
        ),
        Text(_due(request, deadline), "supporting"),
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
    if deadline.overdue and request.escalation:
        parts.append(_Raised(request.escalation))
    return parts


def _due(request: ServiceRequest, deadline: Deadline) -> str:
    if request.paused_since is None or request.status_code != "needs_resident":
        return deadline.due_sentence
    day = show_date(local(request.paused_since).date())
    stopped = (
        _("Time stopped {time}, {date}. It runs on when you have answered.")
        if request.mine
        else _("Time stopped {time}, {date}. It runs on when the sender has answered.")
    )
    return stopped.format(time=show_time(request.paused_since), date=day)


@component
def _Raised(level: int) -> ft.Control:
    """How far up a late report was taken."""
    look = use_look()
    words = ngettext(
        "Taken {n} level up because it is late.", "Taken {n} levels up because it is late.", level
    )
    sentence = words + " " + _("You can also call {hotline}.").format(hotline=HOTLINE)
    mark = ft.Icon(ft.Icons.TRENDING_UP_ROUNDED, size=look.icon(22), color=look.palette.error)
    return ft.Row(
        [mark, Text(sentence, expand=True)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
