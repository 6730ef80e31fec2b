"""Offers a PIN to who has none, where it matters; a no is kept."""

import flet as ft

from app import paths
from app.hooks import component, use_action, use_device, use_session
from app.text import _
from views.components.buttons import LinkButton
from views.components.notes import Note
from views.components.opening import open_path


@component
def LockOffer() -> ft.Control:
    """A note with two ways on; nothing where there is a PIN, or after a no."""
    session, device = use_session(), use_device()

    async def decline() -> None:
        session.lock_offered = True
        await device.save_preferences(session.preferences())

    declining = use_action(decline)
    if session.has_pin or session.lock_offered or session.person is None:
        return ft.Container(height=0)
    ways = ft.Row(
        [
            LinkButton(_("Choose a PIN"), open_path(paths.LOCK)),
            LinkButton(_("No, thank you"), declining),
        ],
        wrap=True,
        spacing=8,
    )
    words = _("Then whoever borrows this device cannot read it.")
    icon = ft.Icons.LOCK_OUTLINE_ROUNDED
    return Note(_("Put a PIN before your record."), words, "neutral", icon, ways)
