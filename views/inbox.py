"""Messages about reports, by day: the new ones marked in words, opened ones read (picture 17b)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    Resource,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, local, show_date, show_time, show_weekday
from services.inbox import Notice
from views.components import (
    CardList,
    EmptyState,
    ErrorPanel,
    Heading,
    IconAction,
    LinkButton,
    Loaded,
    Note,
    Screen,
    Tappable,
    Text,
    keyed,
    stacked,
)
from views.components.follow_ups import FollowUps
from views.components.post_tabs import PostTabs
from views.components.pressing import LONG_AGO

UNDO_SECONDS = 6.0
"""How long "all read" can be taken back before the gateway is told."""

Icons = ft.Icons
OF_PRIVACY = {"export_ready": paths.PRIVACY_EXPORT, "privacy_answer": paths.PRIVACY_REQUESTS}
"""Where a message about one's data leads."""


@dataclass(frozen=True, slots=True)
class Marking:
    """Marking all as read: it shows at once, and the gateway is told when it can no longer be undone."""

    hidden: tuple[str, ...]
    mark: Callable[[tuple[str, ...]], None]
    undo: Callable[[], None]
    telling: Action


def use_marking() -> Marking:
    """Messages marked as read on the screen; leaving the screen tells the gateway too."""
    services, revisions, session = use_services(), use_revisions(), use_session()
    nothing: tuple[str, ...] = ()
    hidden, set_hidden = use_state(nothing)
    pending = ft.use_ref(nothing)
    page = ft.context.page

    async def tell() -> None:
        ids, pending.current = pending.current or (), ()
        if ids:
            await services.inbox.mark_read(ids)
            session.unread = max(0, session.unread - len(ids))
            revisions.inbox += 1

    telling = use_action(tell)

    async def tell_later() -> None:
        if hidden:
            await asyncio.sleep(UNDO_SECONDS)
            await telling.run()
            set_hidden(())

    def hide(ids: tuple[str, ...]) -> None:
        pending.current = ids
        set_hidden(ids)

    ft.use_effect(tell_later, [hidden], cleanup=lambda: None)
    ft.use_effect(lambda: None, [], cleanup=lambda: page.run_task(telling.run))
    return Marking(hidden, hide, lambda: hide(()), telling)


@view
def InboxView() -> ft.Control:
    """The newest day first; opening a message marks it read and leads to its report."""
    services, revisions = use_services(), use_revisions()
    notices: Resource[list[Notice]] = use_resource(
        services.inbox.list, revisions.inbox, revisions.service_requests
    )
    marking = use_marking()
    found = notices.value if isinstance(notices, Ready) else []
    unread = tuple(one.notice_id for one in found if not one.read)

    def mark_all() -> None:
        marking.mark(unread)

    parts: list[ft.Control] = [PostTabs(paths.INBOX), FollowUps()]
    if marking.hidden:
        undo = LinkButton(_("Undo"), marking.undo)
        parts.append(Note(_("All messages marked as read."), action=undo, live=True))
    parts += [ErrorPanel(marking.telling.error)] if marking.telling.error else []
    parts.append(Loaded(notices, lambda shown: Days(tuple(shown), marking.hidden)))
    fresh = [one for one in unread if one not in marking.hidden]
    button = IconAction(Icons.DONE_ALL_ROUNDED, _("Mark all as read"), mark_all)
    return Screen(_("Post"), *parts, back=paths.ME, actions=(button,) if fresh else ())


@component
def Days(notices: tuple[Notice, ...], hidden: tuple[str, ...]) -> ft.Control:
    """A heading and a card for each day; `hidden` are shown as read already."""
    today = local(use_services().clock.now()).date()
    if not notices:
        return EmptyState(
            Icons.INBOX_OUTLINED,
            _("No messages"),
            _("When the city answers one of your reports, it says so here."),
        )
    days: dict[date, list[Notice]] = {}
    for notice in sorted(notices, key=_moment, reverse=True):
        days.setdefault(local(_moment(notice)).date(), []).append(notice)
    parts: list[ft.Control] = []
    for day, found in days.items():
        rows = [
            keyed(one.notice_id, NoticeRow, one, one.read or one.notice_id in hidden)
            for one in found
        ]
        parts += [Heading(day_word(day, today), 2, "title_small"), CardList(*rows)]
    return stacked(parts, 8)


def _moment(notice: Notice) -> datetime:
    return notice.datetime or LONG_AGO


def day_word(day: date, today: date) -> str:
    """`Hôm nay`, `Hôm qua`, `Thứ Hai 12/10/2026`."""
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return f"{show_weekday(day)} {show_date(day)}"


