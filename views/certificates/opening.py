"""What opens by the passcode of form No. 2 alone; form No. 1 is open."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_action, use_look, use_services, use_state
from app.text import _, ngettext
from services.certificates import CertificateApplication
from services.chance import new_id
from services.errors import GatewayUnavailable, ServiceError
from services.lock import LENGTH
from views.components import ErrorPanel, LinkButton, Note, OutlineButton, Text, TextBox, stacked
from views.components.asking import Asked

LOCKED = "passcode_locked"


@component
def Locked(application: CertificateApplication, draw: Callable[[str], ft.Control]) -> ft.Control:
    """What `draw` makes of the opening (empty for form No. 1), once there is one."""
    opening, set_opening = use_state("")
    certificate = application.certificate
    if certificate is None or not certificate.passcode or opening:
        return Asked(lambda: draw(opening))
    return PasscodePrompt(application.application_id, set_opening)


@component
def PasscodePrompt(application_id: str, opened: Callable[[str], None]) -> ft.Control:
    """Asks for the six digits; after five wrong ones it is locked for a while."""
    services, look = use_services(), use_look()
    passcode, set_passcode = use_state("")
    tried, set_tried = use_state(False)
    helped, set_helped = use_state(False)
    short = len(passcode) != LENGTH

    async def open_it() -> None:
        set_tried(True)
        if not short:
            # Each try counts once, also when its answer was lost.
            key = new_id()
            opened(await services.certificates.open(application_id, passcode, key))

    def toggle() -> None:
        set_helped(not helped)

    opening = use_action(open_it)
    demand = _(
        "Do not open it and do not hand it over. The law forbids anybody to demand form No. 2. "
        "Offer form No. 1 instead, and tell your ward's police."
    )
    return stacked(
        [
            Text(_("Form No. 2 opens by your passcode. It stays open for ten minutes.")),
            *([_failed(opening.error)] if opening.error else []),
            TextBox(
                _("Passcode, six digits"),
                passcode,
                set_passcode,
                max_length=LENGTH,
                error=_("Type six digits.") if tried and short else "",
                scale=look.scale,
                digits=True,
                secret=True,
            ),
            OutlineButton(_("Open with the passcode"), opening, ft.Icons.LOCK_OPEN_ROUNDED),
            LinkButton(_("Does somebody demand to see it?"), toggle, ft.Icons.GAVEL_ROUNDED),
            *(
                [Note(_("Nobody may demand form No. 2 from you."), demand, "tertiary")]
                if helped
                else []
            ),
        ],
        8,
    )


def _failed(error: ServiceError) -> ft.Control:
    if isinstance(error, GatewayUnavailable) and error.code == LOCKED:
        minutes = ngettext("{n} minute", "{n} minutes", -(-int(error.retry_after or 60) // 60))
        words = _("Try again in {minutes}. Your certificate is safe.").format(minutes=minutes)
        return Note(_("Locked after five wrong passcodes."), words, "error", live=True)
    return ErrorPanel(error)
