"""Sign-in with the national e-ID, and what stands where sign-in is needed (design picture 01)."""

from urllib.parse import parse_qs, urlsplit

import flet as ft

from app import paths
from app.hooks import component, use_action, use_device, use_look, use_services, use_session, view
from app.state import Session
from app.text import HOTLINE, _
from app.theme import Look, style
from services.standing import UNUSED
from views.components import (
    EmptyState,
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
)
from views.components.emergency_card import EmergencyDoor

HERO_HEIGHT = 352


@view
def SignInView() -> ft.Control:
    """The first screen of a stranger; the address stays, so that sign-in returns to it."""
    session, look = use_session(), use_look()
    hero, form = _hero(look), _form(session)
    if look.compact:
        return ft.Column([hero, form], spacing=0, expand=True, scroll=ft.ScrollMode.AUTO)
    return ft.Row(
        [
            ft.Container(hero, expand=1),
            ft.Column(
                [form], expand=1, scroll=ft.ScrollMode.AUTO, alignment=ft.MainAxisAlignment.CENTER
            ),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def use_sign_in() -> ft.Control:
    """The sign-in button with its waiting state and its errors."""
    services, device, session = use_services(), use_device(), use_session()
    path = ft.use_route_location() or paths.HOME
    next_path = paths.HOME if path in paths.BEFORE_SIGN_IN else path

    async def sign_in() -> None:
        if await device.sign_in(next_path):
            session.person = services.identity.person
            session.guest = False
            if next_path != path:
                await ft.context.page.push_route(next_path)

    signing_in = use_action(sign_in)
    label = _("Sign in with VNeID")
    button = MainButton(
        label,
        signing_in,
        busy_label=_("Opening the sign-in page…"),
        height=64 if session.offer.sandbox else 56,
        second_line=_("test environment") if session.offer.sandbox else "",
    )
    below = [ErrorPanel(signing_in.error)] if signing_in.error else []
    return ft.Column(
        [button, *below],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def SignInButton() -> ft.Control:
    """Sign in, from anywhere, back to the same address."""
    return use_sign_in()


def _hero(look: Look) -> ft.Control:
    palette = look.palette
    scale = min(look.scale, 1.35)
    picture = "images/lake-dark.svg" if palette.hero == "#0B3F32" else "images/lake.svg"
    label = ft.Container(
        ft.Text(
            _("Open build · not official"), style=style("label_medium", scale, palette.on_hero)
        ),
        padding=ft.Padding.symmetric(horizontal=12, vertical=6),
        border_radius=8,
        border=ft.Border.all(1, palette.on_hero_variant),
    )
    name = ft.Row(
        [
            ft.Image(src="icons/icon-192.png", width=48, height=48, border_radius=12),
            ft.Text("iHaNoi", style=style("headline_small", scale, palette.on_hero)),
        ],
        spacing=12,
    )
    promise = ft.Semantics(
        heading_level=1,
        header=True,
        content=ft.Text(
            _("Your business with the city, in one place"),
            style=style("headline_large", scale, palette.on_hero),
        ),
    )
    words = ft.Column([name, promise, ft.Row([label], tight=True)], spacing=16, tight=True)
    return ft.Container(
        ft.Stack(
            [
                ft.Image(src=picture, fit=ft.BoxFit.COVER, left=0, right=0, top=0, bottom=0),
                ft.Container(words, padding=24, left=0, right=0, top=28),
            ],
        ),
        height=HERO_HEIGHT + 60 * (scale - 1) if look.compact else None,
        bgcolor=palette.hero,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        border_radius=ft.BorderRadius.only(bottom_left=28, bottom_right=28)
        if look.compact
        else None,
    )


def _form(session: Session) -> ft.Control:
    look = session.look

    def look_around() -> None:
        session.guest = True

    return ft.Container(
        ft.Column(
            [
                WhyHere(),
                Heading(_("Sign in"), 2, "headline_small"),
                Text(_("To see your own cards, records and reports."), "supporting"),
                SignInButton(),
                OutlineButton(_("Look around without signing in"), look_around),
                EmergencyDoor(),
                *([TestNote()] if session.offer.sandbox else []),
                LanguageAndHelp(),
            ],
            spacing=16,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.symmetric(horizontal=20 if look.compact else 48, vertical=24),
        width=None if look.compact else 560,
    )


@component
def WhyHere() -> ft.Control:
    """Says to somebody who was signed in before that it ended by itself."""
    if use_services().identity.standing.over != UNUSED:
        return ft.Container(height=0)
    words = _("Nobody used the app for a while. Your drafts are safe.")
    return Note(_("You were signed out."), words, "tertiary", ft.Icons.LOCK_CLOCK_OUTLINED)


@component
def TestNote() -> ft.Control:
    """Says that this is the sandbox."""
    return Note(
        _("This is a test build."),
        _("Use only sample accounts; do not enter real information."),
        "tertiary",
        ft.Icons.SCIENCE_ROUNDED,
    )


@component
def LanguageAndHelp() -> ft.Control:
    """The other language, settings, and what this build is."""
    session, device = use_session(), use_device()

    async def switch() -> None:
        session.language = "en" if session.language == "vi" else "vi"
        await device.save_preferences(session.preferences())

    async def open_settings() -> None:
        await ft.context.page.push_route(paths.SETTINGS)

    async def open_about() -> None:
        await ft.context.page.push_route(paths.ABOUT)

    other = "English" if session.language == "vi" else "Tiếng Việt"
    return ft.Row(
        [
            LinkButton(other, switch, ft.Icons.TRANSLATE_ROUNDED),
            LinkButton(_("Text size"), open_settings),
            LinkButton(_("About"), open_about),
        ],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )


@view
def SignInNeededView() -> ft.Control:
    """What a guest sees where a resident's own things would be."""
    titles = {
        paths.SERVICE_REQUESTS: _("Reports"),
        paths.CARDS: _("Cards"),
        paths.RECORDS: _("Records"),
    }
    title = titles.get(paths.destination_of(ft.use_route_location()), "iHaNoi")
    return Screen(
        title,
        EmptyState(
            ft.Icons.LOCK_OUTLINE_ROUNDED,
            _("Sign in to see this"),
            _("Your own reports, cards and records appear here once you are signed in."),
        ),
        SignInButton(),
    )


@view
def SignInFailedView() -> ft.Control:
    """Why sign-in did not work, and the way back."""
    reason = _query_value("reason")
    sentences = {
        "cancelled": _("You stopped signing in. Nothing was changed."),
        "state_mismatch": _(
            "The sign-in page was open too long or in another tab. Please try again."
        ),
        "provider_unavailable": _(
            "The sign-in service does not answer. You can look around meanwhile and try again later."
        ),
        "level": _(
            "This account has level 1. Raise it to level 2 in VNeID or at your ward's police."
        ),
    }
    unknown = _("The sign-in service refused. Try again, or call {hotline}.").format(
        hotline=HOTLINE
    )
    session = use_session()

    async def look_around() -> None:
        session.guest = True
        await ft.context.page.push_route(paths.HOME)

    return Screen(
        _("Not signed in"),
        Note(_("Sign-in did not work."), sentences.get(reason, unknown), "error", live=True),
        SignInButton(),
        OutlineButton(_("Look around without signing in"), look_around),
        back=paths.HOME,
    )


def _query_value(name: str) -> str:
    values = parse_qs(urlsplit(ft.context.page.route).query).get(name, [""])
    return values[0]
