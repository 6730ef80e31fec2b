"""Showing anew who one is, where the gateway asks for a fresh sign-in or a higher level (RFC 9470)."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_action, use_device, use_services, use_session, use_state
from app.text import _, explain, ngettext
from services.errors import SignInRequired
from views.components.buttons import TonalButton
from views.components.notes import Note

ICON = ft.Icons.VERIFIED_USER_OUTLINED


@component
def StepUpPanel(error: SignInRequired, retry: Callable[[], None] | None = None) -> ft.Control:
    """Why it is asked, and the sign-in that comes back to this very screen.

    A read goes on by itself afterwards (`retry`); an act is the resident's to repeat.
    """
    person = use_session().person
    # Two sign-ins may fall in one second, and a provider may call them by one name.
    signed_in = (person.auth_time, person.sid) if person else None
    asked_at, _set_asked_at = use_state(signed_in)
    confirmed = signed_in != asked_at

    def go_on() -> None:
        if confirmed and retry is not None:
            retry()

    ft.use_effect(go_on, [confirmed])
    if confirmed:
        words = _("Press the button once more to go on.") if retry is None else ""
        return Note(_("It is you: confirmed."), words, "primary", live=True)
    note = Note(_("Confirm that it is you."), why(error), "tertiary", ICON, live=True)
    return ft.Column([note, ConfirmButton(error.acr, error.max_age)], spacing=12, tight=True)


@component
def ConfirmButton(acr: str | None = None, max_age: int | None = 0) -> ft.Control:
    """Signs in anew, at the level held now or a higher one, and comes back to this address."""
    services, device, session = use_services(), use_device(), use_session()
    level = acr or (session.person.acr if session.person else None)

    async def confirm() -> None:
        if await device.sign_in(ft.context.page.route, level, max_age):
            session.person = services.identity.person

    confirming = use_action(confirm)
    parts: list[ft.Control] = [TonalButton(_("Confirm with VNeID"), confirming, ICON)]
    if confirming.error is not None:
        parts.append(Note(explain(confirming.error), tone="error", live=True))
    return ft.Column(parts, spacing=12, tight=True)


def why(error: SignInRequired) -> str:
    """What the gateway asks for, and that nothing is lost by it."""
    kept = _("What you entered stays here.")
    if error.max_age is None:
        return _("This needs a sign-in at level 2.") + " " + kept
    minutes = max(1, error.max_age // 60)
    asked = ngettext(
        "This needs a sign-in of the last {n} minute.",
        "This needs a sign-in of the last {n} minutes.",
        minutes,
    )
    return asked + " " + kept
