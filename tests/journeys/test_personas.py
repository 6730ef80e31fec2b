"""Support staff open the app as a resident of the sandbox: for whom, how often, and what is left of it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app import paths
from services.diagnostics import read, write
from services.errors import NotFound
from services.personas import Faults
from tests.journeys.conftest import Home
from tests.journeys.persona_desk import AGENT, OPEN, SUPERVISOR, Desk, at_the_desk

ANH = "nguyen-minh-anh"
END = "Kết thúc"


@pytest.fixture
async def desk(home: Home) -> Desk:
    """The staff area of an agent."""
    return await at_the_desk(home)


async def test_the_app_opens_as_that_resident_under_a_strip_that_says_so(desk: Desk) -> None:
    """Their records, their name, and on each screen who is at it; the agent stays who they are."""
    tab, _stage = await desk.opened()
    await tab.sees("Cư dân thử: Nguyễn Minh Anh · lỗi: không")
    await tab.sees("Đang theo dõi")
    await tab.go(paths.ME)
    await tab.sees("Nguyễn Minh Anh")
    assert "Cư dân thử: Nguyễn Minh Anh" in tab.text()
    assert "Trang hỗ trợ" not in tab.text()
    await desk.agent.go(paths.ME)
    await desk.agent.sees("Bùi Thu Hà")
    assert "Cư dân thử" not in desk.agent.text()


async def test_two_personas_and_the_staff_do_not_cross(desk: Desk) -> None:
    """A fault is one tab's: not another persona's, not the agent's, not the process's."""
    first, one = await desk.opened("Nguyễn Minh Anh", "Máy chủ không phục vụ (503)")
    await desk.agent.turn_on("Máy chủ không phục vụ (503)", on=False)
    second, two = await desk.opened("Phạm Thị Lan")
    one.change(Faults(unavailable=True, no_storage=True, clock_hours=24, slow_seconds=3))
    for path in (paths.SESSIONS,):
        await first.go(path)
        await second.go(path)
    await first.sees("Mã lỗi persona-")
    await second.sees("như bạn trong môi trường thử")
    await second.sees("Cư dân thử: Phạm Thị Lan · lỗi: không")
    await two.services.vault.put("drafts_of_a_test", "one", 1)
    assert await one.services.vault.get("drafts_of_a_test", "one") is None
    assert await desk.home.process.vault.for_everyone().get("drafts_of_a_test", "one") is None
    assert (one.clock.hours, two.clock.hours) == (24, 0)
    assert desk.home.process.reach.open
    await desk.agent.go(paths.SESSIONS)
    await desk.agent.sees("Máy này")


async def test_an_address_opens_once_and_for_its_own_browser_alone(desk: Desk) -> None:
    """A copied address is worth nothing."""
    await desk.opened()
    used, stage = await desk.tab(desk.device.opened[-1])
    await used.sees("Cư dân thử này đã đóng.")
    assert stage is None
    await desk.agent.tap(OPEN)
    await desk.agent.settle()
    stranger, none = await desk.tab(desk.device.opened[-1], owner=object())
    await stranger.sees("Cư dân thử này đã đóng.")
    assert none is None


async def test_ending_one_ends_its_sign_in_and_leaves_nothing_in_memory(desk: Desk) -> None:
    """One tap: the tokens are refused, the store is gone, and nothing holds what was in it."""
    tab, stage = await desk.opened()
    await tab.sees("Đang theo dõi")
    token = await stage.services.identity.access_token()
    held = [weakref.ref(one) for one in (stage.vault, stage.services.identity, stage.line)]
    await tab.tap(END)
    await tab.sees("Cư dân thử này đã đóng.")
    headers = {"Authorization": f"Bearer {token}"}
    api = desk.home.process.gateway_url
    refused = await desk.home.process.http.get(f"{api}/sessions", headers=headers)
    assert refused.json()["type"] == "/problems/session-ended"
    del stage
    async with asyncio.timeout(10):
        while any(one() is not None for one in held):
            # The recorder looks once more whether there is something to write.
            await asyncio.sleep(0.05)
            gc.collect()


async def test_closing_the_tab_ends_it_too(desk: Desk) -> None:
    """Nobody has to press a button for it to be over."""
    tab, stage = await desk.opened()
    token = await stage.services.identity.access_token()
    await tab.close()
    async with asyncio.timeout(10):
        while not stage.ended or await _still_in(desk, token):
            await asyncio.sleep(0.01)


async def _still_in(desk: Desk, token: str | None) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    api = desk.home.process.gateway_url
    answer: httpx.Response = await desk.home.process.http.get(f"{api}/sessions", headers=headers)
    return answer.status_code == 200


async def test_its_errors_are_recorded_as_any_residents_and_tell_nothing_of_the_strip(
    desk: Desk,
) -> None:
    """A bundle of a persona is a resident's bundle: the error is in it, the strip and its acts are not."""
    tab, stage = await desk.opened("Nguyễn Minh Anh", "Máy chủ không phục vụ (503)")
    await tab.go(paths.SESSIONS)
    await tab.sees("Mã lỗi persona-")
    await tab.tap("Đổi lỗi")
    await tab.turn_on("Máy chủ không phục vụ (503)", on=False)
    await tab.tap("Xong")
    await tab.tap("Thử lại")
    await tab.sees("như bạn trong môi trường thử")
    await tab.go(paths.NEW_BUNDLE)
    await tab.sees("Gặp lỗi 503")
    bundle = read(write(await stage.services.recorder.bundle()))
    errors = [step.detail["status"] for step in bundle.steps if step.kind == "error"]
    assert errors == [503]
    labels = {step.detail["label"] for step in bundle.steps if step.kind == "act"}
    assert labels == {"Try again"}
    words = {word for screen in bundle.screens for word in screen.words}
    assert not {one for one in words if "Sandbox resident" in one or one == "Change faults"}
    await tab.tap("Gửi 4 mục")
    await tab.sees("Đã gửi gói hỗ trợ")


