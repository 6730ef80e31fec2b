"""A fault is switched on for a resident of the sandbox, and staff see what the resident would see."""

from __future__ import annotations

import asyncio

import pytest

from app import paths
from services.personas import Faults
from tests.journeys.conftest import Home
from tests.journeys.persona_desk import SUPERVISOR, Desk, at_the_desk


@pytest.fixture
async def desk(home: Home) -> Desk:
    """The staff area of an agent."""
    return await at_the_desk(home)


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
    # The call that waits for news is patient; every other one is given up after twenty seconds.
    assert 20 in desk.waits.seconds


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
