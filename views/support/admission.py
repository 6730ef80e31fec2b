"""The support desk is for its staff: whoever else opens its address is told so and shown nothing."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import component, use_session
from app.text import _
from views.components import EmptyState, LinkButton, Screen, open_path

AGENT, SUPERVISOR = "support", "supervisor"


@component
def Admitted(role: str, draw: Callable[[], ft.Control]) -> ft.Control:
    """The screen for one of that role, words for anyone else; the gateway refuses anyway."""
    person = use_session().person
    if person is not None and role in person.roles:
        return draw()
    home = LinkButton(_("Go to the start"), open_path(paths.HOME))
    return Screen(
        _("Support desk"),
        EmptyState(
            ft.Icons.BADGE_OUTLINED,
            _("This desk is for support staff"),
            _("Your account has no such role. If you work there, sign in with that account."),
            home,
        ),
        back=paths.ME,
    )
