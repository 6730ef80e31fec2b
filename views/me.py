"""Me: the resident, their post, tools and the app's own pages (design picture 21)."""

import flet as ft

from app import __version__, paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    view,
)
from app.text import _, ngettext
from app.theme import style
from services.desk_records import Filters
from services.identity import Person
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    NavigationRow,
    OutlineButton,
    Screen,
    Text,
    open_path,
)
from views.sign_in import SignInButton

Icons = ft.Icons


@view
def MeView() -> ft.Control:
    """Who is signed in and everything that is not a report, a card or a record."""
    session = use_session()
    top: ft.Control = PersonCard(session.person) if session.person else SignInButton()
    own = [Post(), *_office(session.person)] if session.person else []
    last = [SignOut()] if session.person else []
    return Screen(_("Me"), top, *own, *_tools(), *_app_pages(), *last)


@component
def PersonCard(person: Person) -> ft.Control:
    """The resident's initials, name and how they signed in."""
    look, sandbox = use_look(), use_session().offer.sandbox
    palette = look.palette
    initials = "".join(word[0] for word in person.name.split()[-2:]).upper()
    avatar = ft.Container(
        ft.Text(initials, style=style("title_large", 1, palette.on_secondary_container)),
        width=60,
        height=60,
        border_radius=30,
        bgcolor=palette.secondary_container,
        alignment=ft.Alignment.CENTER,
    )
    signed_in = ft.Row(
        [
            ft.Icon(Icons.VERIFIED_USER_ROUNDED, size=look.icon(20), color=palette.primary),
            ft.Container(Text(_signed_in_words(sandbox), "supporting"), expand=True),
        ],
        spacing=6,
    )
    words = ft.Column([Text(person.name, "title"), signed_in], spacing=2, tight=True, expand=True)
    return ft.Row([avatar, words], spacing=16)


def _signed_in_words(sandbox: bool) -> str:
    return _("Signed in with VNeID (test)") if sandbox else _("Signed in with VNeID")


@component
def Post() -> ft.Control:
    """Inbox and outbox."""
    services, revisions = use_services(), use_revisions()
    unread = use_session().unread
    waiting = use_resource(services.outbox.list, revisions.outbox)
    items = waiting.value if isinstance(waiting, Ready) else []
    # A badge counts only what needs the resident: what was refused, not what goes by itself.
    count, failed = len(items), sum(item.state == "failed" for item in items)
    words = (
        ngettext("{n} item waiting", "{n} items waiting", count) if count else _("Nothing waiting")
    )
    return CardList(
        NavigationRow(
            Icons.INBOX_OUTLINED,
            _("Inbox"),
            ngettext("{n} new message", "{n} new messages", unread)
            if unread
            else _("No new messages"),
            open_path(paths.INBOX),
            "primary",
            unread,
        ),
        NavigationRow(
            Icons.OUTBOX_OUTLINED,
            _("Waiting to send"),
            words,
            open_path(paths.OUTBOX),
            "tertiary",
            failed,
        ),
    )


def _office(person: Person) -> list[ft.Control]:
    """The ways to the desks of those who work there."""
    asked = _("To correct, restrict or object; 2 working days")
    desks = (
        ("officer", _("Officers' desk"), _("Reports at your agency"), paths.DESK),
        ("officer", _("Requests about data"), asked, paths.DESK_DATA_REQUESTS),
        ("support", _("Support desk"), _("Bundles residents sent"), paths.SUPPORT_DESK),
        ("supervisor", _("Support log"), _("Who opened which bundle"), paths.SUPPORT_LOG),
    )
    rows = [
        NavigationRow(Icons.ASSIGNMENT_IND_OUTLINED, title, below, open_path(path), tone="primary")
        for role, title, below, path in desks
        if role in person.roles
    ]
    return [Heading(_("Your office")), CardList(*rows)] if rows else []


def _tools() -> list[ft.Control]:
    return [
        Heading(_("Tools")),
        CardList(
            NavigationRow(
                Icons.FACT_CHECK_OUTLINED,
                _("Check a document"),
                _("Scan the code or enter the number"),
                open_path(paths.VERIFY),
            ),
            NavigationRow(
                Icons.SUPPORT_AGENT_ROUNDED,
                _("Support"),
                _("Send a support bundle, get a code"),
                open_path(paths.SUPPORT),
            ),
        ),
    ]


def _app_pages() -> list[ft.Control]:
    return [
        Heading(_("App")),
        CardList(
            NavigationRow(
                Icons.SETTINGS_OUTLINED,
                _("Settings"),
                _("Language, text size, appearance"),
                open_path(paths.SETTINGS),
            ),
            NavigationRow(
                Icons.PRIVACY_TIP_OUTLINED,
                _("Data and privacy"),
                _("Who saw what, and your rights"),
                open_path(paths.PRIVACY),
            ),
            NavigationRow(
                Icons.INFO_OUTLINE_ROUNDED,
                _("About this open build"),
                _("Version {version} · not official").format(version=__version__),
                open_path(paths.ABOUT),
            ),
        ),
    ]


@component
def SignOut() -> ft.Control:
    """Ends the session here and at the identity provider."""
    device, session, services = use_device(), use_session(), use_services()

    async def sign_out() -> None:
        # While it is still known whose they are.
        await services.sessions.leave()
        await services.health_records.forget()
        await services.health_sharing.forget()
        if await device.sign_out():
            session.person = None
            session.guest = False
            session.desk_filters = Filters()
            await ft.context.page.push_route(paths.HOME)

    signing_out = use_action(sign_out)
    button = OutlineButton(_("Sign out"), signing_out, Icons.LOGOUT_ROUNDED)
    below = [ErrorPanel(signing_out.error)] if signing_out.error else []
    return ft.Column(
        [button, *below], spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
