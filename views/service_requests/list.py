"""The resident's reports: what waits, what is under way, what is done (pictures 06, d2)."""

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
    view,
)
from app.text import _, show_time
from app.theme import style
from services.service_requests import KIND, ServiceRequest
from views.components import EmptyState, Note, Screen, TonalButton, keyed
from views.service_requests.detail import DetailPane, DetailScreen
from views.service_requests.list_pane import ListPane, Reports, begin_report

PANE_WIDTH = 400


@view
def ServiceRequestListView() -> ft.Control:
    """The list; on a desktop beside the place where a report opens."""
    return ReportsScreen(None)


@view
def ServiceRequestView() -> ft.Control:
    """The report that the address names; on a desktop beside the list."""
    service_request_id = unquote(ft.use_route_params().get("service_request_id", ""))
    if use_look().expanded:
        return ReportsScreen(service_request_id)
    return keyed(service_request_id, DetailScreen, service_request_id)


@view
def ReportsScreen(selected: str | None) -> ft.Control:
    """The list alone, or from 1240 dp the list and the report that the address names."""
    services, revisions = use_services(), use_revisions()
    look = use_look()
    mine: Resource[list[ServiceRequest]] = use_resource(
        services.service_requests.list_mine, revisions.service_requests
    )
    waiting = use_resource(services.outbox.list, revisions.outbox, revisions.service_requests)
    drafts = use_resource(services.service_requests.drafts, revisions.outbox)
    queue = tuple(waiting.value) if isinstance(waiting, Ready) else ()
    kept = tuple(drafts.value) if isinstance(drafts, Ready) else ()
    reports = Reports(mine, tuple(one for one in queue if one.kind == KIND), kept)
    report = TonalButton(_("Send a report"), begin_report, ft.Icons.PHOTO_CAMERA_ROUNDED)
    pane = ListPane(reports, selected)
    if look.expanded:
        panes = _panes(pane, selected)
        return Screen(_("Reports"), panes, strip=_strip(mine), actions=(report,), wide=True)
    return Screen(
        _("Reports"),
        pane,
        strip=_strip(mine),
        actions=() if look.compact or reports.empty else (report,),
        floating=FloatingReport() if look.compact and not reports.empty else None,
    )


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


def _panes(pane: ft.Control, selected: str | None) -> ft.Control:
    nothing = EmptyState(ft.Icons.ARROW_BACK_ROUNDED, _("Choose an item on the left"))
    return ft.Row(
        [
            ft.Container(
                ft.Column([pane], scroll=ft.ScrollMode.AUTO, expand=True),
                width=PANE_WIDTH,
                padding=ft.Padding.only(left=32, right=16),
            ),
            ft.VerticalDivider(width=1),
            ft.Container(
                keyed(selected, DetailPane, selected) if selected else nothing,
                expand=True,
                padding=ft.Padding.only(left=24, right=24),
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _strip(mine: Resource[list[ServiceRequest]]) -> ft.Control | None:
    if not isinstance(mine, Ready) or mine.as_of is None:
        return None
    words = _("Showing the copy saved at {time}.").format(time=show_time(mine.as_of))
    return Note(_("No network."), words, "tertiary", live=True, strip=True)
