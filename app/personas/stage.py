"""One persona's app: put together as `app.entry` does, over a line, clock and store that are its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import flet as ft
import httpx

from app.entry import Preferences, Process, services_of, start, user_agent_of
from app.opening import web_opening
from app.personas.closed import close_page
from app.personas.device import PersonaDevice
from app.personas.faults import FaultyLine, PersonaClock, PersonaVault, Sleep
from app.presence import Presence
from app.replay.resident import NoTokens
from app.state import Persona, Session
from app.web.asking import asking_for
from services import Services
from services.errors import ServiceError
from services.personas import Begin, BegunPersona, Faults
from services.reach import Reach


@dataclass(frozen=True, slots=True)
class Opened:
    """A persona that waits to be opened: what the gateway gave, how another begins, its first faults."""

    begun: BegunPersona
    begin: Begin
    faults: Faults


@dataclass(slots=True)
class Stage:
    """What one persona holds. After `free` nothing of it is left."""

    line: FaultyLine
    clock: PersonaClock
    vault: PersonaVault
    services: Services = field(repr=False)
    session: Session | None = None
    ended: bool = False

    def change(self, faults: Faults) -> None:
        """Switch faults on and off, for this persona alone."""
        self.line.faults = faults
        self.clock.put(faults.clock_hours)
        self.vault.full = faults.no_storage
        if self.session is not None and self.session.persona is not None:
            self.session.persona = replace(self.session.persona, faults=faults)
            self.services.outbox.wake()

    async def free(self) -> None:
        """End the sign-in at the gateway, whatever is switched on, and forget everything."""
        if self.ended:
            return
        self.ended = True
        self.line.faults = Faults()
        with suppress(ServiceError):
            await self.services.sessions.leave()
        with suppress(ServiceError):
            await self.services.identity.sign_out()
        self.vault.close()


async def open_app(
    page: ft.Page,
    process: Process,
    opened: Opened,
    preferences: Preferences,
    sleep: Sleep = asyncio.sleep,
) -> Stage:
    """Start the app as the resident, with `preferences` to begin with; closing its tab ends it.

    Raises ServiceError when the gateway's tokens cannot be taken up.
    """
    http = asking_for(process.http, page.client_ip or "", process.gateway_url)
    line = FaultyLine(http, process.gateway_url, sleep)
    vault, clock = PersonaVault(), PersonaClock()
    # The sign-in keeps right time: a wrong clock would renew it again and again.
    identity = process.identity_for(NoTokens())
    own = replace(process, vault=vault, clock=clock, reach=Reach())
    services = services_of(
        own,
        identity,
        keep_health_copies=False,
        http=httpx.AsyncClient(transport=line, trust_env=False),
        user_agent=user_agent_of(page, "browser"),
    )
    stage = Stage(line, clock, vault, services)
    await identity.admit(opened.begun.answer)

    async def save(chosen: dict[str, str | float]) -> None:
        if not vault.full:
            preferences.update(chosen)

    def signed_in() -> None:
        stage.change(replace(line.faults, expired=False))

    async def end() -> None:
        await stage.free()
        close_page(page, preferences)

    device = PersonaDevice(page, save, identity, opened.begin, signed_in)
    persona = Persona(opened.begun.name, opened.faults, stage.change, end)
    opening = await web_opening(services, Presence(), preferences)
    stage.session = start(page, services, device, preferences, process.config, opening, persona)
    stage.change(opened.faults)
    _end_with(page, stage.free)
    return stage


def _end_with(page: ft.Page, free: Callable[[], Awaitable[None]]) -> None:
    """When the tab is closed the persona ends too."""
    stop: Any = page.on_close
    freeing: set[asyncio.Future[None]] = set()

    def closed(e: Any) -> None:
        stop(e)
        task = asyncio.ensure_future(free())
        freeing.add(task)
        task.add_done_callback(freeing.discard)

    page.on_close = closed
