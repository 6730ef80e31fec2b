"""What stands before every screen while the app is locked. Nothing of the resident is on it."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_action, use_look, use_session, view
from app.lock import use_guard
from app.text import _
from services.lock import Needs
from views.components import ErrorPanel, Heading, MainButton, Text, stacked
from views.components.emergency_card import EmergencyDoor
from views.components.pin import ChoosePin, PinPrompt, Recognising
from views.lock.forgotten import Forgotten

WIDEST = 440


@view
def LockView() -> ft.Control:
    """The PIN, or what is needed instead; the emergency card stays in reach."""
    look, needs = use_look(), use_session().lock_needs
    drawn: dict[Needs, Callable[[], ft.Control]] = {"choose": FirstPin, "keychain": ClosedKeychain}
    inside = ft.Container(
        drawn.get(needs, AskPin)(),
        width=min(WIDEST, look.width - 2 * look.margin),
        padding=ft.Padding.symmetric(vertical=32),
    )
    return ft.SafeArea(
        ft.Column(
            [inside],
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        expand=True,
    )


@component
def AskPin() -> ft.Control:
    """The app is locked."""
    guard = use_guard()
    said = (
        _("Your PIN also guards what lies on this device.")
        if guard.binds
        else _("The lock hides the screen. What you typed is kept behind it.")
    )
    return stacked(
        [
            *_head(_("The app is locked"), said),
            PinPrompt(guard.open, _("Unlock")),
            Recognising(),
            Forgotten(),
            EmergencyDoor(),
        ],
        16,
    )


@component
def FirstPin() -> ft.Control:
    """A device with no safe place for a key: a PIN before anything is kept."""
    guard = use_guard()
    words = _(
        "This computer has no keychain. A PIN encrypts what the app keeps here: drafts, copies, "
        "your sign-in. You type it each time the app starts."
    )
    return stacked(
        [*_head(_("Choose a PIN first"), words), ChoosePin(guard.choose, _("Use this PIN"))], 16
    )


@component
def ClosedKeychain() -> ft.Control:
    """The device's own store of secrets has the key and is closed."""
    guard = use_guard()
    retrying = use_action(guard.retry)
    words = _(
        "The key to what lies here is in this device's own store of secrets, and that is closed. "
        "Open it (sign in to the computer again), then try once more. Nothing is lost."
    )
    failed = [ErrorPanel(retrying.error)] if retrying.error else []
    again = MainButton(_("Try again"), retrying, ft.Icons.REFRESH_ROUNDED, _("Looking…"))
    return stacked(
        [*_head(_("The store of secrets is closed"), words), *failed, again, EmergencyDoor()], 16
    )


@view
def CoverView() -> ft.Control:
    """A blank cover for the task switcher's picture."""
    look = use_look()
    return ft.Container(
        ft.Image(src="icons/icon-192.png", width=96, height=96, border_radius=24),
        alignment=ft.Alignment.CENTER,
        expand=True,
        bgcolor=look.palette.hero,
    )


def _head(title: str, words: str) -> list[ft.Control]:
    look = use_look()
    icon = ft.Icon(ft.Icons.LOCK_ROUNDED, size=look.icon(48), color=look.palette.primary)
    return [
        ft.Row([icon], alignment=ft.MainAxisAlignment.START),
        Heading(title, 1, "headline_small"),
        Text(words, "body"),
    ]
