"""Reports around a place, without names: a list or a map, each to be followed; guests may look."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Resource,
    component,
    use_device,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, local, show_day_month
from services.saved import Saved
from services.service_requests import Nearby, ServiceRequest
from views.components import (
    Card,
    ChoiceChips,
    EmptyState,
    Loaded,
    RemotePhoto,
    Screen,
    StatusChip,
    Text,
    keyed,
    shown_status,
    stacked,
    title_of,
)
from views.service_requests.following import FollowLine, may_follow
from views.service_requests.nearby_map import NearbyMap
from views.service_requests.nearby_place import Around, PlaceChooser, use_around

EVERY = "all"
LIST, MAP = "list", "map"


@view
def NearbyView() -> ft.Control:
    """The screen of its own address, which a guest may open."""
    guest = use_session().person is None
    back = paths.HOME if guest else paths.SERVICE_REQUESTS
    return Screen(_("Nearby"), NearbyPane(None), back=back)


@view
def NearbyPane(selected: str | None) -> ft.Control:
    """The place, the filters, and what was found there."""
    services, revisions = use_services(), use_revisions()
    around = use_around()
    shape, set_shape = use_state(LIST)
    category, set_category = use_state(EVERY)

    async def fetch() -> Any:
        if around.center is None or around.outside:
            return Saved([])
        place = around.center
        return await services.service_requests.nearby(place.lat, place.long, around.radius)

    found: Resource[list[Nearby]] = use_resource(
        fetch, around.center, around.radius, revisions.service_requests
    )
    parts: list[ft.Control] = [PlaceChooser(around)]
    if around.center is None:
        parts.append(_NoPlace())
    elif not around.outside:
        chosen = _Choice(shape, set_shape, category, set_category)
        parts.append(Loaded(found, lambda near: _Found(tuple(near), around, chosen, selected)))
    return stacked(parts)


@dataclass(frozen=True, slots=True)
class _Choice:
    """How the reports are shown: as list or map, and which category."""

    shape: str
    set_shape: Callable[[str], None]
    category: str
    set_category: Callable[[str], None]


@component
def _Found(
    near: tuple[Nearby, ...], around: Around, choice: _Choice, selected: str | None
) -> ft.Control:
    nothing: tuple[ServiceRequest, ...] = ()
    picked, set_picked = use_state(nothing)
    if not near:
        return EmptyState(
            ft.Icons.TRAVEL_EXPLORE_ROUNDED,
            _("No reports around here"),
            _("Look further around, or choose another place."),
        )
    assert around.center is not None
    kinds = _categories(near)
    category = choice.category if choice.category in dict(kinds) else EVERY
    shown = tuple(one for one in near if category in (EVERY, one.request.service_code))
    shapes = ((LIST, _("List")), (MAP, _("Map")))
    parts: list[ft.Control] = [ChoiceChips(shapes, choice.shape, choice.set_shape)]
    if len(kinds) > 2:
        parts.append(ChoiceChips(kinds, category, choice.set_category, scroll=True))
    if choice.shape == MAP:
        parts.append(NearbyMap(around.center, around.radius, shown, set_picked))
        if not picked:
            parts.append(Text(_("Tap a mark to see the report."), "supporting"))
        here = [one for one in shown if one.request in picked]
        parts += [_card(one, selected) for one in here]
    else:
        parts += [_card(one, selected) for one in shown]
    return stacked(parts)


def _card(one: Nearby, selected: str | None) -> ft.Control:
    request_id = one.request.service_request_id
    return keyed(request_id, NearbyCard, one, request_id == selected)


def _categories(near: tuple[Nearby, ...]) -> tuple[tuple[str, str], ...]:
    counts: dict[str, int] = {}
    names = {one.request.service_code: one.request.service_name for one in near}
    for one in near:
        counts[one.request.service_code] = counts.get(one.request.service_code, 0) + 1
    words = [(code, f"{names[code] or _('Report')} {n}") for code, n in counts.items()]
    return ((EVERY, _("All {n}").format(n=len(near))), *words)


@component
def NearbyCard(one: Nearby, selected: bool = False) -> ft.Control:
    """State, title, distance and date, the cleared photo; opens the report, for guests its public page."""
    services, device, session, look = use_services(), use_device(), use_session(), use_look()
    request, guest = one.request, session.person is None
    now = services.clock.now()

    async def open_report() -> None:
        if guest and request.public_url:
            await device.open_link(services.gateway.link(request.public_url))
        else:
            await ft.context.page.push_route(paths.service_request(request.service_request_id))

    words = ft.Column(
        [
            StatusChip(shown_status(request, now)),
            Text(title_of(request), "title_small", max_lines=4 if look.large_text else 2),
            Text(_distance_and_date(one), "supporting"),
        ],
        spacing=6,
        tight=True,
        expand=True,
    )
    photo = [] if look.large_text else _photo(request)
    head = ft.Row([words, *photo], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)
    card = Card(head, on_click=open_report, selected=selected)
    if not may_follow(request, services.service_requests.extended, not guest):
        return card
    return stacked([card, keyed("follow", FollowLine, request)], 0)


def _photo(request: ServiceRequest) -> list[ft.Control]:
    cleared = [one for one in request.media if one.kind == "photo"]
    if not cleared:
        return []
    photo = cleared[0]
    said = photo.description or _("Photo of the report")
    return [RemotePhoto(photo.thumbnail_url or photo.url, said, 64, 64)]


def _distance_and_date(one: Nearby) -> str:
    metres = round(one.distance_m / 10) * 10
    away = (
        _("{n} m away").format(n=metres)
        if metres < 1000
        else _("{n} km away").format(n=f"{metres / 1000:.1f}".replace(".", ","))
    )
    parts = [away, one.request.ward_name]
    if one.request.requested_datetime is not None:
        parts.append(show_day_month(local(one.request.requested_datetime).date()))
    return " · ".join(part for part in parts if part)


@component
def _NoPlace() -> ft.Control:
    return EmptyState(
        ft.Icons.LOCATION_ON_OUTLINED,
        _("Where do you want to look?"),
        _("Use your place or choose a ward. Your place is not kept."),
    )
