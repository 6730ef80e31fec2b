"""The desk is for officers: whoever else opens its address is told so and shown nothing."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import component, use_session
from app.text import _
from services.identity import Person
from views.components import EmptyState, LinkButton, Screen, open_path

OFFICER = "officer"


def is_officer(person: Person | None) -> bool:
    """Whether the identity provider says that this person handles reports."""
    return person is not None and OFFICER in person.roles


@component
def Admitted(draw: Callable[[], ft.Control]) -> ft.Control:
    """The desk's screen for an officer, words for anyone else; the gateway refuses anyway."""
    if is_officer(use_session().person):
        return draw()
    home = LinkButton(_("Go to the start"), open_path(paths.HOME))
    return Screen(
        _("Officers' desk"),
        EmptyState(
            ft.Icons.BADGE_OUTLINED,
            _("The desk is for officers"),
            _("Your account has no office. If you are an officer, sign in with that account."),
            home,
        ),
        back=paths.ME,
    )
