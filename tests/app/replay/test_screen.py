"""What staff see of a replay and can do in it: every step, every request, and nothing that acts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import flet as ft
import pytest

from app.replay.mirror import nodes
from app.replay.opened import Opened
from app.replay.opening import watch
from app.state import Session
from services.diagnostics import Bundle
from tests.support.bundles import REFERENCE, example
from tests.support.phone import Phone

CODE = "HT-4K7P-29"
Open = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def staff() -> AsyncIterator[Open]:
    """Opens a replay on a desktop of the staff's own."""
    opened: list[Phone] = []

    async def open_(
        bundle: Bundle | None, width: float = 1280, height: float = 800, **more: Any
    ) -> Phone:
        desk = Phone(width, height, web=True)
        opened.append(desk)
        viewer = Session(width=width, **more)
        given = None if bundle is None else Opened(CODE, bundle, "/support-desk/x")

        def main(page: ft.Page) -> None:
            watch(page, given, viewer)

        return await desk.open(main, "/replay/x")

    yield open_
    for desk in opened:
        await desk.close()


async def test_staff_see_steps_screen_and_requests(staff: Open) -> None:
    """One page tells what was done, what stood there, and what the gateway said."""
    desk = await staff(example())
    await desk.sees("Gặp lỗi 503")
    for words in (
        CODE,
        "Người dân đồng ý 4 mục",
        "Tự xóa 03/12/2026",
        "PHÁT LẠI · chỉ xem",
        "Đây là bản phát lại,",
        "Chọn 1 ảnh",
        "69 ký tự, đã ẩn",
        "/api/reports",
        REFERENCE,
        "1 yêu cầu phụ đang ẩn",
        "Bước 5 trên 7",
    ):
        assert words in desk.text(), words


async def test_staff_step_back_and_forward_and_to_the_error(staff: Open) -> None:
    """A replay is read like a page: any step, in any order."""
    desk = await staff(example())
    await desk.sees("Bước 5 trên 7")
    await desk.tap("Lùi một bước")
    await desk.tap("Lùi một bước")
    await desk.sees("Bước 3 trên 7")
    assert "/api/reports" not in desk.text()
    await desk.tap("Đến lỗi kế tiếp")
    await desk.sees("Bước 5 trên 7")
    await desk.tap("Chọn 1 ảnh")
    await desk.sees("Bước 2 trên 7")


async def test_side_requests_come_out_when_asked_for(staff: Open) -> None:
    """What the app asks by itself is hidden, not gone."""
    desk = await staff(example())
    await desk.sees("1 yêu cầu phụ đang ẩn")
    assert "services.json" not in desk.text()
    await desk.tap("1 yêu cầu phụ đang ẩn")
    await desk.sees("services.json")


async def test_nothing_on_the_replayed_screen_reacts(staff: Open) -> None:
    """An act of staff inside a replay must do nothing, not even inside the replay."""
    desk = await staff(example())
    await desk.sees("Tiếp tục")
    frames = [node for node in desk.visible() if node.get("label") == "Màn hình phát lại, chỉ xem"]
    inside = list(nodes(frames[0]))
    assert any(node["_c"] == "TextField" for node in inside)
    reacting = [node for node in inside for name in node if name.startswith("on_")]
    assert reacting == []
    assert any(node.get("ignore_interactions") for node in inside)


async def test_every_frame_carries_the_watermark(staff: Open) -> None:
    """A photo of a replay is never taken for a resident's phone."""
    desk = await staff(example())
    await desk.sees("Bước 5 trên 7")
    for _step in range(5):
        assert "PHÁT LẠI" in desk.text().splitlines()
        await desk.tap("Lùi một bước")


async def test_a_difference_is_named_with_both_versions(staff: Open) -> None:
    """Another version of the app may draw another screen: then staff know it."""
    desk = await staff(example(app_version="0.0.9"))
    await desk.sees("Khác bản ghi từ bước 3.")
    assert "Ghi bằng bản 0.0.9, phát bằng bản" in desk.text()


async def test_a_phone_and_large_text_show_everything_too(staff: Open) -> None:
    """Staff at home have a phone, and staff with weak eyes have large text."""
    desk = await staff(example(), 412, 892, text_scale=2.0)
    await desk.sees("Gặp lỗi 503")
    assert "/api/reports" in desk.text()
    assert "Trả lời người dân" in desk.text()


async def test_a_bundle_without_steps_says_so(staff: Open) -> None:
    """A resident may have turned the steps off."""
    desk = await staff(example().only(["machine", "requests"]))
    await desk.sees("Gói này không có bước nào.")


async def test_a_used_ticket_says_what_to_do(staff: Open) -> None:
    """A reloaded tab must not look broken."""
    desk = await staff(None)
    await desk.sees("Bản phát lại này đã đóng.")
    assert "Hãy mở lại mã hỗ trợ ở khu vực nhân viên." in desk.text()