@component
def NoticeRow(notice: Notice, read: bool) -> ft.Control:
    """Icon by kind, title, the words, time, and `Mới` with a dot while it is unread."""
    services, revisions, session, look = (
        use_services(),
        use_revisions(),
        use_session(),
        use_look(),
    )

    async def open_report() -> None:
        if not notice.read:
            await services.inbox.mark_read([notice.notice_id])
            session.unread = max(0, session.unread - 1)
            revisions.inbox += 1
        if notice.support_code:
            await ft.context.page.push_route(paths.support_case(notice.support_code))
        elif notice.application_id:
            await ft.context.page.push_route(paths.certificate(notice.application_id))
        elif notice.kind in OF_PRIVACY:
            await ft.context.page.push_route(OF_PRIVACY[notice.kind])
        elif notice.service_request_id:
            await ft.context.page.push_route(paths.service_request(notice.service_request_id))

    opening = use_action(open_report)
    title, tone, icon = kind_of(notice.kind)
    time = Text(show_time(_moment(notice)), "supporting")
    new = [] if read else [_New()]
    about = notice.support_code or notice.application_id or notice.service_request_id
    code = _("Code {code}").format(code=about)
    words: list[ft.Control] = [
        Text(title, "label"),
        *([Text(notice.description, "supporting")] if notice.description else []),
        *([Text(code, "supporting")] if about else []),
        *([ErrorPanel(opening.error)] if opening.error else []),
    ]
    when = ft.Column(
        [time, *new], spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.END
    )
    if look.large_text:
        words += [ft.Row([time, *new], wrap=True)]
    row = ft.Row(
        [
            _mark(tone, icon, look.palette),
            ft.Column(words, spacing=2, tight=True, expand=True),
            *([] if look.large_text else [when]),
        ],
        spacing=16,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return Tappable(
        row,
        opening.run,
        look.palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )


@component
def _New() -> ft.Control:
    look = use_look()
    dot = ft.Container(width=10, height=10, border_radius=5, bgcolor=look.palette.primary)
    return ft.Row([dot, Text(_("New"), "label", look.palette.primary)], spacing=6, tight=True)


def _mark(tone: str, icon: ft.IconData, palette: Any) -> ft.Control:
    fill, ink = (
        (palette.surface_container_high, palette.on_surface)
        if tone == "neutral"
        else (getattr(palette, f"{tone}_container"), getattr(palette, f"on_{tone}_container"))
    )
    return ft.Container(
        ft.Icon(icon, size=24, color=ink),
        width=44,
        height=44,
        border_radius=12,
        bgcolor=fill,
        alignment=ft.Alignment.CENTER,
    )


def kind_of(kind: str) -> tuple[str, str, ft.IconData]:
    """Title, tone and icon of a kind of message, which is the act that it tells of."""
    table = {
        **_of_certificates(),
        "export_ready": (_("Your data is ready to download"), "primary", Icons.DOWNLOAD_ROUNDED),
        "privacy_answer": (_("An answer about your data"), "lake", Icons.PRIVACY_TIP_OUTLINED),
        **_of_support(),
        "accept": (_("Your report is being worked on"), "lake", Icons.CONSTRUCTION_ROUNDED),
        "ask": (_("The officer needs your answer"), "lotus", Icons.EDIT_NOTE_ROUNDED),
        "transfer": (_("Your report was passed on"), "neutral", Icons.MOVE_DOWN_ROUNDED),
        "merge": (_("Merged with another report"), "neutral", Icons.CALL_MERGE_ROUNDED),
        "split": (_("Your report was parted in two"), "neutral", Icons.CALL_SPLIT_ROUNDED),
        "done": (_("Fixed, please look at the result"), "primary", Icons.CHECK_CIRCLE_ROUNDED),
        "reject": (_("Your report was closed"), "neutral", Icons.TASK_ALT_ROUNDED),
        "reopen": (_("The report was opened again"), "lake", Icons.REPLAY_ROUNDED),
        "withdraw": (_("The report was withdrawn"), "neutral", Icons.UNDO_ROUNDED),
        "note": (_("News of a report"), "lake", Icons.CAMPAIGN_ROUNDED),
        "escalate": (_("Your report is late"), "error", Icons.ALARM_ROUNDED),
        "resume": (_("The time runs on without your answer"), "tertiary", Icons.TIMER_OUTLINED),
    }
    return table.get(kind, (_("News of a report"), "lake", Icons.CAMPAIGN_ROUNDED))


def _of_certificates() -> dict[str, tuple[str, str, ft.IconData]]:
    return {
        "certificate_ready": (_("Your certificate is ready"), "primary", Icons.VERIFIED_ROUNDED),
        "certificate_refused": (_("Your application was refused"), "neutral", Icons.BLOCK_ROUNDED),
        "certificate_question": (
            _("The agency needs your answer"),
            "lotus",
            Icons.EDIT_NOTE_ROUNDED,
        ),
        "certificate_answer": (_("The agency answered you"), "lake", Icons.CHAT_ROUNDED),
        "certificate_late": (_("Your certificate is late"), "error", Icons.ALARM_ROUNDED),
        "certificate_revoked": (_("Your certificate was revoked"), "error", Icons.BLOCK_ROUNDED),
        "certificate_closed": (
            _("Your application was closed, not paid in time"),
            "neutral",
            Icons.BLOCK_ROUNDED,
        ),
    }


def _of_support() -> dict[str, tuple[str, str, ft.IconData]]:
    return {
        "support_opened": (
            _("Support opened your bundle"),
            "neutral",
            Icons.VISIBILITY_OUTLINED,
        ),
        "support_answer": (_("Support answered you"), "lotus", Icons.CHAT_ROUNDED),
        "support_engineers": (
            _("The engineers look at your bundle"),
            "lake",
            Icons.CONSTRUCTION_ROUNDED,
        ),
    }
