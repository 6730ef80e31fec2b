"""The recorder of a replay: it keeps in memory what the replayed app tells it, in the recording's own form.

What it is told are stand-ins already, so it leaves every value as it is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from services.chance import SystemChance
from services.clock import ServerClock
from services.diagnostics import Recorder, Screen, Step
from services.diagnostics.stand_ins import StandIns
from services.vault import SubjectVault

LATE = 2.0
"""Seconds after which a recorded identifier is passed over."""


class AsItIs(StandIns):
    """Takes every value for its own stand-in."""

    def of(self, kind: str, value: Any) -> Any:
        """Return the value."""
        return value


class Rehearsal(Recorder):
    """Keeps screens and steps of one replay. Nothing of it is stored."""

    def __init__(self, clock: ServerClock, rows: SubjectVault, base: str) -> None:
        super().__init__(clock, rows, base)
        self.reducer.use(AsItIs())
        self.screens: list[Screen] = []
        self.steps: list[Step] = []

    def _add(self, event: dict[str, Any], *, at_once: bool = False) -> None:
        if "screen" in event:
            self.screens.append(Screen.from_json(event["screen"]))
        if "step" in event:
            self.steps.append(Step.from_json(event["step"]))


class RecordedFindings:
    """Finds what was found then, whatever is typed now; `until` is a time of the recording."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = [step for step in steps if step.kind == "found"]
        self.until = 0.0

    def found(self, where: str, places: tuple[int, ...]) -> Sequence[int]:
        """Return what was last found there by that time; a search that was not recorded finds its own."""
        before = (
            step.detail.get("places")
            for step in reversed(self._steps)
            if step.detail.get("where") == where and step.at < self.until
        )
        known = next(before, None)
        if not isinstance(known, list):
            return places
        return [place for place in known if isinstance(place, int)]


class RecordedDraws(SystemChance):
    """Chance that gives again what was drawn, in its order; beyond the recording, the machine's own.

    Draws of two kinds of pauses may fall together the other way round: a number is taken by the
    first that asks for one like it. `begun` is the loop's time at the recording's start.
    """

    def __init__(self, steps: Iterable[Step], begun: float = 0.0) -> None:
        drawn = [step for step in steps if step.kind == "chance"]
        self._ids = deque(step for step in drawn if step.detail.get("call") == "id")
        answers = (s.detail.get("answer") for s in drawn if s.detail.get("call") == "uniform")
        self._numbers = [float(one) for one in answers if isinstance(one, int | float)]
        self._begun = begun

    def new_id(self) -> str:
        """Return the next recorded identifier; one whose time is over was for something not drawn again."""
        now = asyncio.get_running_loop().time() - self._begun
        while len(self._ids) > 1 and self._ids[1].at < now - LATE:
            self._ids.popleft()
        return str(self._ids.popleft().detail.get("answer")) if self._ids else super().new_id()

    def uniform(self, low: float, high: float) -> float:
        """Return the next recorded number between the two."""
        for place, number in enumerate(self._numbers):
            if low <= number <= high:
                return self._numbers.pop(place)
        return (low + high) / 2
