"""The frame around every screen: sign-in or the five destinations; bar on phones, rail from 600 dp."""

from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    DeviceContext,
    RevisionsContext,
    ServicesContext,
    SessionContext,
    use_session,
)
from app.lock import Guard, LockContext
from app.routing import routes
from app.state import Revisions, Session
from app.text import _, ngettext
from app.theme import Look
from services import Services
from services.device import Device
from views.components import EmptyState, LinkButton, Screen, keyed
from views.components.asking import AskedScreen
from views.later import NotOfferedView
from views.lock import Behind, is_shut
from views.session_over import StayNote, over_sheet
from views.sign_in import SignInNeededView, SignInView
from views.support import PersonaBanner

RAIL_WIDTH = 104


@ft.component
def App(
    session: Session, services: Services, device: Device, revisions: Revisions, guard: Guard
) -> Any:
    """The whole app of one session. A new language, or another person, draws everything anew."""
    # Flet unmounts a screen that sign-in replaces; brought back as it is, it would have no contexts.
    who = session.person.subject if session.person else session.guest
    key = f"{session.language} {who}"

    ft.use_dialog(over_sheet(session, services, device))

    def router() -> Any:
        return keyed(key, ft.Router, routes(Shell), NotFoundView, True)

    return SessionContext(
        session,
        lambda: RevisionsContext(
            revisions,
            lambda: DeviceContext(
                device,
                lambda: ServicesContext(services, lambda: LockContext(guard, router)),
            ),
        ),
    )


