"""Personas on the web host: staff's own app makes one ready, a tab of the same browser opens it once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from app.entry import Process
from app.personas.closed import close_page
from app.personas.faults import Sleep
from app.personas.stage import Opened, Stage, open_app
from app.replay.opening import Tickets, ticket_of
from app.web import sessions
from services.errors import ServiceError
from services.personas import Begin, Faults

Main = Callable[[ft.Page], Awaitable[None]]
LEAD = "/?persona="
"""Home, with a ticket: a browser that loads its page anew asks for the address that it shows."""


class Personas:
    """The personas of one host, which serves the sandbox. `sleep` takes the seconds of slow answers."""

    def __init__(self, process: Process, sleep: Sleep = asyncio.sleep) -> None:
        self._process, self._sleep = process, sleep
        self._tickets: Tickets[Opened] = Tickets(lead=LEAD)

    async def prepare(self, owner: object, begin: Begin, faults: Faults) -> str:
        """Begin a persona for a web session and return the address that opens it, once.

        Raises what `begin` raises.
        """
        return self._tickets.issue(owner, Opened(await begin(), begin, faults))

    def beside(self, main: Main) -> Main:
        """What starts each tab: a persona where the address names a ticket, else the app."""

        async def either(page: ft.Page) -> None:
            ticket = ticket_of(str(page.route or "/"), LEAD)
            web = sessions.current()
            if ticket is None or web is None:
                await main(page)
            else:
                await self.open(page, web, ticket, await web.preferences.load())

        return either

    async def open(
        self, page: ft.Page, owner: object, ticket: str, preferences: dict[str, object]
    ) -> Stage | None:
        """Open what a ticket of that web session names, or say that it is over."""
        opened = self._tickets.take(owner, ticket)
        # The app's own addresses begin here; the ticket is worth nothing any more.
        page.route = "/"
        if opened is not None:
            try:
                return await open_app(page, self._process, opened, preferences, self._sleep)
            except ServiceError:
                pass
        close_page(page, preferences)
        return None
