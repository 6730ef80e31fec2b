"""Replays on the web host: staff's own app makes one ready, a tab of the same browser opens it once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import flet as ft

from app.replay.opened import Opened
from app.replay.opening import Tickets, ticket_of, watch
from app.state import Session
from app.web import sessions
from services.diagnostics import read

Main = Callable[[ft.Page], Awaitable[None]]


class Replays:
    """The replays of one host. `now` gives the gateway's time, after which a bundle is expired."""

    def __init__(self, now: Callable[[], datetime], tickets: Tickets[Opened] | None = None) -> None:
        self._now = now
        self._tickets = tickets or Tickets[Opened]()

    async def prepare(self, owner: object, code: str, data: bytes, case: str) -> str:
        """Read a bundle for a web session and return the address that opens it, once.

        Raises Rejected with the reader's codes: `bundle_damaged`, `bundle_expired` and others.
        """
        bundle = await asyncio.to_thread(read, data, self._now())
        return self._tickets.issue(owner, Opened(code, bundle, case))

    def beside(self, main: Main) -> Main:
        """What starts each tab: a replay where the address names a ticket, else the app."""

        async def either(page: ft.Page) -> None:
            ticket = ticket_of(str(page.route or "/"))
            web = sessions.current()
            if ticket is None or web is None:
                await main(page)
                return
            viewer = Session(width=page.width or 1280.0)
            viewer.platform_dark = page.platform_brightness == ft.Brightness.DARK
            viewer.restore(await web.preferences.load())
            watch(page, self._tickets.take(web, ticket), viewer)

        return either
