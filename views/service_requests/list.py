"""The resident's reports: what waits, what is under way, what is done (pictures 06, d2)."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

import flet as ft

from app.hooks import (
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    view,
)
from app.text import _
from app.theme import style
from services import Services
from services.saved import Saved
from services.service_requests import KIND, ServiceRequest
from views.components import EmptyState, Screen, TonalButton, keyed
from views.components.bell import Bell
from views.components.needing import count_for_badge
from views.components.replying import ANSWER, REOPEN
from views.service_requests.detail import DetailPane, DetailScreen
from views.service_requests.list_pane import ListPane, Reports, acts_by_report, begin_report
from views.service_requests.reading import saved_strip
from views.service_requests.reply_form import ReplyScreen

PANE_WIDTH = 400


@view
def ServiceRequestListView() -> ft.Control:
    """The list; on a desktop beside the place where a report opens."""
    return ReportsScreen(None)


@view
def ServiceRequestView() -> ft.Control:
    """The report that the address names; on a desktop beside the list."""
    service_request_id = _named()
    if use_look().expanded:
        return ReportsScreen(service_request_id)
    return keyed(service_request_id, DetailScreen, service_request_id)


@view
def AnswerView() -> ft.Control:
    """Answering the officer's question."""
    return _replying(ANSWER)


@view
def ReopenView() -> ft.Control:
    """Opening a closed report again."""
    return _replying(REOPEN)


def _replying(act: str) -> ft.Control:
    service_request_id, look = _named(), use_look()
    if look.expanded:
        return ReportsScreen(service_request_id, act)
    return keyed(f"{act} {service_request_id}", ReplyScreen, service_request_id, act, False)


def _named() -> str:
    return unquote(ft.use_route_params().get("service_request_id", ""))


@view
def ReportsScreen(selected: str | None, act: str = "") -> ft.Control:
    """The list alone, or from 1240 dp the list and the report that the address names."""
    services, revisions, session = use_services(), use_revisions(), use_session()
    look = use_look()
    mine: Resource[list[ServiceRequest]] = use_resource(
        services.service_requests.list_mine, revisions.service_requests
    )
    followed: Resource[list[ServiceRequest]] = use_resource(
        _followed(services), revisions.service_requests
    )
    waiting = use_resource(services.outbox.list, revisions.outbox, revisions.service_requests)
    drafts = use_resource(services.service_requests.drafts, revisions.outbox)
    queue = tuple(waiting.value) if isinstance(waiting, Ready) else ()
    kept = tuple(drafts.value) if isinstance(drafts, Ready) else ()
    unsent = tuple(one for one in queue if one.kind == KIND)
    reports = Reports(mine, followed, unsent, kept, acts_by_report(queue))
    count_for_badge(session, mine)
    report = TonalButton(_("Send a report"), begin_report, ft.Icons.PHOTO_CAMERA_ROUNDED)
    pane = ListPane(reports, selected)
    if look.expanded:
        panes = _panes(pane, selected, act)
        return Screen(
            _("Reports"), panes, strip=saved_strip(mine), actions=(report, Bell()), wide=True
        )
    return Screen(
        _("Reports"),
        pane,
        strip=saved_strip(mine),
        actions=() if look.compact or reports.empty else (report,),
        floating=FloatingReport() if look.compact and not reports.empty else None,
    )


def _followed(services: Services) -> Callable[[], Awaitable[Saved[list[ServiceRequest]]]]:
    """What the resident follows; a city without our extension knows no following."""

    async def fetch() -> Saved[list[ServiceRequest]]:
        if not services.service_requests.extended:
            return Saved([])
        return await services.service_requests.list_followed()

    return fetch


@component
def FloatingReport() -> ft.Control:
    """The list's one filled button, over the list; the only thing with a shadow."""
    look = use_look()
    ink = look.palette.on_primary
    shape = ft.ButtonStyle(
        shape=ft.RoundedRectangleBorder(radius=16),
        elevation=3,
        padding=ft.Padding.symmetric(horizontal=20, vertical=14),
    )
    words = ft.Text(_("Send a report"), style=style("label_large", look.scale, ink))
    return ft.FilledButton(
        content=words,
        icon=ft.Icon(ft.Icons.PHOTO_CAMERA_ROUNDED, size=look.icon(24), color=ink),
        style=shape,
        height=max(56, 56 * look.scale * 0.8),
        on_click=begin_report,
    )


def _panes(pane: ft.Control, selected: str | None, act: str) -> ft.Control:
    opened: ft.Control
    if selected is None:
        opened = EmptyState(ft.Icons.ARROW_BACK_ROUNDED, _("Choose an item on the left"))
    elif act:
        opened = keyed(f"{act} {selected}", ReplyScreen, selected, act, True)
    else:
        opened = keyed(selected, DetailPane, selected)
    return ft.Row(
        [
            ft.Container(
                ft.Column([pane], scroll=ft.ScrollMode.AUTO, expand=True),
                width=PANE_WIDTH,
                padding=ft.Padding.only(left=32, right=16),
            ),
            ft.VerticalDivider(width=1),
            ft.Container(opened, expand=True, padding=ft.Padding.only(left=24, right=24)),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
