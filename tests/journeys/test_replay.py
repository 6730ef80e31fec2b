"""From what a resident met to a test of it: recorded on their device, performed without them, fixed."""

from __future__ import annotations

import asyncio
import runpy
from pathlib import Path
from typing import Any

import pytest

from app import paths
from app.replay.performing import perform
from app.replay.testing import met, write_test
from services.diagnostics import Bundle, Recorder, read, write
from services.inbox import Inbox
from tests.campaigns.support_meeting import with_somebody
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.phone import Phone

WHO = "nguyen-minh-anh"


async def bundle_of(phone: Phone) -> bytes:
    """What the resident would send now."""
    recorder: Recorder = phone.page.session.store.get("recorder")
    return write(with_somebody(await recorder.bundle(), recorder))


async def performed(bundle: Bundle) -> Any:
    return await asyncio.to_thread(perform, bundle)


async def test_what_a_resident_met_is_met_again_without_them(home: Home) -> None:
    """The same screens, message by message, though names, places and numbers are stand-ins."""
    phone, _device = await home.signed_in(WHO)
    await phone.sees("Vé tháng liên tuyến")
    await phone.sees("Đèn đường hỏng")
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Cần bạn bổ sung")
    await phone.go(paths.SETTINGS)
    link_of(home.process.http).cut = True
    await phone.go(paths.TRIPS)
    await phone.sees("Không có mạng.")
    await phone.back()
    bundle = read(await bundle_of(phone))
    performance = await performed(bundle)
    assert performance.first_difference is None, performance.first_difference
    assert sum(scene.recorded is not None for scene in performance.scenes) >= 5
    assert {error.code for error in met(performance)} == {"offline"}
    assert "Minh Anh" not in str(performance.scenes[3].picture.open())


async def test_a_bundle_becomes_a_test_that_fails_before_the_fix_and_passes_after(
    home: Home, tmp_path: Path
) -> None:
    """A fault of the app: developers have it on their machine, and know when it is gone."""
    broken = pytest.MonkeyPatch()

    async def faulty(self: Inbox) -> Any:
        await self._gateway.get("reports/inbox")
        raise KeyError("severity")

    broken.setattr(Inbox, "list", faulty)
    phone, _device = await home.signed_in(WHO, paths.INBOX)
    await phone.sees("Có lỗi ở phía chúng tôi.")
    made = write_test(await bundle_of(phone), "HT-4K7P-29", tmp_path)
    test = runpy.run_path(str(made))["test_the_resident_no_longer_meets_unexpected"]
    with pytest.raises(AssertionError):
        await asyncio.to_thread(test)
    broken.undo()
    await asyncio.to_thread(test)


async def test_a_replay_leaves_the_city_as_it_was(home: Home) -> None:
    """An act inside a replay must never be done a second time."""
    phone, _device = await home.signed_in(WHO, paths.NEW_PARKING)
    await phone.type("Biển số xe", "30K-012.34")
    await phone.tap("Điểm đỗ HK-014, phố Hàng Trống")
    await phone.tap("Bắt đầu đỗ xe")
    await phone.sees("Đang đỗ")
    bundle = read(await bundle_of(phone))
    link = link_of(home.process.http)
    asked: list[str] = []
    inner = link.inner.handle_async_request

    async def counted(request: Any) -> Any:
        asked.append(str(request.url))
        return await inner(request)

    await home.close()
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(link.inner, "handle_async_request", counted)
    performance = await performed(bundle)
    monkeypatch.undo()
    assert [scene.step.kind for scene in performance.scenes].count("act") >= 3
    assert asked == []
