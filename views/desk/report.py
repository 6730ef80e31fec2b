"""One report on the desk: what can be done with it first, then everything there is to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import (
    Loading,
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _
from services.desk_records import DeskOverview, DeskReport
from services.errors import NotFound, NotPermitted
from views.components import (
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    Note,
    Screen,
    Text,
    keyed,
    open_path,
    stacked,
    title_of,
)
from views.desk.acting import Desk
from views.desk.acts import Acts
from views.desk.drafting import WithDraft, use_act_drafts
from views.desk.forms import ActForm
from views.desk.history import History, Log
from views.desk.presence import Presence
from views.desk.reading import About, Reporter
from views.desk.report_state import ReportState
from views.desk.words import act_of


@dataclass(frozen=True, slots=True)
class Opened:
    """The report as it is asked for again and again, the lists for its forms, what was just done."""

    report: Resource[DeskReport]
    overview: Resource[DeskOverview]
    done: str
    set_done: Callable[[str], None]


def use_opened(service_request_id: str) -> Opened:
    """The report and what its forms need; asked for again when reports change."""
    services, revisions = use_services(), use_revisions()
    done, set_done = use_state("")

    async def fetch() -> DeskReport:
        return await services.desk.get(service_request_id)

    report: Resource[DeskReport] = use_resource(
        fetch, service_request_id, revisions.service_requests
    )
    overview: Resource[DeskOverview] = use_resource(services.desk.overview)
    return Opened(report, overview, done, set_done)


@component
def ReportScreen(service_request_id: str) -> ft.Control:
    """The report on its own screen."""
    opened = use_opened(service_request_id)
    return Screen(_("Report"), Shown(opened, service_request_id, False), back=paths.DESK)


@component
def ReportPane(service_request_id: str) -> ft.Control:
    """The report beside the queue."""
    opened = use_opened(service_request_id)
    shown = Shown(opened, service_request_id, True)
    return ft.Column([ft.Container(shown, width=800)], scroll=ft.ScrollMode.AUTO, expand=True)


@component
def Shown(opened: Opened, service_request_id: str, panes: bool) -> ft.Control:
    """The report; or what was done to it, when it has left this agency by that."""
    # Always there: a part that comes and goes would take the state of those after it along.
    told = _Done(opened.done)
    if isinstance(opened.report, Ready) and isinstance(opened.overview, Ready):
        detail = Detail(opened.report.value, opened.overview.value, opened.set_done, panes)
        return stacked([told, detail], 0)
    if isinstance(getattr(opened.report, "error", None), (NotFound, NotPermitted)):
        return stacked([told, _Gone()], 0)
    failed = opened.overview if isinstance(opened.report, Ready) else opened.report
    return Loaded(failed, lambda found: ft.Container(height=0))


@component
def _Done(act: str) -> ft.Control:
    if not act:
        return ft.Container(height=0)
    told = Note(act_of(act).sent, tone="primary", live=True)
    return ft.Container(told, padding=ft.Padding.only(bottom=12))


@component
def _Gone() -> ft.Control:
    return EmptyState(
        ft.Icons.SEARCH_OFF_ROUNDED,
        _("This report is not at your agency"),
        _("It was passed on, or the code is mistyped."),
        LinkButton(_("Back to the queue"), open_path(paths.DESK)),
    )


@component
def Detail(
    report: DeskReport, overview: DeskOverview, done: Callable[[str], None], panes: bool
) -> ft.Control:
    """Title, who else is here, state and acts (or one act's form), then all that is known."""
    look = use_look()
    request = report.request
    drafts = use_act_drafts(request.service_request_id)
    act, set_act = use_state("")
    acted_on, set_acted_on = use_state(0)
    desk = Desk(report, overview, drafts)

    def finish(what: str) -> None:
        set_act("")
        set_acted_on(request.revision)
        done(what)

    def begin(what: str) -> None:
        done("")
        set_act(what)

    if act:
        work = keyed(
            act,
            WithDraft,
            drafts,
            act,
            lambda opened: ActForm(act, desk, opened, finish, lambda: set_act("")),
        )
    elif request.revision == acted_on:
        # What was just done is not in it yet: another act would be refused as if somebody else had done it.
        waiting: Resource[None] = Loading()
        work = Loaded(waiting, lambda _none: ft.Container(height=0))
    else:
        work = Acts(request, begin)
    main = [work, History(report), Log(desk)]
    about = [Reporter(report), About(report)]
    head = stacked([_Head(report), Presence(request.service_request_id)], 0)
    top: list[ft.Control] = [head, ReportState(report)]
    if panes and not look.large_text:
        body: ft.Control = ft.Row(
            [
                _group(main, 3),
                _group(about, 2),
            ],
            spacing=24,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        body = stacked([work, *about, *main[1:]], 16)
    return stacked([*top, body, ft.Container(height=24)], 16)


def _group(parts: list[ft.Control], share: int) -> ft.Control:
    """One of two columns, read to its end before the other one is begun."""
    column = ft.Column(parts, spacing=16, tight=True)
    return ft.Semantics(container=True, content=column, expand=share)


@component
def _Head(report: DeskReport) -> ft.Control:
    request = report.request
    code = _("Code {code}").format(code=request.service_request_id)
    line = " · ".join(part for part in (request.ward_name, code) if part)
    heading = Heading(title_of(request), 2, "headline_small")
    return ft.Column([heading, Text(line, "supporting")], spacing=2, tight=True)
