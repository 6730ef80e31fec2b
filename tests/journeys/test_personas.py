"""Support staff open the app as a resident of the sandbox, with a fault switched on, and see what they would see."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import dataclass, replace
from typing import Any

import flet as ft
import httpx
import pytest

from app import paths
from app.personas.hosting import LEAD, Personas
from app.personas.stage import Stage
from app.replay.opening import ticket_of
from services.diagnostics import read, write
from services.errors import NotFound
from services.personas import Faults
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

AGENT, SUPERVISOR, ANH = "bui-thu-ha", "vo-minh-chau", "nguyen-minh-anh"
OPEN, END = "Mở trong thẻ mới", "Kết thúc"


class Waits:
    """Takes the seconds of slow answers without waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Desk:
    """An agent at the page that opens personas, and the host that shows them."""

    home: Home
    agent: Phone
    device: DeviceTwin
    host: Personas
    waits: Waits

    async def opened(self, name: str = "Nguyễn Minh Anh", *switches: str) -> tuple[Phone, Stage]:
        """Choose a resident, switch faults on by their words, and open the tab."""
        await self.agent.tap(name)
        for words in switches:
            await self.agent.turn_on(words)
        await self.agent.tap("Tìm nguyên nhân lỗi")
        await self.agent.tap(OPEN)
        await self.agent.settle()
        return await self.tab(self.device.opened[-1])

    async def tab(self, address: str, owner: Any = None) -> tuple[Phone, Any]:
        """A tab of a browser at an address; of the agent's own unless it is another's."""
        tab = Phone(web=True)
        self.home._phones.append(tab)
        ticket = ticket_of(address, LEAD)
        assert ticket is not None
        stages: list[Stage | None] = []

        async def main(page: ft.Page) -> None:
            stages.append(await self.host.open(page, owner or self.device, ticket, {}))

        await tab.open(main, address)
        return tab, stages.pop()


@pytest.fixture
async def desk(home: Home) -> Desk:
    """The staff area of an agent."""
    waits = Waits()
    agent, device = await home.another_vault().signed_in(AGENT, paths.PERSONAS)
    device.host = Personas(home.process, waits)
    await agent.sees("Lỗi gì xảy ra?")
    return Desk(home, agent, device, device.host, waits)


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


async def test_a_server_that_is_down_shows_its_error_until_it_is_switched_off(desk: Desk) -> None:
    """503: the error with its code; switched off there and then, trying again works."""
    tab, _stage = await desk.opened("Nguyễn Minh Anh", "Máy chủ không phục vụ (503)")
    await tab.sees("lỗi: 503")
    await tab.go(paths.SESSIONS)
    await tab.sees("Mã lỗi persona-")
    await tab.tap("Đổi lỗi")
    await tab.turn_on("Máy chủ không phục vụ (503)", on=False)
    await tab.tap("Xong")
    await tab.sees("lỗi: không")
    await tab.tap("Thử lại")
    await tab.sees("Nhân viên hỗ trợ, như bạn trong môi trường thử")


async def test_slow_answers_come_late_and_too_slow_ones_not_at_all(desk: Desk) -> None:
    """Three seconds are borne; after twenty the app says that it took too long."""
    await desk.agent.tap("Trả lời chậm 3 giây")
    tab, stage = await desk.opened()
    await tab.sees("lỗi: trả lời chậm 3 giây")
    await tab.go(paths.SESSIONS)
    await tab.sees("như bạn trong môi trường thử")
    assert set(desk.waits.seconds) == {3}
    stage.change(Faults(slow_seconds=30))
    await tab.go(paths.PRIVACY_REQUESTS)
    await tab.sees("Chờ trả lời quá lâu.")
    assert max(desk.waits.seconds) < 30


async def test_an_ended_sign_in_asks_for_a_new_one_and_goes_on(desk: Desk) -> None:
    """The sheet stands over the page; signing in again is logged as another persona."""
    tab, _stage = await desk.opened("Nguyễn Minh Anh", "Phiên đăng nhập đã hết")
    await tab.sees("Phiên đăng nhập đã hết")
    await tab.tap("Đăng nhập lại")
    await tab.sees("lỗi: không")
    await tab.go(paths.SESSIONS)
    await tab.sees("như bạn trong môi trường thử")
    supervisor, _twin = await desk.home.another_vault().signed_in(SUPERVISOR, paths.SUPPORT_DESK)
    await supervisor.sees("Mở ứng dụng như cư dân thử · Nguyễn Minh Anh")
    assert supervisor.text().count("Mở ứng dụng như cư dân thử") == 2
    assert "Lỗi: hết phiên" in supervisor.text()


async def test_an_upload_that_breaks_off_waits_and_is_sent_later(desk: Desk) -> None:
    """Half a bundle reaches nobody; it stays in the outbox and goes once the line holds."""
    tab, stage = await desk.opened("Nguyễn Minh Anh", "Tải lên bị đứt giữa chừng")
    await tab.sees("lỗi: đứt khi tải lên")
    await tab.go(paths.NEW_BUNDLE)
    await tab.tap("Gửi 4 mục")
    await tab.sees("Gói tự gửi khi có mạng")
    assert await stage.services.support.waiting()
    stage.change(Faults())
    await tab.sees("Đã gửi gói hỗ trợ")
    assert not await stage.services.support.waiting()


async def test_a_wrong_clock_is_gone_by_until_an_answer_sets_it_right(desk: Desk) -> None:
    """The device is a day behind: nothing corrects it while the fault is on, the next answer afterwards."""
    await desk.agent.tap("Đồng hồ chậm 24 giờ")
    tab, stage = await desk.opened()
    await tab.sees("lỗi: đồng hồ chậm 24 giờ")
    right = desk.home.process.clock.now
    assert round((right() - stage.services.clock.now()).total_seconds() / 3600) == 24
    await tab.go(paths.SESSIONS)
    await tab.sees("như bạn trong môi trường thử")
    assert not stage.services.clock.measured
    stage.change(Faults())
    await tab.go(paths.SUPPORT)
    async with asyncio.timeout(10):
        while not stage.services.clock.measured:
            await asyncio.sleep(0.01)
    assert abs((right() - stage.services.clock.now()).total_seconds()) < 5


async def test_a_full_device_keeps_nothing_more_and_says_so(desk: Desk) -> None:
    """What is typed cannot be kept; the words say what helps."""
    tab, _stage = await desk.opened("Nguyễn Minh Anh", "Máy hết chỗ lưu")
    await tab.sees("lỗi: hết chỗ lưu")
    await tab.go(paths.NEW_SERVICE_REQUEST)
    await tab.type("Chuyện gì đang xảy ra?", "Ổ gà sâu giữa đường, xe máy phải tránh gấp.")
    await tab.sees("Máy đã đầy.")


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