@ft.component
def Shell() -> ft.View:
    """One screen in its frame. Who is not signed in sees sign-in at the same address."""
    session, outlet = use_session(), ft.use_route_outlet()
    path, view_path = ft.use_route_location(), ft.use_view_path()
    root = view_path in paths.ROOTS
    screen = _admitted(session, view_path or path, outlet)
    shut = is_shut(session, view_path)
    signed_out = session.person is None and not session.guest
    if signed_out and view_path not in (paths.SETTINGS, paths.ABOUT, paths.VERIFY, paths.NEARBY):
        return _page(session, view_path, [Behind(view_path, view_path == path, screen)])
    compact = session.look.compact
    needs = session.needs_you if session.person else 0
    bar = _bar(path, session.look, needs) if compact and root and not shut else None
    # One shape for every width: turning the phone keeps what was typed and what was loaded.
    rail = None if compact else _rail(path, session.look, needs)
    beside = ft.Row(
        [
            ft.Container(rail, visible=not compact and not session.locked),
            ft.VerticalDivider(width=1, visible=not compact and not session.locked),
            ft.Container(screen, expand=True),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    page = ft.Column([StayNote(), beside], spacing=0, expand=True)
    behind = Behind(view_path, view_path == path, ft.SafeArea(page, expand=True))
    return _page(session, _place(view_path, session.look), [behind], bar)


def _admitted(session: Session, path: str, outlet: ft.Control) -> ft.Control:
    known = session.person is not None or session.guest
    if known and not _offered(session, path):
        return NotOfferedView()
    public = paths.is_public(path)
    if session.person is not None or (
        public and (session.guest or path not in (paths.HOME, paths.ME))
    ):
        if paths.asks_for_pin(path):
            root = path == paths.RECORDS
            return AskedScreen(_("Records"), None if root else paths.RECORDS, outlet)
        return outlet
    return SignInNeededView() if session.guest else SignInView()


def _offered(session: Session, path: str) -> bool:
    """Whether this profile's city has the feature that an address belongs to."""
    features = {
        paths.SERVICE_REQUESTS: "service_requests",
        paths.CARDS: "cards",
        paths.CERTIFICATES: "certificates",
        paths.RECORDS: "health_records",
    }
    found = next(
        (f for root, f in features.items() if path == root or path.startswith(root + "/")), ""
    )
    return not found or found in session.offer.features


def _place(view_path: str, look: Look) -> str:
    """The view's address; one for every report beside the desk's queue, so that choosing another
    keeps the queue where it was scrolled and the keyboard's focus in it.
    """
    beside = view_path.startswith(f"{paths.DESK}/id/") and "/photo/" not in view_path
    return f"{paths.DESK}/id" if beside and look.expanded else view_path


def _page(
    session: Session,
    route: str,
    controls: list[ft.BaseControl],
    bar: ft.NavigationBar | None = None,
) -> ft.View:
    root = route in paths.ROOTS
    above = [PersonaBanner(session.persona)] if session.persona is not None else []
    return ft.View(
        route=paths.HOME if root else route,
        controls=[*above, *controls],
        navigation_bar=bar,
        can_pop=not root,
        padding=0,
        spacing=0,
    )


def _destinations() -> list[tuple[ft.IconData, ft.IconData, str]]:
    icons = ft.Icons
    return [
        (icons.HOME_OUTLINED, icons.HOME_ROUNDED, _("Home")),
        (icons.CAMPAIGN_OUTLINED, icons.CAMPAIGN_ROUNDED, _("Reports")),
        (icons.WALLET_OUTLINED, icons.WALLET_ROUNDED, _("Cards")),
        (icons.FOLDER_SHARED_OUTLINED, icons.FOLDER_SHARED_ROUNDED, _("Records")),
        (icons.PERSON_OUTLINE_ROUNDED, icons.PERSON_ROUNDED, _("Me")),
    ]


async def _go(e: Any) -> None:
    await ft.context.page.push_route(paths.DESTINATIONS[e.control.selected_index])


def _icon(name: ft.IconData, label: str, needs: int, look: Look) -> ft.IconData | ft.Icon:
    """An icon; on Reports with the number of those that wait for the resident."""
    if not needs or label != _("Reports"):
        return name
    said = ngettext("{n} report needs you", "{n} reports need you", needs)
    number = ft.Text(str(needs), size=12, color=look.palette.on_error, semantics_label=said)
    return ft.Icon(name, badge=ft.Badge(label=number, bgcolor=look.palette.error))


def _bar(path: str, look: Look, needs: int) -> ft.NavigationBar:
    return ft.NavigationBar(
        selected_index=paths.DESTINATIONS.index(paths.destination_of(path)),
        on_change=_go,
        bgcolor=look.palette.surface_container,
        indicator_color=look.palette.secondary_container,
        destinations=[
            ft.NavigationBarDestination(
                icon=_icon(icon, label, needs, look),
                selected_icon=_icon(chosen, label, needs, look),
                label=label,
            )
            for icon, chosen, label in _destinations()
        ],
    )


def _rail(path: str, look: Look, needs: int) -> ft.Control:
    return ft.NavigationRail(
        selected_index=paths.DESTINATIONS.index(paths.destination_of(path)),
        on_change=_go,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=RAIL_WIDTH,
        bgcolor=look.palette.surface_container,
        indicator_color=look.palette.secondary_container,
        leading=ft.Container(
            ft.Image(src="icons/icon-192.png", width=48, height=48, border_radius=12),
            padding=ft.Padding.symmetric(vertical=12),
        ),
        destinations=[
            ft.NavigationRailDestination(
                icon=_icon(icon, label, needs, look),
                selected_icon=_icon(chosen, label, needs, look),
                label=label,
            )
            for icon, chosen, label in _destinations()
        ],
    )


@ft.component
def NotFoundView() -> ft.Control:
    """An address that leads nowhere."""

    async def go_home() -> None:
        await ft.context.page.push_route(paths.HOME)

    return Screen(
        _("Not found"),
        EmptyState(
            ft.Icons.EXPLORE_OFF_ROUNDED,
            _("There is nothing at this address."),
            _("It may have been typed or copied incompletely."),
            LinkButton(_("Go to the start"), go_home),
        ),
    )
