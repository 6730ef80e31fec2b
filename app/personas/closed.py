"""What stands in a persona's tab once it is over, or was opened already."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import flet as ft

from app.dressing import dress
from app.entry import Preferences
from app.hooks import RevisionsContext, SessionContext, use_state, view
from app.state import Revisions, Session
from app.text import _
from views.components import EmptyState


def close_page(page: ft.Page, preferences: Preferences) -> None:
    """Put the closing words in the place of the app, in the look that it had."""
    _forget_app(page)
    session = Session(width=page.width or 412)
    session.restore(preferences)
    dress(page, session)
    page.render_views(Over, session)


def _forget_app(page: ft.Page) -> None:
    """Take from a page that goes on everything by which an app still hangs on it: a persona is gone when it ends."""
    stop: Any = page.on_close
    if stop is not None:
        stop(None)
    for one in fields(page):
        if one.name.startswith("on_") and getattr(page, one.name, None) is not None:
            setattr(page, one.name, None)
    page.session.store.clear()
    for watched in ("dispatch_event", "invoke_method"):
        # The recorder stands before the session's own methods: app.recording.watching.
        vars(page.session).pop(watched, None)


@view
def Over(session: Session) -> Any:
    """The one screen that is left, drawn twice: Flet holds what it unmounted until the next redraw."""
    revisions = Revisions()
    drawn_once, set_drawn_once = use_state(False)

    def once_more() -> None:
        set_drawn_once(True)

    ft.use_effect(once_more, [drawn_once], cleanup=lambda: None)

    def drawn() -> ft.Control:
        inside = ft.SafeArea(Closed(), expand=True)
        return ft.View(route="/", controls=[inside], padding=0, spacing=0)

    return SessionContext(session, lambda: RevisionsContext(revisions, drawn))


@view
def Closed() -> ft.Control:
    """Where to begin again."""
    return EmptyState(
        ft.Icons.NO_ACCOUNTS_OUTLINED,
        _("This sandbox resident is closed."),
        _("Nothing of it is kept here. Close this tab; another is opened in the staff area."),
    )
