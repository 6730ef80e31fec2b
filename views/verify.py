"""Checking a certificate that somebody shows, with or without an account (pictures 16)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_device,
    use_look,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.certificates import Verification
from services.errors import GatewayUnavailable, Offline, ServiceError
from views.certificates.verdict import Unchecked, VerdictBanner, VerdictDetails
from views.components import (
    ErrorPanel,
    Heading,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    TextBox,
    stacked,
)


@view
def VerifyView() -> ft.Control:
    """The form, or the verdict on what was sent last."""
    initial: Verification | None = None
    found, set_found = use_state(initial)
    if found is None:
        return CheckForm(set_found)

    def another() -> None:
        set_found(None)

    return VerdictScreen(found, another)


@component
def VerdictScreen(found: Verification, another: Callable[[], None]) -> ft.Control:
    """The verdict at once, then why, about whom, what to do, and when."""
    look = use_look()
    banner = VerdictBanner(found)
    across = look.compact and not look.large_text
    again = MainButton(_("Check another certificate"), another, ft.Icons.FACT_CHECK_OUTLINED)
    return Screen(
        _("Document check"),
        *(() if across else (banner,)),
        VerdictDetails(found),
        back=paths.ME,
        close=True,
        strip=banner if across else None,
        foot=(again,),
    )


@component
def CheckForm(tell: Callable[[Any], None]) -> ft.Control:
    """A code to type or a PDF to choose."""
    services, device = use_services(), use_device()
    code, set_code = use_state("")
    tried, set_tried = use_state(False)
    sought: Any = ft.use_ref("")

    async def check() -> None:
        tell(await services.certificates.verify(sought.current))

    async def choose() -> None:
        picked = await device.pick_file(("pdf",))
        if picked is not None:
            sought.current = picked.data
            await checking.run()

    async def check_code() -> None:
        set_tried(True)
        sought.current = code.strip()
        if sought.current:
            await checking.run()

    checking, choosing = use_action(check), use_action(choose)
    failure = checking.error or choosing.error
    missing = _("Enter the code that stands on the certificate.")
    return Screen(
        _("Document check"),
        Heading(_("Check a criminal record certificate"), 2, "headline_small"),
        Text(_("Anyone can check, without an account.")),
        *_failed(failure),
        CodeBox(code, set_code, missing if tried and not code.strip() else ""),
        MainButton(
            _("Check the code"),
            Action(check_code, checking.running, checking.error),
            busy_label=_("Checking…"),
        ),
        Text(_("Or check the file itself, which also shows whether its content is unchanged:")),
        OutlineButton(_("Choose a PDF"), choosing, ft.Icons.PICTURE_AS_PDF_OUTLINED),
        Note(
            _("The file is not kept."),
            _("It goes to the server to be checked and is then dropped."),
            icon=ft.Icons.SHIELD_OUTLINED,
        ),
        back=paths.ME,
        close=True,
    )


@component
def CodeBox(code: str, write: Callable[[str], None], error: str) -> ft.Control:
    """The code, however it is typed."""
    help_text = _("On the certificate: eight letters and digits, such as ABCD-2345")
    scale = use_look().scale
    box = TextBox(_("Checking code"), code, write, help_text=help_text, error=error, scale=scale)
    return stacked([box])


def _failed(error: ServiceError | None) -> list[ft.Control]:
    if error is None:
        return []
    if isinstance(error, Offline | GatewayUnavailable):
        return [Unchecked()]
    if error.code == "too_large":
        words = _("A certificate is much smaller, so this file is none.")
        return [Note(_("The file is too large."), words, "error", live=True)]
    return [ErrorPanel(error)]
