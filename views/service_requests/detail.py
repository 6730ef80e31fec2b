"""One report: its deadline first, then what happened and what comes next (pictures 07a, 07b)."""

from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import Ready, component, use_look, use_services, use_session, view
from app.text import _
from services.errors import NotFound
from services.service_requests import ServiceRequest
from views.components import (
    Heading,
    Loaded,
    MainButton,
    Screen,
    Text,
    Timeline,
    open_path,
    stacked,
    title_of,
)
from views.components.replying import ANSWER
from views.service_requests.acts import acts_now, reopening
from views.service_requests.announcing import ChangeNote
from views.service_requests.deadline_card import DeadlineCard
from views.service_requests.following import Followers, FollowLine, may_follow
from views.service_requests.outcome import outcome_of
from views.service_requests.photo_pair import OfficersWords, PhotoPair
from views.service_requests.place_map import Pin, PlaceMap
from views.service_requests.progress import steps_of
from views.service_requests.queued import acts_of, queued_acts
from views.service_requests.rating import RatingForm, may_send, rating_of, use_rating
from views.service_requests.reading import (
    NotHere,
    Shown,
    saved_strip,
    use_queue,
    use_request,
    use_updates,
)
from views.service_requests.report_photos import ReportPhotos
from views.service_requests.sharing import SharePublicPage

MAP_HEIGHT = 160
LARGE_PHOTO = 400


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a report: a rating being given and the acts that wait to be sent."""

    rating: RatingForm
    waiting: tuple[str, ...]
    queue: list[ft.Control]


@component
def DetailScreen(service_request_id: str) -> ft.Control:
    """The report on its own screen, its main act at the foot."""
    request = use_request(service_request_id)
    around = use_around(service_request_id)
    foot = [main_act(request.value, around)] if isinstance(request, Ready) else []
    return Screen(
        _("Report"),
        Shown(request, lambda found: Detail(found, around, False), NotHere),
        back=paths.SERVICE_REQUESTS,
        strip=saved_strip(request),
        foot=tuple(one for one in foot if one is not None),
    )


@component
def DetailPane(service_request_id: str) -> ft.Control:
    """The report beside the list."""
    request = use_request(service_request_id)
    around = use_around(service_request_id)
    shown = Shown(request, lambda found: Detail(found, around, True), NotHere)
    return ft.Column([shown], scroll=ft.ScrollMode.AUTO, expand=True)


def use_around(service_request_id: str) -> Around:
    """The rating form and the waiting acts of one report."""
    rating = use_rating(service_request_id)
    queue = use_queue(service_request_id)
    return Around(rating, acts_of(queue), queued_acts(queue))


@view
def Detail(request: ServiceRequest, around: Around, panes: bool) -> ft.Control:
    """Title, place and code, photos, deadline, timeline, description, map."""
    look, now = use_look(), use_services().clock.now()
    beside = panes and not look.large_text
    act = main_act(request, around) if panes else None
    main = [
        DeadlineCard(request),
        *outcome_of(request, now),
        *around.queue,
        *_result(request, around),
        *([act] if act is not None else []),
        *reopening(request, "reopen" in around.waiting),
        History(request),
    ]
    share = [SharePublicPage(request)] if request.public_url else []
    about = [_About(request), *share, *acts_now(request, around.waiting)]
    body: ft.Control
    if beside:
        photos = [] if request.status_code == "done" else [ReportPhotos(request.media, 132, 104)]
        body = ft.Row(
            [
                ft.Container(stacked(main, 16), expand=3),
                ft.Container(stacked([*photos, *about], 16), expand=2),
            ],
            spacing=24,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        body = stacked([*main, ft.Divider(height=1), *about], 16)
    head = stacked([ChangeNote(request), _Head(request, beside)], 0)
    return stacked([head, body, ft.Container(height=24)], 16)


def _result(request: ServiceRequest, around: Around) -> list[ft.Control]:
    """The proof, and the question how it is."""
    proof: list[ft.Control] = []
    if request.status_code == "done":
        words = [OfficersWords(request)] if request.status_notes else []
        proof = [PhotoPair(request), *words]
    return [*proof, *rating_of(request, around.rating, "rate" in around.waiting)]


def main_act(request: ServiceRequest, around: Around) -> ft.Control | None:
    """The one filled button: answer or rate; a report that only runs on has none."""
    if ANSWER in request.acts and ANSWER not in around.waiting:
        path = paths.reply(request.service_request_id, ANSWER)
        return MainButton(_("Answer"), open_path(path), ft.Icons.EDIT_NOTE_ROUNDED)
    if may_send(request, around.rating, "rate" in around.waiting):
        return MainButton(_("Send the rating"), around.rating.send)
    return None


@component
def _Head(request: ServiceRequest, beside: bool) -> ft.Control:
    look = use_look()
    heading = Heading(title_of(request), 2, "headline_small")
    code = _("Code {code}").format(code=request.service_request_id)
    lines = [line for line in (request.ward_name, code) if line]
    if beside or request.status_code == "done":
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
    """What happened, oldest first, who has it now, and what comes next."""
    services = use_services()
    updates = use_updates(request.service_request_id)
    now = services.clock.now()
    # A city without our extension keeps no history: the state itself is all there is.
    known = updates.value if isinstance(updates, Ready) else None
    if isinstance(getattr(updates, "error", None), NotFound):
        known = []
    drawn = (
        Timeline(steps_of(request, known, now))
        if known is not None
        else Loaded(updates, lambda found: ft.Container())
    )
    heading = Heading(_("Progress"), 2, "title")
    follows = may_follow(
        request, services.service_requests.extended, use_session().person is not None
    )
    follow = [FollowLine(request)] if follows else []
    return stacked([heading, *follow, *_has_it(request), drawn])


def _has_it(request: ServiceRequest) -> list[ft.Control]:
    """Who has an open report now."""
    agency = request.agency.name or request.agency_responsible
    if request.status != "open" or not agency:
        return []
    return [_Line(ft.Icons.LOCATION_CITY_ROUNDED, _("With {agency} now").format(agency=agency))]


@component
def _About(request: ServiceRequest) -> ft.Control:
    """What was sent: the words, the agency, the place."""
    look = use_look()
    head = _("What you sent") if request.mine or not request.acts else _("What was sent")
    parts: list[ft.Control] = [Heading(head, 2, "title_small")]
    if request.description:
        parts.append(Text(request.description))
    place = ", ".join(part for part in (request.address, request.ward_name) if part)
    if place:
        parts.append(_Line(ft.Icons.LOCATION_ON_OUTLINED, place))
    if request.mine and request.hide_name:
        hidden = _("Your name is hidden from the public")
        parts.append(_Line(ft.Icons.VISIBILITY_OFF_OUTLINED, hidden))
    parts += [Followers(request)] if request.followers else []
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
