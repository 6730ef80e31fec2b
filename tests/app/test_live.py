"""Changes elsewhere reach the open screen: soon when there is news, cheaply when there is none."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app import live as live_module
from app.live import keep_live
from app.state import Revisions, Session
from services import Services
from services.errors import NotFound, Offline, ServiceError, SignInRequired
from services.identity import Person
from services.live import HOLD, Changes
from tests.support import virtual_time

HOUR = 3600.0


@dataclass
class Gateway:
    """Holds each request until there is news; a test says what happens."""

    extended: bool = True
    trouble: ServiceError | None = None
    holds: bool = True
    unread: int = 0
    cursors: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, cursor: str = "", seconds: int = HOLD) -> Changes:
        self.cursors.append(cursor)
        if self.trouble is not None:
            raise self.trouble
        if not cursor:
            return Changes("1", (), self.unread)
        if self.holds:
            try:
                await asyncio.wait_for(self.news.wait(), seconds)
            except TimeoutError:
                return Changes(cursor, (), self.unread)
        if not self.news.is_set():
            return Changes(cursor, (), self.unread)
        self.news.clear()
        return Changes(str(int(cursor) + 1), ("HN-1",), self.unread)


class House:
    """One session, its loop running on a simulated clock."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.session = Session(person=_person("s-1"))
        self.revisions = Revisions()
        services = cast(Services, SimpleNamespace(live=gateway))
        self.loop = asyncio.ensure_future(keep_live(self.session, services, self.revisions))


def _person(subject: str) -> Person:
    return Person.from_claims({"sub": subject, "name": "Người Thử", "acr": "loa2"})


@pytest.fixture(autouse=True)
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "monotonic", lambda: asyncio.get_running_loop().time())
    monkeypatch.setattr(live_module, "uniform", random.Random(1).uniform)


def played(story: Callable[[House], Awaitable[None]], **gateway: Any) -> House:
    """Let a story happen to a session, then end it."""

    async def tale() -> House:
        house = House(Gateway(**gateway))
        await story(house)
        house.loop.cancel()
        return house

    return virtual_time.run(tale)


def test_an_idle_session_costs_less_than_a_request_a_minute() -> None:
    """A phone in a pocket, a thousand tabs in a server."""

    async def nothing_happens(_: House) -> None:
        await asyncio.sleep(10 * HOUR)

    assert len(played(nothing_happens).gateway.cursors) < 600
    # Nor when something in between answers too early.
    assert len(played(nothing_happens, holds=False).gateway.cursors) < 600


def test_news_reach_the_screen_within_seconds() -> None:
    """An officer accepts; the open report says so."""
    seen: list[float] = []

    async def ten_changes(house: House) -> None:
        await asyncio.sleep(100)
        for _ in range(10):
            before, began = house.revisions.service_requests, asyncio.get_running_loop().time()
            house.gateway.news.set()
            while house.revisions.service_requests == before:
                await asyncio.sleep(0.1)
            seen.append(asyncio.get_running_loop().time() - began)

    house = played(ten_changes)
    assert max(seen) <= 2.0
    assert house.revisions.inbox >= 10


def test_the_badge_follows_the_inbox() -> None:
    """Also when it was read on another device."""
    badges: list[int] = []

    async def a_notice_and_its_reading(house: House) -> None:
        for unread in (3, 4, 0):
            house.gateway.unread = unread
            house.gateway.news.set()
            await asyncio.sleep(80)
            badges.append(house.session.unread)

    played(a_notice_and_its_reading)
    assert badges == [3, 4, 0]


def test_a_gateway_out_of_reach_is_asked_ever_less() -> None:
    """And again soon after it is back."""

    async def an_hour_without(house: House) -> None:
        house.gateway.trouble = Offline()
        await asyncio.sleep(HOUR)
        assert len(house.gateway.cursors) < 130
        house.gateway.trouble = None
        await asyncio.sleep(61)
        assert len(house.gateway.cursors) < 135
        before = house.revisions.service_requests
        house.gateway.news.set()
        await asyncio.sleep(2)
        assert house.revisions.service_requests > before

    played(an_hour_without)


@pytest.mark.parametrize("error", [NotFound(), SignInRequired()])
def test_who_may_not_listen_asks_once_a_minute(error: ServiceError) -> None:
    """A session that ran out is not a reason to knock."""

    async def an_hour(house: House) -> None:
        house.gateway.trouble = error
        await asyncio.sleep(HOUR)

    assert len(played(an_hour).gateway.cursors) <= 61


def test_another_resident_starts_anew() -> None:
    """Nobody gets another's cursor or badge."""

    async def two_residents(house: House) -> None:
        house.gateway.unread = 5
        await asyncio.sleep(10)
        house.session.person = None
        await asyncio.sleep(5)
        assert house.session.unread == 0
        asked = len(house.gateway.cursors)
        await asyncio.sleep(HOUR)
        assert len(house.gateway.cursors) == asked
        house.gateway.unread = 2
        house.session.person = _person("s-2")
        await asyncio.sleep(10)
        assert house.gateway.cursors[asked] == ""
        assert house.session.unread == 2

    played(two_residents)


def test_a_plain_city_is_never_asked() -> None:
    """It has no such route."""

    async def an_hour(_: House) -> None:
        await asyncio.sleep(HOUR)

    assert played(an_hour, extended=False).gateway.cursors == []
