"""Signing in at the second identity level, which certificates ask for."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_action, use_device, use_services, use_session
from app.text import _
from services.errors import NotPermitted, ServiceError, SignInRequired
from views.components import ErrorPanel, Heading, MainButton, Note, Text, stacked


@component
def StepUp(error: SignInRequired, path: str, retry: Callable[[], None]) -> ft.Control:
    """Why level 2 is needed, how to get it, and the sign-in that leads back to `path`."""
    services, device, session = use_services(), use_device(), use_session()

    async def sign_in() -> None:
        if await device.sign_in(path, acr=error.acr):
            session.person = services.identity.person
            retry()

    signing_in = use_action(sign_in)
    busy = _("Opening the sign-in page…")
    return stacked(
        [
            Heading(_("Level 2 is needed here"), 2, "headline_small"),
            Text(_("Certificates are issued to e-IDs of level 2 only.")),
            *_outcome(signing_in.error),
            HowToReachLevel2(),
            MainButton(_("Sign in at level 2"), signing_in, ft.Icons.LOGIN_ROUNDED, busy),
        ],
        16,
    )


def _outcome(error: ServiceError | None) -> list[ft.Control]:
    if isinstance(error, NotPermitted):
        sentence = _("This account has level 1.")
        return [Note(sentence, _("Raise it first, then sign in again."), "error", live=True)]
    return [ErrorPanel(error)] if error is not None else []


@component
def HowToReachLevel2() -> ft.Control:
    """What a resident at level 1 does, in the order of doing it."""
    return Note(
        _("Your account has level 1?"),
        _(
            "Raise it to level 2 in VNeID or at your ward's police, with your identity card. "
            "Then come back here and sign in again."
        ),
        "neutral",
        ft.Icons.BADGE_OUTLINED,
    )
