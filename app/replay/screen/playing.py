"""Where in a replay its viewer stands, and how it moves on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.hooks import use_loop, use_state
from app.replay.lines import Line

SPEEDS = (1, 4)
LONGEST = 5.0
"""Seconds for which a replay stands still at most, however long the resident did nothing."""
SHORTEST = 0.4

Handler = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Player:
    """The place in the lines, and what the viewer can do; moving by hand stops it."""

    place: int
    playing: bool
    speed: int
    go: Callable[[int], None]
    turn: Handler
    faster: Handler


def use_player(lines: Sequence[Line], at_first: int) -> Player:
    """A player over the lines, standing at `at_first`."""
    place, set_place = use_state(at_first)
    playing, set_playing = use_state(False)
    speed, set_speed = use_state(SPEEDS[0])
    last = len(lines) - 1

    def go(to: int) -> None:
        set_playing(False)
        set_place(max(0, min(last, to)))

    async def play() -> None:
        here = place
        while playing and here < last:
            await asyncio.sleep(pause(lines, here, speed))
            here += 1
            set_place(here)
        set_playing(False)

    use_loop(play, playing, speed)

    async def turn() -> None:
        if not playing and place == last:
            set_place(0)
        set_playing(not playing)

    async def faster() -> None:
        set_speed(SPEEDS[(SPEEDS.index(speed) + 1) % len(SPEEDS)])

    return Player(place, playing, speed, go, turn, faster)


def pause(lines: Sequence[Line], place: int, speed: int) -> float:
    """Seconds from one line to the next as the resident took them, long waits cut short."""
    took = lines[place + 1].at - lines[place].at
    return max(SHORTEST, min(LONGEST, took)) / speed


def next_error(lines: Sequence[Line], place: int) -> int | None:
    """The place of the next line that failed, from the start again after the last; None without one."""
    failed = [n for n, line in enumerate(lines) if line.failed]
    return next((n for n in failed if n > place), next((n for n in failed if n != place), None))
