"""What a screen was doing when the network blinked goes on when it is back."""

from __future__ import annotations

import asyncio
import gc
import weakref
from datetime import UTC, datetime, timedelta
from typing import Any

import flet as ft
import pytest
from flet_web.fastapi.flet_app import app_manager

from app.web.patient_session import PatientApp, PatientSession

from .conftest import StartHost
from .visitor import Visitor

EVERY = timedelta(seconds=10)
"""How often Flet looks for sessions whose time is over."""


class Screen:
    """A screen that says what it read once `answer` is set, and how often it asked."""

    def __init__(self) -> None:
        self.may_draw = asyncio.Event()
        self.may_draw.set()
        self.answer = asyncio.Event()
        self.asked = 0

    async def main(self, page: ft.Page) -> None:
        """What Flet starts for a tab."""
        await self.may_draw.wait()
        page.render_views(self.draw)

    def draw(self) -> ft.View:
        """Flet wants a plain function here; the component is inside."""
        return ft.View(route="/", controls=[self._reading()])

    def _reading(self) -> Any:
        @ft.component
        def reading() -> ft.Control:
            text, set_text = ft.use_state("still loading")

            async def load() -> None:
                self.asked += 1
                await self.answer.wait()
                set_text("here it is")

            ft.use_effect(load, [], cleanup=lambda: None)
            return ft.Text(text)

        return reading()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
async def at_screen(start_host: StartHost, screen: Screen, monkeypatch: Any) -> Visitor:
    """A browser whose host serves that screen."""
    monkeypatch.setattr("tests.web.conftest.show_who", screen.main)
    visitor = Visitor(await start_host())
    await visitor.open()
    return visitor


async def test_an_answer_that_came_while_the_browser_was_away_is_shown(
    at_screen: Visitor, screen: Screen
) -> None:
    """Otherwise the screen loads for ever after a tunnel, and only a reload helps."""
    tab = await at_screen.tab()
    await tab.sees("still loading")
    await tab.drop()
    screen.answer.set()
    await asyncio.sleep(0)
    back = await at_screen.tab(tab.session_id)
    assert back.session_id == tab.session_id
    await back.sees("here it is")


async def test_a_screen_whose_reading_had_not_begun_begins_it_when_the_browser_is_back(
    at_screen: Visitor, screen: Screen
) -> None:
    """A page that is reloaded at once leaves a session behind that has drawn but not yet read."""
    screen.answer.set()
    screen.may_draw.clear()
    tab = await at_screen.tab()
    await tab.drop()
    screen.may_draw.set()
    await asyncio.sleep(0.05)
    back = await at_screen.tab(tab.session_id)
    assert back.session_id == tab.session_id
    await back.sees("here it is")
    assert screen.asked == 1


async def test_a_redraw_that_meets_a_closed_socket_does_not_end_the_screen() -> None:
    """It would never change again, also after the browser is back."""
    socket = PatientApp(asyncio.get_running_loop(), app_manager.executor, show_nothing, None)
    socket.pubsubhub = app_manager.get_pubsubhub(show_nothing)
    session = PatientSession(socket)
    socket._FletApp__send_queue = None
    session.page.title = "changed meanwhile"
    session.page.update()


async def test_the_state_of_a_tab_that_left_is_freed_within_ten_minutes(
    at_screen: Visitor, screen: Screen
) -> None:
    """What was on a resident's screen must not stay in the memory of a server that all share."""
    tab = await at_screen.tab()
    await tab.sees("still loading")
    await tab.drop()
    sessions = vars(app_manager)["_FletAppManager__sessions"]
    kept = next(weakref.ref(each) for each in sessions.values() if each.id == tab.session_id)
    left = kept()
    assert left is not None
    assert left.expires_at is not None
    away = left.expires_at - datetime.now(UTC)
    assert timedelta(minutes=9) < away <= timedelta(minutes=10) - EVERY
    name = next(name for name, each in sessions.items() if each is left)
    screen.answer.set()
    await app_manager.delete_session(name)
    del left
    await asyncio.sleep(0.05)
    gc.collect()
    assert kept() is None


async def show_nothing(page: ft.Page) -> None:
    """An app without a screen."""
