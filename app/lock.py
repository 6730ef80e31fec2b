"""When the app locks itself, and what opens it: one `Guard` a session.

The lock stands before every screen and keeps what is behind it. A device's vault loses its key
then, unless something waits to be sent: that goes first, for a quarter of an hour at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import fields

import flet as ft

from app.hooks import use_session
from app.presence import NEVER, Presence
from app.state import ONLY_AT_START, Revisions, Session
from services import Services
from services.errors import ServiceError
from services.lock import Attempt, Needs

GOOD_FOR = 300.0
"""Seconds for which a typed PIN opens the health record and a certificate's content."""
HELD = 900.0
"""Seconds at most for which a locked vault keeps its key because something waits to be sent."""
LINGER = 5.0
"""Seconds between two looks at what waits; also the time in which a draft is still kept."""
Sleep = Callable[[float], Awaitable[None]]


class Guard:
    """The lock of one session. `name` is the window's among those that share a `presence`."""

    def __init__(
        self,
        session: Session,
        services: Services,
        revisions: Revisions,
        *,
        name: str = "",
        presence: Presence | None = None,
        on_lock: Callable[[], None] = lambda: None,
        on_open: Callable[[], Awaitable[None]] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._session = session
        self._services = services
        self._revisions = revisions
        self._name = name
        self._presence = presence or Presence()
        self._on_lock = on_lock
        self._on_open = on_open
        self._sleep = sleep
        self._timer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._locked_with = 0
        self._proven_until = NEVER

    @property
    def proven(self) -> bool:
        """Whether a sign-in of just now stands in for a forgotten PIN, where nothing is under it."""
        return self._now() <= self._proven_until

    @property
    def binds(self) -> bool:
        """Whether the PIN also guards the key of what lies on this device."""
        return self._services.lock.binds

    @property
    def offers_biometrics(self) -> bool:
        """Whether finger or face could stand in for the PIN on this kind of device."""
        return self._services.lock.offers_biometrics

    def begin(self, needs: Needs, *, has_pin: bool, proven: bool = False) -> None:
        """Start as the lock found things; `needs` is empty where somebody is here already."""
        self._proven_until = self._now() + GOOD_FOR if proven else NEVER
        self._session.has_pin = has_pin
        self._session.lock_needs = needs
        self._session.locked = bool(needs)
        self._locked_with = self._auth_time()
        if not needs:
            self._come()

    def away(self, *, hidden: bool = True) -> None:
        """The app is out of sight, or `hidden` is False, another window is before it."""
        now, after = self._now(), self._session.lock_after
        if self._name in self._presence.front:
            self._presence.front.discard(self._name)
            self._presence.left = now
        if not self._session.has_pin or self._session.locked or after == ONLY_AT_START:
            return
        if after == 0 and hidden:
            self.lock()
        elif after > 0 and self._timer is None:
            self._timer = asyncio.create_task(self._lock_later(after))

    def back(self) -> None:
        """Somebody is here again; a device that slept may have missed the time to lock."""
        self._stop_timer()
        away_for, after = self._now() - self._presence.left, self._session.lock_after
        elsewhere = self._presence.front - {self._name}
        if self._session.has_pin and after > 0 and away_for > after and not elsewhere:
            self.lock()
        if not self._session.locked:
            self._come()

    def lock(self) -> None:
        """Lock now."""
        if not self._session.has_pin or self._session.locked:
            return
        self._stop_timer()
        self._presence.front.discard(self._name)
        self._presence.left = self._presence.opened = NEVER
        self._presence.locked = True
        self._locked_with = self._auth_time()
        self._session.lock_needs = "pin"
        self._session.locked = True
        self._on_lock()
        self._closing = asyncio.create_task(self._close_when_sent())

    async def open(self, pin: str) -> Attempt:
        """Try a PIN."""
        attempt = await self._services.lock.open(pin)
        if attempt.opened:
            await self.opened()
        return attempt

    async def recognise(self) -> bool:
        """Open by finger or face."""
        known = await self._services.lock.recognise()
        if known:
            await self.opened()
        return known

    async def choose(self, pin: str) -> None:
        """Choose a first PIN, or another after the old one was proven."""
        await self._services.lock.choose(pin)
        self._session.has_pin, self._proven_until = True, NEVER
        await self.opened()

    async def change(self, pin: str, new: str) -> Attempt:
        """Replace the PIN."""
        attempt = await self._services.lock.change(pin, new)
        if attempt.opened:
            await self.opened()
        return attempt

    async def remove(self, pin: str) -> Attempt:
        """Have no PIN any more."""
        attempt = await self._services.lock.remove(pin)
        if attempt.opened:
            self._session.has_pin = False
        return attempt

    async def retry(self) -> None:
        """Look again whether the device's safe place is open."""
        await self._take(await self._services.lock.begin())

    async def signed_in_anew(self) -> None:
        """Open after a sign-in of since the lock, where the PIN has nothing under it but the screen."""
        if self._session.locked and not self.binds and self._auth_time() > self._locked_with:
            self._proven_until = self._now() + GOOD_FOR
            await self.opened()

    async def forget(self) -> None:
        """Give up a forgotten PIN and what it alone opened; only after a fresh sign-in."""
        self._session.has_pin = False
        await self._take(await self._services.lock.reset())

    async def opened(self) -> None:
        """The key is there: go on where the resident was."""
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if self._on_open is not None:
            await self._on_open()
        if self._session.person is None:
            self._session.person = self._services.identity.person
        was_locked, self._session.lock_needs = self._session.locked, ""
        self._session.locked = self._session.covered = False
        self._presence.opened, self._presence.locked = self._now(), False
        self._session.pins_typed += 1
        self._come()
        if was_locked:
            self._ask_again()

    def fresh(self) -> bool:
        """Whether the PIN was typed, or what it guards looked at, a short while ago."""
        return self._now() - self._presence.opened <= GOOD_FOR

    def keep_fresh(self) -> None:
        """What the PIN guards is being looked at."""
        if self._name in self._presence.front and self.fresh():
            self._presence.opened = self._now()

    def close(self) -> None:
        """The window is gone."""
        self.away(hidden=False)
        self._stop_timer()
        if self._closing is not None:
            self._closing.cancel()

    async def _take(self, needs: Needs) -> None:
        self._session.lock_needs = needs
        self._session.has_pin = self._session.has_pin or needs == "pin"
        if not needs:
            await self.opened()

    def _auth_time(self) -> int:
        person = self._services.identity.person
        return (person.auth_time if person else None) or 0

    def _come(self) -> None:
        self._presence.front.add(self._name)

    def _now(self) -> float:
        return self._services.clock.steady()

    async def _lock_later(self, after: float) -> None:
        await self._sleep(after)
        self._timer = None
        if not self._presence.front:
            self.lock()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _close_when_sent(self) -> None:
        """Drop the key once nothing waits that could go by itself, or after a while."""
        waited = 0.0
        while waited < HELD:
            await self._sleep(LINGER)
            waited += LINGER
            with suppress(ServiceError):
                items = await self._services.outbox.list()
                if not any(item.state in ("waiting", "sending") for item in items):
                    break
        self._services.lock.close()

    def _ask_again(self) -> None:
        """What could not be read meanwhile is read now, and what waits goes."""
        for one in fields(self._revisions):
            setattr(self._revisions, one.name, getattr(self._revisions, one.name) + 1)
        self._services.outbox.wake()


LockContext: ft.ContextProvider[Guard | None] = ft.create_context(None)


def use_guard() -> Guard:
    """The lock of this session."""
    guard = ft.use_context(LockContext)
    assert guard is not None, "draw views inside the contexts of app.entry"
    return guard


def use_asked() -> bool:
    """Whether the PIN has to be typed before what is drawn here; never where there is none."""
    guard, session = use_guard(), use_session()
    passed = ft.use_ref(False)
    if not session.has_pin or guard.fresh():
        passed.current = True
    return not passed.current
