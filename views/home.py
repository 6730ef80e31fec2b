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
from app.theme import Look, style
from services.identity import Person
from services.wards import Wards
from views.components import (
    CardList,
    MainButton,
    NavigationRow,
    Note,
    OpenBuildLabel,
    Tappable,
    Text,
    TransitCard,
    open_path,
    stacked,
)
from views.components.bell import Bell
from views.components.follow_ups import FollowUps
from views.sign_in import SignInButton
from views.under_way import Following

RAIL, ASIDE, WIDEST = 105, 350, 1240
"""In dp: the rail with its line, the right column on a desktop, and home at its widest."""


@view
def HomeView() -> ft.Control:
    """What a resident sees first; a guest sees what sign-in would bring."""
    session, look = use_session(), use_look()
    if session.person is None:
        inside = [Brand(), Greeting(), GuestNote(), SignInButton(), Shortcuts()]
    elif look.expanded and not look.large_text:
        inside = [Brand(), _side_by_side(Greeting(), ReportButton(), 240), _two_panes()]
    else:
        inside = [
            Brand(),
            Greeting(),
            HomeCard(),
            ReportButton(),
            FollowUps(),
            Shortcuts(),
            Following(),
        ]
    page = ft.Container(
        stacked(inside, 16),
        padding=ft.Padding.only(left=look.margin, right=look.margin, top=12, bottom=40),
        width=min(look.width - (0 if look.compact else RAIL), WIDEST if look.expanded else 800),
    )
    return ft.Column([page], scroll=ft.ScrollMode.AUTO, expand=True)


def _two_panes() -> ft.Control:
    """What is under way at the left, the card and the shortcuts at the right."""
    return _side_by_side(Following(), stacked([HomeCard(), FollowUps(), Shortcuts()], 16), ASIDE)


def _side_by_side(main: ft.Control, aside: ft.Control, width: float) -> ft.Control:
    return ft.Row(
        [ft.Container(main, expand=True), ft.Container(aside, width=width)],
        spacing=24,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@component
def Brand() -> ft.Control:
    """The app's mark, its name and the open-build label."""
    look = use_look()
    below = [Text(_("Open build · not official"), "small_label")] if look.compact else []
    name = ft.Semantics(
        label=_("iHaNoi, open build, not official"),
        exclude_semantics=True,
        content=ft.Row(
            [
                ft.Image(src="icons/icon-192.png", width=44, height=44, border_radius=12),
                ft.Column(
                    [Text("iHaNoi", "title"), *below],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
        ),
    )
    label = [] if look.compact else [OpenBuildLabel()]
    bell = [Bell()] if use_session().person is not None else []
    return ft.Row([ft.Container(name, expand=True), *label, *bell])


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
    """The transit card, its code one tap away; where there is none, the way to add one."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    offered = "cards" in use_session().offer.features
    card = use_resource(services.cards.card, revisions.cards)

    async def open_code() -> None:
        await ft.context.page.push_route(paths.CARD_CODE)

    if not offered or not isinstance(card, Ready):
        return ft.Container(height=0)
    if card.value is None:
        words = _("See how to get one")
        row = NavigationRow(
            ft.Icons.ADD_CARD_ROUNDED, _("No card yet"), words, open_path(paths.CARDS)
        )
        return CardList(row)
    return TransitCard(card.value, open_code, small=not look.expanded or look.large_text)


@component
def Shortcuts() -> ft.Control:
    """What else is often needed: tiles on a phone, rows on wider screens."""
    look, features = use_look(), use_session().offer.features
    places = []
    if "service_requests" in features:
        places.append((ft.Icons.TRAVEL_EXPLORE_ROUNDED, _("Nearby"), paths.NEARBY))
    if "certificates" in features:
        places += [
            (ft.Icons.FACT_CHECK_OUTLINED, _("Check papers"), paths.VERIFY),
            (ft.Icons.ASSIGNMENT_IND_OUTLINED, _("Criminal record"), paths.CERTIFICATES),
        ]
    if not places:
        return ft.Container(height=0)
    if look.compact and not look.large_text:
        tiles: list[ft.Control] = [_tile(*place, look) for place in places]
        return ft.Row(
            tiles,
            spacing=12,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return CardList(*[NavigationRow(icon, name, "", open_path(to)) for icon, name, to in places])


def _tile(icon: ft.IconData, name: str, to: str, look: Look) -> ft.Control:
    palette = look.palette
    inside = ft.Column(
        [
            ft.Icon(icon, size=look.icon(24), color=palette.on_secondary_container),
            Text(name, "small_label", palette.on_secondary_container, align=ft.TextAlign.CENTER),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    tile = Tappable(
        inside,
        open_path(to),
        palette,
        padding=12,
        bgcolor=palette.secondary_container,
        alignment=ft.Alignment.CENTER,
    )
    return ft.Container(tile, expand=True)


@component
def ReportButton() -> ft.Control:
    """Home's one filled button."""
    report = open_path(paths.NEW_SERVICE_REQUEST)
    return MainButton(_("Report a problem"), report, ft.Icons.PHOTO_CAMERA_ROUNDED, height=56)
