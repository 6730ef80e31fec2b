"""What is said when a sign-in is about to end, and when it has (design picture 20b)."""

import flet as ft

from app import paths
from app.hooks import (
    DeviceContext,
    Ready,
    ServicesContext,
    SessionContext,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_services,
    use_session,
    use_state,
    view,
)
from app.state import Session
from app.text import HOTLINE, _, ngettext
from services import Services
from services.device import Device
from services.standing import UNUSED
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    stacked,
)
from views.sign_in import SignInButton

SHEET_WIDTH = 560


def over_sheet(session: Session, services: Services, device: Device) -> ft.BottomSheet | None:
    """The sheet over the page while the sign-in is over; nothing while it goes on.

    A sheet is not drawn inside the page, so it is given what a page would find around it.
    """
    if not session.over:
        return None

    def inside() -> ft.Control:
        return DeviceContext(device, lambda: ServicesContext(services, OverSheet))

    return ft.BottomSheet(
        SessionContext(session, inside),
        show_drag_handle=True,
        dismissible=False,
        draggable=False,
        scrollable=True,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
    )


@component
def OverSheet() -> ft.Control:
    """Why it ended, that nothing is lost, and the sign-in that comes back to this page."""
    services, device, session, look = use_services(), use_device(), use_session(), use_look()
    # Kept while the sheet goes away: its words must not change on the way.
    over, _set_over = use_state(session.over)
    drafts = use_resource(services.service_requests.drafts)
    photos = sum(len(one.photos) for one in drafts.value) if isinstance(drafts, Ready) else 0

    async def sign_in() -> None:
        if await device.sign_in(ft.context.page.route):
            session.person, session.over = services.identity.person, ""

    async def later() -> None:
        session.over, session.person, session.guest = "", None, True
        await ft.context.page.push_route(paths.HOME)

    signing_in = use_action(sign_in)
    icon = ft.Icon(ft.Icons.LOCK_CLOCK_OUTLINED, size=look.icon(56), color=look.palette.primary)
    inside = stacked(
        [
            ft.Row([icon]),
            Heading(_("Your sign-in has ended"), 1, "headline_small"),
            Text(_why(over), "body", ft.Colors.ON_SURFACE_VARIANT),
            Note(_("Your draft is safe."), _kept(photos), "primary", ft.Icons.SAVE_ROUNDED),
            *([ErrorPanel(signing_in.error)] if signing_in.error else []),
            MainButton(_("Sign in again"), signing_in, busy_label=_("Opening the sign-in page…")),
            LinkButton(_("Later"), later),
        ],
        16,
    )
    content = ft.Container(
        inside,
        width=min(look.width, SHEET_WIDTH),
        padding=ft.Padding.only(left=24, right=24, bottom=24),
    )
    # Large text makes it higher than a phone.
    return ft.SafeArea(ft.Column([content], scroll=ft.ScrollMode.AUTO, tight=True))


def _why(over: str) -> str:
    if over == UNUSED:
        return _(
            "To keep you safe the app signs out when nobody uses it for a while. "
            "Sign in again to go on."
        )
    return _("It ran out, or was ended elsewhere. Sign in again to go on.")


def _kept(photos: int) -> str:
    if not photos:
        return _("What you typed on this page too.")
    return ngettext("With its {n} photo.", "With all {n} photos.", photos)


@component
def StayNote() -> ft.Control:
    """A strip on every page in the last minutes of a sign-in that nobody uses."""
    session = use_session()

    def stay() -> None:
        # The tap itself is the sign of life; the count is taken back at once.
        session.minutes_left = 0

    n = session.minutes_left if session.person else 0
    words = ngettext(
        "You are signed out in {n} minute, because nobody uses the app.",
        "You are signed out in {n} minutes, because nobody uses the app.",
        n,
    )
    note = Note(
        _("Still here?"),
        words,
        "tertiary",
        ft.Icons.TIMER_OUTLINED,
        LinkButton(_("Stay signed in"), stay),
        live=n in (1, 5),
        strip=True,
    )
    return ft.Container(note if n else None, visible=bool(n))


@component
def LookAround() -> ft.Control:
    """The way on for who does not sign in again."""
    session = use_session()

    async def look_around() -> None:
        session.guest = True
        await ft.context.page.push_route(paths.HOME)

    return OutlineButton(_("Look around without signing in"), look_around)


@view
def ErasedElsewhereView() -> ft.Control:
    """Said on a device whose resident erased the account on another one."""
    warning = _("If it was not you, call {hotline} at once.").format(hotline=HOTLINE)
    return Screen(
        _("Account erased"),
        Note(_("This account was erased on another device."), warning, "tertiary", live=True),
        Text(_("Drafts, saved copies and the card that lay here for it are gone too.")),
        Text(_("You can sign in again, and begin empty.")),
        SignInButton(),
        LookAround(),
        back=paths.HOME,
    )


@view
def SignedOutElsewhereView() -> ft.Control:
    """Said on a device whose sign-in was ended from another one."""
    warning = _(
        "If it was not you, sign in, look at your devices in the settings, and call {hotline}."
    ).format(hotline=HOTLINE)
    return Screen(
        _("Signed out"),
        Note(_("This sign-in was ended from another device."), warning, "tertiary", live=True),
        Text(_("Drafts and what waits to be sent stay on this device until you sign in again.")),
        SignInButton(),
        LookAround(),
        back=paths.HOME,
    )
