"""What the screen of the code shows, a frame a second: the next code is ready before it is due."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from services.card_code import STEP_SECONDS, draw_png
from services.card_states import CardCode, CardState, ClockUntrusted
from services.clock import ServerClock

READY_BEFORE = 5.0
"""Seconds before a step's edge from which the next code is made."""
_SHORTEST = 0.02


class Coder(Protocol):
    """Makes what the card shows at a moment: services.cards.Cards."""

    async def code_at(self, now: float) -> CardState:
        """What the card shows at `now` (UTC seconds)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What to draw now; `picture` is a PNG of the code, `seconds` until the next one (15 to 1).

    `ends` is the moment of that next one: it changes with the code and not in between.
    """

    state: CardState
    picture: bytes | None = field(repr=False)
    seconds: int
    ends: datetime


@dataclass(frozen=True, slots=True)
class _Ready:
    """A state and its picture, made for one step counted since 1970."""

    step: int
    state: CardState
    picture: bytes | None


class CardDisplay:
    """Frames on the whole seconds of the gateway's time, as this device knows it."""

    def __init__(
        self,
        cards: Coder,
        clock: ServerClock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._cards = cards
        self._clock = clock
        self._sleep = sleep
        self._ahead: _Ready | None = None

    async def frames(self) -> AsyncIterator[Frame]:
        """Go on for ever; at a step's edge nothing is read and nothing is drawn any more."""
        shown: _Ready | None = None
        while True:
            now = self._now()
            step = int(now // STEP_SECONDS)
            if self._ahead is not None and self._ahead.step == step:
                shown, self._ahead = self._ahead, None
            elif shown is None or shown.step != step or _code(shown.state) is None:
                shown = await self._make(step, now)
            left = STEP_SECONDS - now % STEP_SECONDS
            ends = datetime.fromtimestamp((step + 1) * STEP_SECONDS, UTC)
            yield Frame(shown.state, shown.picture, math.ceil(left), ends)
            if left <= READY_BEFORE and self._ahead is None:
                edge = float((step + 1) * STEP_SECONDS)
                self._ahead = await self._make(step + 1, edge)
            await self._sleep(max(_SHORTEST, 1.0 - self._now() % 1.0))

    async def _make(self, step: int, at: float) -> _Ready:
        state = await self._cards.code_at(at)
        code = _code(state)
        return _Ready(step, state, None if code is None else draw_png(code.text))

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _code(state: CardState) -> CardCode | None:
    shown = state.code if isinstance(state, ClockUntrusted) else state
    return shown if isinstance(shown, CardCode) else None
