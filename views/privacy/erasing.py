"""Erasing one's account: what goes, what stays, one question, the receipt."""

import asyncio

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_resource,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.privacy import Erasing
from views.components import (
    ErrorPanel,
    LinkButton,
    Loaded,
    Note,
    OutlineButton,
    Screen,
    Text,
    open_path,
    stacked,
)
from views.privacy.tallies import Tallies

LOOKS, BETWEEN = 60, 1.0
"""How often the receipt is asked for, and the seconds between."""


@view
def EraseAccountView() -> ft.Control:
    """Everything is said before anything is asked."""
    services = use_services()
    preview = use_resource(services.privacy.preview)
    return Screen(
        _("Erase my account"),
        Text(_("What the city keeps about you is erased, on every device.")),
        LinkButton(_("Download my data first"), open_path(paths.PRIVACY_EXPORT)),
        Loaded(preview, Previewed),
        back=paths.PRIVACY,
    )


def Previewed(preview: Erasing) -> ft.Control:
    """What goes and stays, then the question; or what must be ended first."""
    below: ft.Control = Asking()
    if preview.blockers:
        below = Note(
            _("You are parked now."),
            _("End that stay first, so that no money is taken afterwards."),
            "error",
            action=LinkButton(_("Open parking"), open_path(paths.PARKING)),
        )
    return stacked([Tallies(preview.erased, preview.kept, False), below], 16)


@component
def Asking() -> ft.Control:
    """Asks once, says what follows, and waits for the receipt."""
    services = use_services()
    asked, set_asked = use_state(False)

    async def erase() -> None:
        mine, standing = services.vault.pinned(), services.identity.standing
        with standing.erasing_here():
            begun = await services.privacy.erase()
        await mine.clear()
        await services.emergency.remove()
        for _look in range(LOOKS):
            if (await services.privacy.receipt(begun.erasure_id)).done:
                break
            await asyncio.sleep(BETWEEN)
        await ft.context.page.push_route(paths.erasure(begun.erasure_id))

    erasing = use_action(erase)
    if not asked:
        return OutlineButton(
            _("Erase my account"),
            lambda: set_asked(True),
            ft.Icons.NO_ACCOUNTS_ROUNDED,
            danger=True,
        )
    words = _(
        "Every device is signed out. Drafts and what waits to be sent are lost. Links and your card"
        " stop working. This cannot be undone; you can sign in again, and begin empty."
    )
    return stacked(
        [
            Note(_("Erase everything?"), words, "error", live=True),
            *([ErrorPanel(erasing.error)] if erasing.error else []),
            OutlineButton(
                _("Erasing…") if erasing.running else _("Yes, erase everything"),
                erasing,
                danger=True,
            ),
            LinkButton(_("Keep my account"), lambda: set_asked(False)),
        ],
        12,
    )
