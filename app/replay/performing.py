"""Performs a bundle: the app on recorded answers, clock and acts, and what stood on the screen at each step.

It runs to its end at once, on a loop of its own in the calling thread; showing it at the pace of
the recording, and going back in it, is the viewer's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from math import inf

from app import __version__
from app.replay.acting import act
from app.replay.answers import Unrecorded
from app.replay.loop import ReplayLoop, ReplayTooLong
from app.replay.names import Names
from app.replay.picture import Picture
from app.replay.setting import Setting, make_setting, origin
from app.replay.stage import AppCrashed, Stage
from services.diagnostics import Bundle, Screen, Step

MOST_SECONDS = 60.0
"""CPU time that one bundle may take."""
DONE = ("act", "route", "back")
"""Kinds of steps that the replay does itself; the others happen again by themselves."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One step and what stood on the screen after it.

    `words` are the messages on the screen just before the step, as recorded and as replayed, where
    the recording holds them. `found` is False when the control of the step was not there.
    """

    step: Step
    picture: Picture
    recorded: Screen | None = None
    replayed: Screen | None = None
    found: bool = True

    @property
    def differs(self) -> bool:
        """Whether the replay had left the recording before this step."""
        if self.recorded is None or self.replayed is None:
            return not self.found
        return self.recorded.digest != self.replayed.digest or not self.found


@dataclass(frozen=True, slots=True)
class Performance:
    """A bundle performed: a scene for every step, and what the recording had no answer to.

    `errors` are what the app told the resident in the replay, as steps of kind `error`.
    """

    bundle: Bundle
    scenes: tuple[Scene, ...]
    unrecorded: tuple[Unrecorded, ...] = ()
    errors: tuple[Step, ...] = ()
    version: str = __version__
    crash: str | None = field(default=None, repr=False)

    @property
    def first_difference(self) -> Scene | None:
        """The first step before which the replayed screen was another than the recorded one."""
        return next((scene for scene in self.scenes if scene.differs), None)


Told = Callable[[int, int], None]
"""Called with how many steps are done, and of how many."""


def perform(bundle: Bundle, told: Told | None = None) -> Performance:
    """Perform a bundle from its first step to its last. Raises ReplayTooLong.

    Nothing of the caller's context is seen: no page, no web session.
    """
    return Context().run(_perform, bundle, told or (lambda _done, _of: None))


def _perform(bundle: Bundle, told: Told) -> Performance:
    loop = ReplayLoop(MOST_SECONDS)
    try:
        return loop.run_until_complete(_Play(bundle, told).to_the_end())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        with suppress(RuntimeError, ReplayTooLong):
            loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass(frozen=True, slots=True)
class _Cue:
    """When a step is done, and the screen that the recording saw just before."""

    step: Step
    at: float
    screen: Screen | None = None


class _Play:
    """One run through a bundle. Times are the loop's, from the moment the app was started."""

    def __init__(self, bundle: Bundle, told: Told) -> None:
        self._bundle = bundle
        self._told = told
        self._scenes: list[Scene] = []
        self._crash: str | None = None

    async def to_the_end(self) -> Performance:
        """Start the app, do every step at its time, and end."""
        setting, cues = await make_setting(self._bundle), cues_of(self._bundle)
        names = Names(self._bundle, lambda: setting.rehearsal.addresses)
        begun = asyncio.get_running_loop().time() - origin(self._bundle)
        try:
            setting.findings.until = next(self._acted_at(cues), inf)
            await setting.open()
            await self._all(setting, names, begun, cues)
        except AppCrashed as crashed:
            self._crash = str(crashed)
        await setting.close()
        return Performance(
            self._bundle,
            tuple(self._scenes),
            tuple(setting.answers.unrecorded),
            tuple(step for step in setting.rehearsal.steps if step.kind == "error"),
            crash=self._crash,
        )

    async def _all(self, setting: Setting, names: Names, begun: float, cues: list[_Cue]) -> None:
        manifest = self._bundle.manifest
        last = (manifest.ended - manifest.started).total_seconds()
        for place, cue in enumerate(cues):
            # Until the next act the screen finds what it found then.
            setting.findings.until = next(self._acted_at(cues[place + 1 :]), inf)
            replayed, found = await self._do(setting, names, cue)
            following = cues[place + 1].at if place + 1 < len(cues) else max(last, cue.at)
            await self._wait(setting.stage, begun + following)
            picture = Picture.of(setting.stage.screen)
            self._scenes.append(Scene(cue.step, picture, cue.screen, replayed, found))
            self._told(place + 1, len(cues))

    def _acted_at(self, cues: Iterable[_Cue]) -> Iterator[float]:
        return (cue.at for cue in cues if cue.step.kind in DONE)

    async def _do(self, setting: Setting, names: Names, cue: _Cue) -> tuple[Screen | None, bool]:
        """Do a step, if it is one to be done; returns the screen just before it, and whether it could be."""
        if cue.step.kind not in DONE:
            return None, True
        before = len(setting.rehearsal.screens)
        found = await act(setting.stage, cue.step, names)
        seen = next(iter(setting.rehearsal.screens[before:]), None)
        if seen is not None and cue.screen is not None:
            seen = names.as_recorded(cue.screen, seen)
        return seen, found

    async def _wait(self, stage: Stage, until: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, until - loop.time()))
        await stage.settle()


def cues_of(bundle: Bundle) -> list[_Cue]:
    """Every step with its time and the screen seen before it, in the order of the replay.

    A run of keys is told when it is over, but was begun when its screen was seen.
    """
    screens = deque(sorted(bundle.screens, key=lambda screen: screen.step))
    cues = []
    for step in sorted(bundle.steps, key=lambda step: step.number):
        seen = None
        if step.kind in DONE and screens and screens[0].step <= step.number:
            seen = screens.popleft()
        cues.append(_Cue(step, min(step.at, seen.at) if seen is not None else step.at, seen))
    return sorted(cues, key=lambda cue: cue.at)
