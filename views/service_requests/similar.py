"""Open reports of the same kind close by: following one is quicker than sending it again."""

from collections.abc import Awaitable, Callable

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, local, ngettext, show_day_month
from services.service_requests import Similar
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    LinkButton,
    Note,
    RemotePhoto,
    StatusChip,
    Text,
    TonalButton,
    keyed,
    shown_status,
    stacked,
    title_of,
)
from views.service_requests.drafting import Drafting

MOST = 3
PHOTO_HEIGHT = 180
Go = Callable[[str], Awaitable[None]]


def use_similar(drafting: Drafting) -> tuple[Similar, ...]:
    """What may be the same thing, once kind and pin are known; nothing when it cannot be asked."""
    services = use_services()
    draft = drafting.draft
    code, lat, long = draft.service_code, draft.lat, draft.long

    async def fetch() -> list[Similar]:
        if not code or lat is None or long is None or not services.service_requests.extended:
            return []
        return await services.service_requests.similar(code, lat, long)

    found = use_resource(fetch, code, lat, long)
    return tuple(found.value[:MOST]) if isinstance(found, Ready) else ()


@component
def SimilarReports(found: tuple[Similar, ...], drafting: Drafting) -> ft.Control:
    """Each with photo, status, distance and age, large enough to judge by."""
    if not found:
        return ft.Container(height=0)
    count = ngettext("{n} similar report", "{n} similar reports", len(found))
    away = _("{distance} from here").format(distance=show_distance(found[0].distance_m))
    heading = f"{count}, {away}"
    cards = [keyed(one.request.service_request_id, SimilarReport, one, drafting) for one in found]
    head = ft.Semantics(
        live_region=True, container=True, content=Heading(heading, 2, "title_small")
    )
    return stacked([head, *cards], 12)


@component
def SimilarReport(one: Similar, drafting: Drafting) -> ft.Control:
    """One of them, with "Theo dõi việc này" and a way to look at it; the draft stays."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    followed, set_followed = use_state(one.request.following)
    request = one.request

    async def follow() -> None:
        await services.service_requests.follow(request.service_request_id)
        set_followed(True)
        revisions.service_requests += 1

    async def look_at() -> None:
        await drafting.go(paths.service_request(request.service_request_id))

    following = use_action(follow)
    photo = request.media[0] if request.media else None
    parts: list[ft.Control] = []
    if photo is not None:
        words = photo.description or _("Photo of the report")
        parts.append(RemotePhoto(photo.url, words, float("inf"), PHOTO_HEIGHT))
    parts += [
        Text(title_of(request), "title_small"),
        StatusChip(shown_status(request, services.clock.now())),
        Text(_about(one), "supporting"),
    ]
    see = LinkButton(_("See it"), look_at)
    if request.mine:
        parts.append(Note(_("You sent this one yourself."), action=see))
    elif followed:
        parts.append(_Followed(drafting, see))
    else:
        parts.append(Text(_("If it is the same thing, following is quicker than sending.")))
        follow_it = TonalButton(
            _("Follow this one"), following, ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED
        )
        parts.append(
            stacked([follow_it, see], 8)
            if look.large_text
            else ft.Row([ft.Container(follow_it, expand=True), see], spacing=8)
        )
    if following.error:
        parts.append(ErrorPanel(following.error))
    return Card(*parts, edge=look.palette.outline)


@component
def _Followed(drafting: Drafting, see: ft.Control) -> ft.Control:
    """What following means, and what becomes of the draft."""
    services, revisions = use_services(), use_revisions()

    async def drop() -> None:
        # Nothing may write the draft again while the screen is being left.
        await drafting.keep()
        await services.service_requests.delete_draft(drafting.draft.draft_id)
        revisions.outbox += 1
        await ft.context.page.push_route(paths.SERVICE_REQUESTS)

    dropping = use_action(drop)
    ways = ft.Row([see, LinkButton(_("Delete my draft"), dropping)], wrap=True, tight=True)
    words = _("You will be told when something changes. Your draft is still here.")
    failed = [ErrorPanel(dropping.error)] if dropping.error else []
    note = Note(_("You follow it now."), words, "primary", action=ways, live=True)
    return stacked([note, *failed], 8)


def show_distance(metres: float) -> str:
    """`15 m`, `1,2 km`."""
    if metres < 1000:
        return f"{round(metres)} m"
    return f"{metres / 1000:.1f} km".replace(".", ",")


def _about(one: Similar) -> str:
    """Distance, age, deadline, followers: what tells the same hole from another one."""
    request = one.request
    age = ngettext("{n} day ago", "{n} days ago", one.age_days) if one.age_days else _("today")
    parts = [show_distance(one.distance_m), age]
    if request.expected_datetime is not None:
        date = show_day_month(local(request.expected_datetime).date())
        parts.append(_("due {date}").format(date=date))
    if request.followers:
        parts.append(ngettext("{n} follower", "{n} followers", request.followers))
    return " · ".join(parts)
