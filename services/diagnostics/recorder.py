"""The recorder of one session: what happened, in the form in which it may leave the device.

Everything is reduced before it is kept (`services.diagnostics.reducing`), also in the vault: on
the web the vault lies on a server, where no copy of a health record may be.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from services.clock import ServerClock
from services.diagnostics import har
from services.diagnostics.addresses import Addresses
from services.diagnostics.album import Album
from services.diagnostics.assembling import renumbered, started, versions
from services.diagnostics.bundle import STEP_KINDS, Bundle, Manifest, Screen, Step
from services.diagnostics.digest import digest
from services.diagnostics.har import Exchange
from services.diagnostics.reducing import Reducer
from services.diagnostics.renaming import Renaming
from services.diagnostics.ring import Event, Ring
from services.diagnostics.stand_ins import StandIns
from services.diagnostics.state import person_of, stored
from services.errors import ServiceError
from services.identity import Person
from services.vault import SubjectVault

logger = logging.getLogger(__name__)


class Recorder:
    """Keeps the last minutes of one session. None of its methods ever raises.

    `rows` are the vault's rows of whoever is signed in; `base` is the gateway's address.
    """

    def __init__(self, clock: ServerClock, rows: SubjectVault, base: str) -> None:
        self._clock = clock
        self._rows = rows
        self._began = clock.steady()
        self.name = secrets.token_hex(8)
        self.reducer = Reducer(StandIns(), base)
        self.addresses = Addresses()
        self._ring = Ring(rows, clock.now, self.name)
        self._album = Album(clock.now)
        self._step = 0
        self._open: bool | None = None
        self._waiting: dict[int, tuple[httpx.Request, float]] = {}
        self._written: Counter[tuple[str, ...]] = Counter()
        self._subject: str | None = None
        self._last_subject: str | None = None
        self._first_person: dict[str, Any] = {}
        self._person: dict[str, Any] = {}
        self._about: dict[str, Any] = {}
        self._preferences: dict[str, Any] = {}

    def about(self, **facts: Any) -> None:
        """Say what the manifest tells of this app: app_version, profile, place, platform."""
        self._about |= facts

    def offer(self, offered: Mapping[str, Any]) -> None:
        """Say what this profile offers: features, photos to a report."""
        self._preferences["offer"] = dict(offered)

    def prefer(self, **preferences: Any) -> None:
        """Say how the app is shown: language, theme, text size, width …"""
        before = dict(self._preferences)
        self._preferences |= preferences
        if self._step and before != self._preferences:
            # A replay begins with those, and does the change again.
            self._add({"preferences": before})

    @property
    def at(self) -> float:
        """Seconds since this recording began."""
        return round(self._clock.steady() - self._began, 3)

    @property
    def next_step(self) -> int:
        """The number that the next step will have."""
        return self._step + 1

    def step(self, kind: str, **detail: Any) -> int:
        """Keep one step and return its number; `detail` is already reduced."""
        assert kind in STEP_KINDS, kind
        self._step += 1
        step = Step(self._step, self.at, kind, detail)
        self._add({"step": step.to_json()}, at_once=kind == "error")
        return self._step

    def route(self, address: str) -> str:
        """The address of a screen as it may be recorded."""
        return self.addresses.reduced(address, self.reducer.stand_ins)

    def screen(self, route: str, words: Sequence[str]) -> None:
        """Keep what stands on the screen before the next step; the words are message ids."""
        screen = Screen(self.next_step, self.at, route, tuple(words), digest(route, words))
        self._add({"screen": screen.to_json()})

    def person(self, person: Person | None) -> None:
        """Say who is signed in; whoever comes after somebody else finds nothing of theirs."""
        subject = person.subject if person else None
        if subject == self._subject:
            return
        if subject is not None and self._last_subject not in (None, subject):
            self.drop()
        told = person_of(person, self.reducer)
        if self._step:
            self.step("person", signed_in=person is not None, person=told)
        else:
            self._first_person = told
        if person is None:
            self._album.clear()
        self._person = told
        self._subject, self._last_subject = subject, subject or self._last_subject

    def took(self, jpeg: bytes) -> None:
        """Keep a picture that the resident took or chose, as it would be sent: only they can send it."""
        if self._subject is not None:
            self._album.add(jpeg)

    def wrote(self, tables: Sequence[str], refused: str) -> None:
        """Keep that the device could not store, and after how many writings of these tables."""
        name = tuple(tables)
        if not refused:
            self._written[name] += 1
            return
        told = {"tables": list(name), "after": self._written[name]}
        self.step("device", call="store", **told, refused={"type": "Rejected", "code": refused})

    async def remember(self) -> None:
        """Keep what the device has stored, for a replay to begin with."""
        now = self._clock.now()
        began = now - timedelta(seconds=self.at)
        state = await stored(self._rows, self.reducer, began)
        self._add({"state": {"person": self._first_person, **state}})

    def error(self, error: ServiceError) -> None:
        """Keep what the resident is told."""
        status, fields = getattr(error, "status", None), getattr(error, "field_errors", ())
        detail: dict[str, Any] = {"type": type(error).__name__, "code": error.code}
        if error.reference:
            detail["reference"] = error.reference
        if status:
            detail["status"] = status
        if fields:
            detail["fields"] = [{"field": one.field, "code": one.code} for one in fields]
        self.step("error", **detail)

    def asked(self, request: httpx.Request, sent: float) -> None:
        """Know of a request that waits for its answer: a bundle made meanwhile tells of it."""
        self._waiting[id(request)] = (request, sent)

    def exchanged(self, exchange: Exchange) -> None:
        """Keep a request and its answer."""
        self._waiting.pop(id(exchange.request), None)
        at = exchange.at - self._began
        try:
            entry = har.entry(replace(exchange, at=at), self.reducer, self._step)
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            # A recorder that fails must not fail the request.
            logger.exception("Could not record a request")
            return
        self._add({"request": entry})
        answered = exchange.response is not None
        if answered != self._open and exchange.error in ("", "ConnectError", "ConnectTimeout"):
            self._open = answered
            self.step("network", open=answered)

    async def bundle(self) -> Bundle:
        """Return everything kept as a bundle to be looked at, with stand-ins of its own.

        A run that a crash ended within the last minutes comes first, with steps of its own.
        """
        before = await self._ring.earlier()
        events = [*(before[-1] if before else ()), *await self._ring.events()]
        bundle = self._bundle(renumbered(events))
        renaming = Renaming(self.addresses, self.reducer.stand_ins.app_says)
        return await asyncio.to_thread(renaming.bundle, bundle)

    async def flush(self) -> None:
        """Write what waits, such as before the app goes to sleep."""
        await self._ring.flush()

    async def forget(self) -> None:
        """Remove everything kept of this resident."""
        self._album.clear()
        await self._ring.clear()

    def drop(self) -> None:
        """Forget what is in memory and begin with new stand-ins: another resident comes."""
        self._ring.drop()
        self._album.clear()
        fresh = StandIns()
        fresh.app_says = self.reducer.stand_ins.app_says
        self.reducer.use(fresh)

    def _add(self, event: Event, *, at_once: bool = False) -> None:
        self._ring.add({"moment": self._clock.now().isoformat(), **event}, at_once=at_once)

    def _bundle(self, events: list[Event]) -> Bundle:
        now = self._clock.now()
        steps = tuple(Step.from_json(e["step"]) for e in events if "step" in e)
        screens = tuple(Screen.from_json(e["screen"]) for e in events if "screen" in e)
        entries = [e["request"] for e in events if "request" in e] + self._unanswered()
        signed = any(step.kind == "person" for step in steps)
        state: dict[str, Any] = {"person": {} if signed else self._person}
        for event in events:
            state = event.get("state", state)
        changed = (event["preferences"] for event in events if "preferences" in event)
        preferences = next(changed, self._preferences)
        if not state.get("person"):
            # Whoever signed in later: a replay signs them in when it comes to it.
            later = (step.detail.get("person") for step in steps if step.kind == "person")
            state = {**state, "person": next(filter(None, later), {})}
        counts = {"steps": len(steps), "requests": len(entries), "screens": len(screens)}
        manifest = Manifest(
            bundle_id=secrets.token_hex(8),
            created=now,
            started=started(events) or now,
            ended=now,
            offset=self._clock.offset.total_seconds(),
            versions=versions(),
            counts=counts,
            **{"app_version": "", **self._about},
        )
        written = har.document(entries, manifest.app_version)
        photos = self._album.pictures()
        return Bundle(manifest, dict(preferences), steps, screens, written, {}, state, photos)

    def _unanswered(self) -> list[dict[str, Any]]:
        """The requests that still wait, as ones that nobody will answer."""
        now = self._clock.steady()
        return [
            har.entry(
                Exchange(
                    request,
                    None,
                    b"",
                    self._clock.now(),
                    sent - self._began,
                    now - sent,
                    0.0,
                    har.GIVEN_UP,
                ),
                self.reducer,
                self._step,
            )
            for request, sent in list(self._waiting.values())
        ]
