"""The screen of the code: each new code at its step's edge, ready before it is due, with no request."""

from __future__ import annotations

import itertools

import pytest

from services.card_code import draw_png, step_at
from services.card_display import READY_BEFORE, CardDisplay, Frame
from services.card_states import CardCode, CardState, OfflineWindowOver
from tests.services.card_twins import CityTwin, MemoryRows, Phone
from tests.services.twins import NOW, Time

STEP = 15
LATE = 0.003
"""Seconds by which the twin's event loop wakes up late."""


class Watched:
    """Cards whose every reading is written down with the moment it was asked at."""

    def __init__(self, phone: Phone) -> None:
        self._cards, self._time = phone.cards, phone.city.time
        self.asked: list[tuple[float, float]] = []

    async def code_at(self, now: float) -> CardState:
        self.asked.append((self._time.now, now))
        return await self._cards.code_at(now)


@pytest.fixture
async def mine() -> Phone:
    """A phone with the card, whose rows are in memory."""
    time = Time(now=NOW)
    city = CityTwin(time)
    phone = Phone(city, MemoryRows(), time.clock())
    await phone.cards.enrol("Máy của tôi", "android")
    return phone


async def watch(phone: Phone, seconds: int) -> tuple[list[tuple[float, Frame]], Watched]:
    """Every frame of so many seconds, with the moment it came, on a loop that wakes up late."""
    time, watched = phone.city.time, Watched(phone)
    end = time.now + seconds

    async def sleep(length: float) -> None:
        assert length > 0
        time.now += length + LATE

    frames: list[tuple[float, Frame]] = []
    async for frame in CardDisplay(watched, phone.clock, sleep).frames():
        frames.append((time.now, frame))
        if time.now >= end:
            break
    return frames, watched


async def test_each_code_comes_within_50_ms_of_its_step(mine: Phone) -> None:
    """The gate's clock does not wait: an old code is two steps from being refused."""
    mine.city.cut = True
    before = len(mine.city.calls)
    frames, _watched = await watch(mine, 600)
    moment = mine.clock.now().timestamp() - mine.city.time.now
    changes = 0
    for (_, earlier), (at, frame) in itertools.pairwise(frames):
        assert isinstance(frame.state, CardCode)
        assert frame.state.step == step_at(at + moment)
        if frame.picture != earlier.picture:
            changes += 1
            assert (at + moment) % STEP < 0.05
    assert changes == 600 // STEP
    assert len(mine.city.calls) == before


async def test_the_next_code_is_ready_before_it_is_due(mine: Phone) -> None:
    """Nothing is read, hashed or drawn at the edge: each is made in the seconds before."""
    _frames, watched = await watch(mine, 120)
    shift = mine.clock.now().timestamp() - mine.city.time.now
    for asked_at, wanted in watched.asked[1:]:
        assert wanted % STEP == 0
        assert 0 < wanted - (asked_at + shift) <= READY_BEFORE


async def test_the_ring_steps_once_a_second(mine: Phone) -> None:
    """15 down to 1, and round again."""
    frames, _watched = await watch(mine, 60)
    seconds = [frame.seconds for _at, frame in frames[1:]]
    for earlier, later in itertools.pairwise(seconds):
        assert later == (earlier - 1 or STEP)


async def test_the_picture_is_that_of_the_code(mine: Phone) -> None:
    """What was made ahead must be what is due."""
    for _at, frame in (await watch(mine, 40))[0]:
        assert isinstance(frame.state, CardCode)
        assert frame.picture == draw_png(frame.state.text)


async def test_the_end_of_the_offline_window_is_shown_at_its_edge(mine: Phone) -> None:
    """The last code must not stand there after its hour."""
    mine.city.cut = True
    mine.city.time.now = NOW - NOW % 3600 + 73 * 3600 - 20
    frames, _watched = await watch(mine, 40)
    shift = mine.clock.now().timestamp() - mine.city.time.now
    edge = NOW - NOW % 3600 + 73 * 3600
    for at, frame in frames:
        over = isinstance(frame.state, OfflineWindowOver)
        assert over == (at + shift >= edge)
        assert (frame.picture is None) == over


async def test_a_clock_that_jumps_shows_the_code_of_the_new_time(mine: Phone) -> None:
    """An answer may correct the clock just when the next code was made."""
    time, sleeps = mine.city.time, 0

    async def sleep(length: float) -> None:
        nonlocal sleeps
        sleeps += 1
        time.now += length + (100 if sleeps == 20 else 0)

    count = 0
    async for frame in CardDisplay(mine.cards, mine.clock, sleep).frames():
        assert isinstance(frame.state, CardCode)
        assert frame.state.step == step_at(mine.clock.now().timestamp())
        count += 1
        if count > 40:
            break
