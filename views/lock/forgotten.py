"""A forgotten PIN: nobody can read it back, so it is said what a reset costs, and a new sign-in does it."""

import flet as ft

from app import paths
from app.hooks import component, use_action, use_device, use_services, use_session, use_state
from app.lock import use_guard
from app.text import _
from views.components import ErrorPanel, LinkButton, Note, OutlineButton, stacked


@component
def Forgotten() -> ft.Control:
    """A link; behind it what happens, and the button."""
    opened, set_opened = use_state(False)

    def toggle() -> None:
        set_opened(not opened)

    link = LinkButton(_("Forgot the PIN?"), toggle, ft.Icons.HELP_OUTLINE_ROUNDED)
    return stacked([link, *([Reset()] if opened else [])], 8)


@component
def Reset() -> ft.Control:
    """On a device what the PIN alone opened goes; on the web nothing does."""
    guard, device, session = use_guard(), use_device(), use_session()
    services = use_services()

    async def reset() -> None:
        if await device.sign_in(paths.LOCK, max_age=0):
            await guard.forget()
            session.person = services.identity.person
            session.guest = False

    resetting = use_action(reset)
    words = (
        _(
            "Nobody can read your PIN back, nor what it encrypts. A reset erases what lies on this "
            "device alone: drafts, what waits to be sent, saved copies. What was sent stays with "
            "the city. It needs a network."
        )
        if guard.binds
        else _(
            "Nobody can read your PIN back. Sign in again, then choose another. Nothing is lost: "
            "on the web your drafts lie encrypted on the server."
        )
    )
    label = _("Sign in again and reset") if guard.binds else _("Sign in again with VNeID")
    failed = [ErrorPanel(resetting.error)] if resetting.error else []
    button = OutlineButton(label, resetting, ft.Icons.RESTART_ALT_ROUNDED, guard.binds)
    note = Note(_("The PIN is known to you alone."), words, "tertiary", ft.Icons.KEY_OFF_ROUNDED)
    return stacked([note, *failed, button], 12)
