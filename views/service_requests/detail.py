"""One report: its deadline first, then what happened and what comes next (picture 07a)."""

import flet as ft

from app import paths
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
from app.text import _, show_time
from services.errors import NotFound
from services.saved import Saved
from services.service_requests import ServiceRequest, Update
from views.components import (
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    Note,
    Screen,
    Text,
    Timeline,
    title_of,
)
from views.service_requests.deadline_card import DeadlineCard, Outcome
from views.service_requests.place_map import Pin, PlaceMap
from views.service_requests.progress import steps_of
from views.service_requests.report_photos import ReportPhotos

MAP_HEIGHT = 160
LARGE_PHOTO = 400


@component
def DetailScreen(service_request_id: str) -> ft.Control:
    """The report on its own screen."""
    request = use_request(service_request_id)
    return Screen(
        _("Report"),
        Shown(request, False),
        back=paths.SERVICE_REQUESTS,
        strip=_saved_strip(request),
    )


@component
def DetailPane(service_request_id: str) -> ft.Control:
    """The report beside the list."""
    shown = Shown(use_request(service_request_id), True)
    return ft.Column([shown], scroll=ft.ScrollMode.AUTO, expand=True)


def use_request(service_request_id: str) -> Resource[ServiceRequest]:
    """The report, asked for again when reports change."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[ServiceRequest]:
        return await services.service_requests.get(service_request_id)

    found: Resource[ServiceRequest] = use_resource(
        fetch, service_request_id, revisions.service_requests
    )
    return found


@component
def Shown(request: Resource[ServiceRequest], panes: bool) -> ft.Control:
    """The report, blocks while it comes, or words when it is not there."""
    if isinstance(request, Ready):
        return Detail(request.value, panes)
    if isinstance(getattr(request, "error", None), NotFound):
        return NotHere()
    return Loaded(request, lambda found: ft.Container())


@component
def NotHere() -> ft.Control:
    """No such report, or another resident's: the same words, so that nothing is given away."""

    async def to_list() -> None:
        await ft.context.page.push_route(paths.SERVICE_REQUESTS)

    return EmptyState(
        ft.Icons.SEARCH_OFF_ROUNDED,
        _("This report is not here"),
        _("The code may be mistyped, or the report may not be yours."),
        LinkButton(_("Open my reports"), to_list),
    )


@view
def Detail(request: ServiceRequest, panes: bool) -> ft.Control:
    """Title, place and code, photos, deadline, timeline, description, map."""
    look = use_look()
    beside = panes and not look.large_text
    main = [DeadlineCard(request), Outcome(request), History(request)]
    about = [_About(request)]
    body: ft.Control
    if beside:
        photos = ReportPhotos(request.media, 132, 104)
        body = ft.Row(
            [
                ft.Column(main, spacing=16, tight=True, expand=3),
                ft.Column([photos, *about], spacing=16, tight=True, expand=2),
            ],
            spacing=24,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        body = ft.Column([*main, ft.Divider(height=1), *about], spacing=16, tight=True)
    return ft.Column(
        [_Head(request, beside), body, ft.Container(height=24)],
        spacing=16,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def _Head(request: ServiceRequest, beside: bool) -> ft.Control:
    look = use_look()
    heading = Heading(title_of(request), 2, "headline_small")
    code = _("Code {code}").format(code=request.service_request_id)
    lines = [line for line in (request.ward_name, code) if line]
    if beside:
        return ft.Column([heading, Text(" · ".join(lines), "supporting")], spacing=0, tight=True)
    words = ft.Column(
        [Text(line, "supporting") for line in lines],
        spacing=0,
        tight=True,
        expand=True,
    )
    if look.large_text:
        width = min(look.width - 2 * look.margin, LARGE_PHOTO)
        photos = ReportPhotos(request.media, width, 180, most=1)
        return ft.Column([heading, words, photos], spacing=12, tight=True)
    below = ft.Row(
        [words, ReportPhotos(request.media, 64, 48)], vertical_alignment=ft.CrossAxisAlignment.START
    )
    return ft.Column([heading, below], spacing=8, tight=True)


@view
def History(request: ServiceRequest) -> ft.Control:
    """What happened, oldest first, and what comes next."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[list[Update]]:
        return await services.service_requests.updates(request.service_request_id)

    updates: Resource[list[Update]] = use_resource(
        fetch, request.service_request_id, revisions.service_requests
    )
    drawn = (
        Timeline(steps_of(request, updates.value, services.clock.now()))
        if isinstance(updates, Ready)
        else Loaded(updates, lambda found: ft.Container())
    )
    heading = Heading(_("Progress"), 2, "title")
    return ft.Column([heading, drawn], spacing=12, tight=True)


@component
def _About(request: ServiceRequest) -> ft.Control:
    """What was sent: the words, the agency, the place."""
    look = use_look()
    parts: list[ft.Control] = [Heading(_("What you sent"), 2, "title_small")]
    if request.description:
        parts.append(Text(request.description))
    place = ", ".join(part for part in (request.address, request.ward_name) if part)
    if place:
        parts.append(_Line(ft.Icons.LOCATION_ON_OUTLINED, place))
    if request.agency_responsible:
        parts.append(_Line(ft.Icons.LOCATION_CITY_ROUNDED, request.agency_responsible))
    if request.lat is not None and request.long is not None:
        parts.append(_Map(request, Pin(request.lat, request.long)))
    return ft.Column(parts, spacing=12, tight=True, width=680 if not look.compact else None)


@component
def _Line(icon: ft.IconData, words: str) -> ft.Control:
    look = use_look()
    mark = ft.Icon(icon, size=look.icon(22), color=look.palette.on_surface_variant)
    return ft.Row(
        [mark, Text(words, "supporting", expand=True)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@component
def _Map(request: ServiceRequest, pin: Pin) -> ft.Control:
    services, tiles = use_services(), use_session().offer.tiles or None
    around = tuple(one.ward for one in services.wards.nearest(pin.lat, pin.long, 8))
    return PlaceMap(pin, pin, around, None, tiles, height=MAP_HEIGHT, rounded=True)


def _saved_strip(request: Resource[ServiceRequest]) -> ft.Control | None:
    if not isinstance(request, Ready) or request.as_of is None:
        return None
    words = _("Showing the copy saved at {time}.").format(time=show_time(request.as_of))
    return Note(_("No network."), words, "tertiary", live=True, strip=True)
