"""A report as a card: in the list of reports and on home (design guide, section 6)."""

import re
from typing import Any

import flet as ft

from app import paths
from app.hooks import component, use_look, use_services
from app.text import _, local, show_day_month, status_of
from app.theme import Look
from services.outbox import OutboxItem
from services.service_requests import ServiceRequest
from views.components.buttons import LinkButton
from views.components.cards import Card
from views.components.day_bar import DayBar
from views.components.deadline import Deadline, deadline_of, shown_status
from views.components.opening import open_path
from views.components.photo import RemotePhoto
from views.components.status_chip import StatusChip
from views.components.waiting_words import kind_word
from views.components.words import Text

END = ft.MainAxisAlignment.END
THUMBNAIL = 64
COMMON_NOUNS = re.compile(
    "^(Bên|Cạnh|Chợ|Cổng|Cuối|Dưới|Đầu|Đối|Đoạn|Đường|Gần|Góc|Hẻm|Khu|Lối|Ngã|Ngách|Ngõ|Phố|Phía"
    "|Sau|Số|Tại|Tòa|Toà|Trên|Trong|Trước|Vỉa) "
)
"""Words an address begins with that are nobody's name."""


def title_of(request: ServiceRequest) -> str:
    """What it is about and where: GeoReport has no title of its own."""
    name, address = request.service_name or _("Report"), request.address
    if not address:
        return name
    # In the middle of a title only a name keeps its capital.
    return f"{name}, {COMMON_NOUNS.sub(lambda found: found[0].lower(), address)}"


@component
def ServiceRequestCard(
    request: ServiceRequest,
    selected: bool = False,
    waiting: tuple[OutboxItem, ...] = (),
    button: ft.Ref[Any] | None = None,
) -> ft.Control:
    """Chip, title, place and date, photo, then the day bar or the reason; opens the report.

    `waiting` are acts on it that have not left yet; `button` gives the card to who moves the focus.
    """
    now = use_services().clock.now()
    look = use_look()
    deadline = deadline_of(request, now)

    async def open_report() -> None:
        await ft.context.page.push_route(paths.service_request(request.service_request_id))

    words = ft.Column(
        [
            StatusChip(shown_status(request, now)),
            Text(title_of(request), "title_small", max_lines=4 if look.large_text else 2),
            Text(_place_and_date(request), "supporting"),
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
    below = [_waits(waiting[-1], look)] if waiting else _below(request, deadline, look)
    return Card(head, *below, on_click=open_report, selected=selected, button=button)


def _place_and_date(request: ServiceRequest) -> str:
    parts = [request.ward_name] if request.ward_name else []
    if request.requested_datetime is not None:
        parts.append(show_day_month(local(request.requested_datetime).date()))
    return " · ".join(parts)


def _thumbnail(request: ServiceRequest, large_text: bool) -> list[ft.Control]:
    if not request.media or large_text:
        return []
    photo = request.media[0]
    description = photo.description or _("Photo of the report")
    return [RemotePhoto(photo.thumbnail_url or photo.url, description, THUMBNAIL, THUMBNAIL)]


def _waits(item: OutboxItem, look: Look) -> ft.Control:
    """`Câu trả lời: Chờ gửi`, or that it was refused."""
    failed = item.state == "failed"
    color = look.palette.error if failed else look.palette.tertiary
    icon = ft.Icons.ERROR_ROUNDED if failed else ft.Icons.SCHEDULE_SEND_ROUNDED
    state = status_of("failed" if failed else "queued").word
    return _Marked(icon, color, f"{kind_word(item)}: {state}")


def _below(request: ServiceRequest, deadline: Deadline | None, look: Look) -> list[ft.Control]:
    question = request.question or request.status_notes
    if request.status_code == "needs_resident" and question:
        asks = Text(_("The officer asks: “{question}”").format(question=question))
        if "answer" not in request.acts:
            return [ft.Divider(height=1), asks]
        path = paths.reply(request.service_request_id, "answer")
        answer = LinkButton(_("Answer"), open_path(path))
        if look.large_text:
            return [ft.Divider(height=1), asks, ft.Row([answer], alignment=END)]
        return [ft.Divider(height=1), ft.Row([ft.Container(asks, expand=True), answer])]
    if deadline is None or request.status_code == "done":
        return []
    if deadline.overdue:
        said = request.overdue.reason if request.overdue else ""
        raised = _("Taken to a higher level.") if request.escalation else ""
        why = said or request.status_notes or raised
        mark = ft.Icons.TRENDING_UP_ROUNDED if request.escalation else ft.Icons.SCHEDULE_ROUNDED
        return [_Marked(mark, look.palette.error, why)] if why else []
    bar = [
        DayBar(deadline.working_days, deadline.bar_today, deadline.tone, running=deadline.running)
    ]
    return [*(bar if deadline.working_days else []), _sentence(deadline)]


@component
def _Marked(icon: ft.IconData, color: str, words: str) -> ft.Control:
    look = use_look()
    return ft.Row(
        [ft.Icon(icon, size=look.icon(22), color=color), Text(words, expand=True)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _sentence(deadline: Deadline) -> ft.Control:
    due = _("due {date}").format(date=show_day_month(local(deadline.due).date()))
    return ft.Text(
        spans=[
            ft.TextSpan(deadline.sentence, style=ft.TextStyle(weight=ft.FontWeight.W_600)),
            ft.TextSpan(f" · {due}"),
        ],
        theme_style=ft.TextThemeStyle.BODY_MEDIUM,
        color=ft.Colors.ON_SURFACE,
    )
