"""One report in the queue: what it is, how long there is, and whose it is."""

from __future__ import annotations

import flet as ft

from app import paths
from app.hooks import component, use_look, use_services
from app.text import Status, _, local, show_day_month
from services.desk_records import DeskReport
from services.service_requests import ServiceRequest
from views.components import Card, DayBar, RemotePhoto, StatusChip, Text, title_of
from views.desk.words import desk_deadline, desk_status, desk_status_of, urgency_status

THUMBNAIL = 64


@component
def QueueCard(report: DeskReport, selected: bool = False) -> ft.Control:
    """State and urgency, title, place and day, photo, day bar, who takes care of it."""
    look, now = use_look(), use_services().clock.now()
    request = report.request

    async def open_report() -> None:
        await ft.context.page.push_route(paths.desk_report(request.service_request_id))

    late = desk_status(request, now)
    state = desk_status_of(request.status_code)
    chips = [
        *([late] if late.word != state.word else []),
        state,
        urgency_status(request.urgency),
        _hoax(report),
    ]
    words = ft.Column(
        [
            ft.Row([StatusChip(chip) for chip in chips if chip], wrap=True, spacing=6),
            Text(title_of(request), "title_small", max_lines=4 if look.large_text else 2),
            Text(_place_and_day(request), "supporting"),
        ],
        spacing=6,
        tight=True,
        expand=True,
    )
    head = ft.Row(
        [words, *_thumbnail(request, look.large_text)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return Card(head, *_time(request), _Whose(report), on_click=open_report, selected=selected)


@component
def _Whose(report: DeskReport) -> ft.Control:
    look = use_look()
    name = report.assigned_name
    icon = ft.Icons.PERSON_ROUNDED if name else ft.Icons.PERSON_OFF_OUTLINED
    ink = look.palette.on_surface_variant
    return ft.Row(
        [
            ft.Icon(icon, size=look.icon(18), color=ink),
            Text(name or _("Nobody's yet"), "supporting", expand=True),
        ],
        spacing=6,
    )


def _time(request: ServiceRequest) -> list[ft.Control]:
    deadline = desk_deadline(request, use_services().clock.now())
    if deadline is None or request.status == "closed":
        return []
    due = _("due {date}").format(date=show_day_month(local(deadline.due).date()))
    words = due if deadline.overdue else f"{deadline.sentence} · {due}"
    sentence = Text(words, "supporting")
    if not deadline.working_days:
        return [sentence]
    bar = DayBar(deadline.working_days, deadline.bar_today, deadline.tone, running=deadline.running)
    return [bar, sentence]


def _place_and_day(request: ServiceRequest) -> str:
    parts = [request.ward_name] if request.ward_name else []
    if request.requested_datetime is not None:
        parts.append(show_day_month(local(request.requested_datetime).date()))
    return " · ".join(parts)


def _thumbnail(request: ServiceRequest, large_text: bool) -> list[ft.Control]:
    if not request.media or large_text:
        return []
    photo = request.media[0]
    said = photo.description or _("Photo of the report")
    return [RemotePhoto(photo.thumbnail_url or photo.url, said, THUMBNAIL, THUMBNAIL)]


def _hoax(report: DeskReport) -> Status | None:
    return Status(_("Hoax"), "error", ft.Icons.FLAG_ROUNDED) if report.hoax else None
