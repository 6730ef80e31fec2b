"""Home: the greeting, the one main action, and what is under way (design pictures 02 and d1)."""

from datetime import datetime

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    view,
)
from app.text import HANOI, _, greeting, show_date, show_weekday
from app.theme import style
from services.identity import Person
from services.service_requests import ServiceRequest
from services.wards import Wards
from views.components import (
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    OpenBuildLabel,
    ServiceRequestCard,
    Text,
    TransitCard,
    keyed,
)
from views.sign_in import SignInButton

SHOWN = 3
OPEN = ("waiting", "in_progress", "needs_resident", "transferred", "reopened")


@view
def HomeView() -> ft.Control:
    """What a resident sees first; a guest sees what sign-in would bring."""
    session, look = use_session(), use_look()
    inside: list[ft.Control] = [Brand(), Greeting()]
    if session.person is None:
        inside += [GuestNote(), SignInButton()]
    else:
        inside += [HomeCard(), ReportButton(), Following()]
    column = ft.Column(
        inside, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    page = ft.Container(
        column,
        padding=ft.Padding.only(left=look.margin, right=look.margin, top=12, bottom=40),
        width=min(look.width - (0 if look.compact else 105), 960),
    )
    return ft.Column([page], scroll=ft.ScrollMode.AUTO, expand=True)


@component
def Brand() -> ft.Control:
    """The app's mark, its name and the open-build label."""
    look = use_look()
    name = ft.Semantics(
        label=_("iHaNoi, open build, not official"),
        exclude_semantics=True,
        content=ft.Row(
            [
                ft.Image(src="icons/icon-192.png", width=44, height=44, border_radius=12),
                ft.Column(
                    [
                        Text("iHaNoi", "title"),
                        *(
                            [Text(_("Open build · not official"), "small_label")]
                            if look.compact
                            else []
                        ),
                    ],
                    spacing=0,
                    tight=True,
                ),
            ],
            spacing=12,
        ),
    )
    label = [] if look.compact else [OpenBuildLabel()]
    return ft.Row([ft.Container(name, expand=True), *label])


@component
def Greeting() -> ft.Control:
    """The greeting of the hour with the given name; the date and the ward."""
    services, session, look = use_services(), use_session(), use_look()
    now = services.clock.now().astimezone(HANOI)
    person = session.person
    words = greeting(now.hour, person.given_name) if person else _("Welcome to iHaNoi")
    title = ft.Text(words, style=style("headline_small", look.scale, look.palette.on_surface))
    return ft.Column(
        [
            ft.Semantics(heading_level=1, header=True, content=title),
            Text(_day(now, services.wards, person), "supporting"),
        ],
        spacing=2,
        tight=True,
    )


def _day(now: datetime, wards: Wards, person: Person | None) -> str:
    day = f"{show_weekday(now.date())}, {show_date(now.date())}"
    ward = wards.find(person.ward_code) if person and person.ward_code else None
    return f"{day} · {ward.full_name}" if ward else day


@component
def GuestNote() -> ft.Control:
    """What sign-in would give."""
    return Note(
        _("You are looking around."),
        _("Sign in to report a problem and to see your own cards and records."),
    )


@component
def HomeCard() -> ft.Control:
    """The transit card, its code one tap away; nothing where there is no card."""
    services, revisions = use_services(), use_revisions()
    card = use_resource(services.cards.card, revisions.cards)

    async def open_code() -> None:
        await ft.context.page.push_route(paths.CARD_CODE)

    if isinstance(card, Ready) and card.value is not None:
        return TransitCard(card.value, open_code, small=True)
    return ft.Container(height=0)


@component
def ReportButton() -> ft.Control:
    """Home's one filled button."""

    async def report() -> None:
        await ft.context.page.push_route(paths.NEW_SERVICE_REQUEST)

    return MainButton(_("Report a problem"), report, ft.Icons.PHOTO_CAMERA_ROUNDED, height=56)


@component
def Following() -> ft.Control:
    """The resident's open reports, the most pressing first."""
    services, revisions = use_services(), use_revisions()
    mine = use_resource(services.service_requests.list_mine, revisions.service_requests)

    async def all_reports() -> None:
        await ft.context.page.push_route(paths.SERVICE_REQUESTS)

    head = ft.Row(
        [ft.Container(Heading(_("Following")), expand=True), LinkButton(_("All"), all_reports)]
    )
    return ft.Column(
        [head, Loaded(mine, OpenRequests)],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def OpenRequests(requests: list[ServiceRequest]) -> ft.Control:
    """At most three cards, or one line when nothing is open."""
    still_open = [request for request in requests if request.status_code in OPEN][:SHOWN]
    if not still_open:
        return EmptyState(
            ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED,
            _("Nothing is under way"),
            _("What you report appears here until it is done."),
        )
    return ft.Column(
        [keyed(r.service_request_id, ServiceRequestCard, r) for r in still_open],
        spacing=12,
        tight=True,
    )