async def test_without_a_resident_and_a_purpose_nothing_opens(desk: Desk) -> None:
    """Each is asked for in words, and nothing was logged."""
    await desk.agent.tap(OPEN)
    await desk.agent.sees("Hãy chọn một cư dân.")
    await desk.agent.sees("Chọn mục đích mở gói.")
    assert desk.device.opened == []


async def test_a_device_without_tabs_says_where_it_can_be_done(desk: Desk) -> None:
    """A phone begins nothing that it cannot show."""
    desk.device.host = None
    await desk.agent.tap("Nguyễn Minh Anh")
    await desk.agent.tap("Tìm nguyên nhân lỗi")
    await desk.agent.tap(OPEN)
    await desk.agent.sees("Máy này không mở được.")
    supervisor, _twin = await desk.home.another_vault().signed_in(SUPERVISOR, paths.SUPPORT_DESK)
    await supervisor.sees("Chưa có gói nào được mở.")


async def test_it_is_for_agents_of_the_sandbox(desk: Desk) -> None:
    """Residents are told so; the desk of a real city does not lead there, and its gateway knows nothing."""
    resident, _twin = await desk.home.another_vault().signed_in(ANH, paths.PERSONAS)
    await resident.sees("Bàn này dành cho nhân viên hỗ trợ")
    process = desk.home.process
    real = Home(replace(process, config=replace(process.config, sandbox=False)), desk.home._browser)
    real._phones, real.recorders = desk.home._phones, desk.home.recorders
    there = real.another_vault()
    agent, _device = await there.signed_in(AGENT, paths.SUPPORT_DESK)
    await agent.sees("Mở một gói")
    assert "Mở như cư dân thử" not in agent.text()
    settings = _settings_of(desk)
    settings_before = settings.settings
    settings.settings = replace(settings_before, sandbox=False)
    try:
        with pytest.raises(NotFound):
            await there.services[agent].support_desk.residents()
    finally:
        settings.settings = settings_before


def _settings_of(desk: Desk) -> Any:
    """The state of the gateway that all journeys share."""
    from tests.journeys.conftest import kept_app

    return kept_app().state
