"""How a replay is opened: a ticket for one web session and one opening, or a file on a developer's machine."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flet as ft

from app.dressing import dress
from app.hooks import RevisionsContext, SessionContext, view
from app.replay.opened import Opened
from app.replay.screen import ReplayScreen, Window
from app.state import Revisions, Session
from app.text import _
from views.components import EmptyState

PATH = "/replay"
LEAD = f"{PATH}/"
TICKET_SECONDS = 120.0
"""How long a ticket waits to be used."""
MOST_TICKETS = 50
"""Tickets that wait at once; the oldest goes when another comes."""

Main = Callable[[ft.Page], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    owner: object
    opened: T
    until: float


class Tickets(Generic[T]):
    """What may be opened at `lead` and a ticket: once each, soon, and by the session that asked alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, lead: str = LEAD) -> None:
        self._clock = clock
        self._lead = lead
        self._kept: dict[str, _Kept[T]] = {}

    def issue(self, owner: object, opened: T) -> str:
        """Keep something for `owner` (a web session) and return the address that opens it."""
        self._forget_old()
        while len(self._kept) >= MOST_TICKETS:
            del self._kept[next(iter(self._kept))]
        ticket = secrets.token_urlsafe(24)
        self._kept[ticket] = _Kept(owner, opened, self._clock() + TICKET_SECONDS)
        return f"{self._lead}{ticket}"

    def take(self, owner: object, ticket: str) -> T | None:
        """Return what a ticket opens, once; None for a stranger's, a used one, one too old."""
        self._forget_old()
        kept = self._kept.get(ticket)
        if kept is None or kept.owner is not owner:
            return None
        del self._kept[ticket]
        return kept.opened

    def _forget_old(self) -> None:
        now = self._clock()
        for ticket in [name for name, kept in self._kept.items() if kept.until <= now]:
            del self._kept[ticket]


def ticket_of(route: str, lead: str = LEAD) -> str | None:
    """The ticket that an address names; None for any other address of the app."""
    if not route.startswith(lead):
        return None
    return re.split("[?&#]", route.removeprefix(lead))[0]


def watch(page: ft.Page, opened: Opened | None, session: Session) -> None:
    """Draw a replay on a page, dressed as its viewer set their own app; nothing of it is the app's."""
    window = Window(page.width or 1280.0, page.height or 800.0)

    def resized(_e: Any) -> None:
        window.width = page.width or window.width
        window.height = page.height or window.height
        session.width = window.width

    def closed(_e: Any) -> None:
        for task in list(page.session.store.get("loops") or ()):
            task.cancel()

    dress(page, session)
    page.on_resize = resized
    page.on_close = closed
    page.render_views(Watcher, opened, session, window)


@view
def Watcher(opened: Opened | None, session: Session, window: Window) -> Any:
    """The one screen of a replay's tab, in a viewer's session."""
    revisions = Revisions()

    def drawn() -> ft.Control:
        content = Closed() if opened is None else ReplayScreen(opened, window)
        return ft.View(
            route="/", controls=[ft.SafeArea(content, expand=True)], padding=0, spacing=0
        )

    return SessionContext(session, lambda: RevisionsContext(revisions, drawn))


@view
def Closed() -> ft.Control:
    """A ticket that opens nothing any more."""
    return EmptyState(
        ft.Icons.REPLAY_ROUNDED,
        _("This replay is closed."),
        _("Open the support code again in the staff area."),
    )
