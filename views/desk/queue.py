"""The officers' desk: the queue, and from 1240 dp the report beside it."""

from __future__ import annotations

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import component, use_look, view
from app.text import _
from views.components import EmptyState, Screen, keyed
from views.desk.admission import Admitted
from views.desk.queue_pane import QueuePane, use_queue
from views.desk.report import ReportPane, ReportScreen

PANE_WIDTH = 420


@view
def DeskView() -> ft.Control:
    """The queue; on a desktop beside the place where a report opens."""
    return Admitted(lambda: QueueScreen(None))


@view
def DeskReportView() -> ft.Control:
    """The report that the address names; on a desktop beside the queue."""
    service_request_id = unquote(ft.use_route_params().get("service_request_id", ""))
    return Admitted(lambda: _Report(service_request_id))


@component
def _Report(service_request_id: str) -> ft.Control:
    if use_look().expanded:
        return QueueScreen(service_request_id)
    return keyed(service_request_id, ReportScreen, service_request_id)


@component
def QueueScreen(selected: str | None) -> ft.Control:
    """The queue alone, or the queue and the report that the address names."""
    look = use_look()
    if look.expanded and selected is None and ft.use_route_location() != paths.DESK:
        # Covered by a report's own screen, which draws the queue again: once is enough.
        return ft.Container()
    return _Queue(selected)


@component
def _Queue(selected: str | None) -> ft.Control:
    queue, look = use_queue(), use_look()
    pane = QueuePane(queue, selected)
    if not look.expanded:
        return Screen(_("Officers' desk"), pane, back=paths.ME)
    return Screen(_("Officers' desk"), _panes(pane, selected), back=paths.ME, wide=True)


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
                keyed(selected, ReportPane, selected) if selected else nothing,
                expand=True,
                padding=ft.Padding.only(left=24, right=24),
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
