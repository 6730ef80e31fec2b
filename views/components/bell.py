"""The way to the inbox, with the number of new messages: on home and on desktop screens."""

import flet as ft

from app import paths
from app.hooks import component, use_look, use_session
from app.text import _, ngettext
from views.components.buttons import IconAction
from views.components.opening import open_path


@component
def Bell() -> ft.Control:
    """Its badge goes when the messages were read."""
    unread, palette = use_session().unread, use_look().palette
    said = ngettext("Inbox, {n} new message", "Inbox, {n} new messages", unread)
    button = IconAction(
        ft.Icons.NOTIFICATIONS_OUTLINED, said if unread else _("Inbox"), open_path(paths.INBOX)
    )
    if unread:
        number = ft.Text(str(unread), size=12, color=palette.on_error)
        # At the icon's corner, not at that of the larger target around it.
        button.badge = ft.Badge(label=number, bgcolor=palette.error, offset=ft.Offset(-8, 8))
    return button
