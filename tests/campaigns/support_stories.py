"""What residents do in the support campaign: one story a feature, each a few acts on the real screens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from app import paths
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

RESIDENT, NEWCOMER, OFFICER = "nguyen-minh-anh", "vu-khanh-linh", "hoang-duc-quan"
PATIENCE = 1.0
"""Seconds a hand waits for what it would press; under a fault it is often not there."""

LONGEST = 8.0
LOADING = ("Đang tải", "Loading")

Act = Callable[["Hands"], Awaitable[None]]


def _tried(pressed: asyncio.Task[None]) -> None:
    """What had gone from the screen again was not pressed; anything else is told."""
    with suppress(AssertionError, asyncio.CancelledError):
        pressed.result()


@dataclass(frozen=True, slots=True)
class Hands:
    """A resident's hands: what is not on the screen is not pressed."""

    phone: Phone
    device: DeviceTwin

    async def go(self, route: str) -> None:
        """Open an address, and wait for what it loads."""
        await self.phone.go(route)
        await self.rest()

    async def tap(self, words: str) -> None:
        """Press what says the words, if it comes within a second."""
        end = self.phone.loop.time() + PATIENCE
        while words not in self.phone.text() and self.phone.loop.time() < end:
            await asyncio.sleep(0.05)
        if words in self.phone.text():
            # A finger does not wait for what it set off, and never takes it back.
            pressed = asyncio.create_task(self.phone.tap(words))
            await asyncio.wait([pressed], timeout=2 * PATIENCE)
            pressed.add_done_callback(_tried)
        await self.rest()

    async def type(self, label: str, words: str) -> None:
        """Type into a field, if it is there."""
        if label in self.phone.text():
            with suppress(AssertionError):
                await self.phone.type(label, words)
            await asyncio.sleep(0.6)  # A run of keys counts as over after half a second.
        await self.rest()

    async def look(self) -> None:
        """Wait until nothing loads any more, as somebody does before they ask for help."""
        end = self.phone.loop.time() + LONGEST
        while self.phone.loop.time() < end:
            await self.rest(0.5)
            if not any(words in self.phone.text() for words in LOADING):
                break
        await self.rest(0.5)

    async def rest(self, seconds: float = 0.25) -> None:
        """Wait for answers."""
        await asyncio.sleep(seconds)
        await self.phone.settle()


@dataclass(frozen=True, slots=True)
class Story:
    """Somebody and their acts; a fault comes before one of them."""

    name: str
    who: str
    acts: tuple[Act, ...]


def goes(route: str) -> Act:
    """An act that opens an address."""
    return lambda hands: hands.go(route)


def taps(words: str) -> Act:
    """An act that presses something."""
    return lambda hands: hands.tap(words)


def types(label: str, words: str) -> Act:
    """An act that types something."""
    return lambda hands: hands.type(label, words)


STORIES = (
    Story("home", RESIDENT, (goes(paths.SETTINGS), goes(paths.HOME), taps("Tất cả"))),
    Story("reports", RESIDENT, (goes(paths.SERVICE_REQUESTS), taps("Ổ gà"), taps("Quay lại"))),
    Story(
        "report",
        RESIDENT,
        (
            goes(paths.NEW_SERVICE_REQUEST),
            types("Chuyện gì đang xảy ra?", "Ổ gà sâu giữa đường, xe máy phải tránh."),
            taps("Không có ảnh"),
            taps("Tiếp tục"),
            taps("Dùng vị trí của tôi"),
            taps("Phường Cửa Nam"),
            types("Số nhà, tên đường hoặc mốc dễ thấy", "28 Hàng Trống"),
            taps("Ổ gà, mặt đường hỏng"),
            taps("Tiếp tục"),
            taps("Gửi phản ánh"),
        ),
    ),
    Story("nearby", RESIDENT, (goes(paths.NEARBY), goes(paths.SERVICE_REQUESTS))),
    Story("cards", RESIDENT, (goes(paths.CARDS), goes(paths.CARD_CODE), goes(paths.CARDS))),
    Story(
        "parking",
        RESIDENT,
        (
            goes(paths.NEW_PARKING),
            types("Biển số xe", "30K-012.34"),
            taps("Điểm đỗ HK-014, phố Hàng Trống"),
            taps("Bắt đầu đỗ xe"),
            goes(paths.PARKING),
        ),
    ),
    Story("trips", RESIDENT, (goes(paths.TRIPS), goes(paths.CARDS))),
    Story("records", RESIDENT, (goes(paths.RECORDS), taps("Penicillin"), taps("Penicillin"))),
    Story("results", RESIDENT, (goes(paths.health_section("results")), goes(paths.RECORDS))),
    Story(
        "measurements",
        RESIDENT,
        (
            goes(paths.health(None, "measurements/new")),
            types("Số trên (mmHg)", "128"),
            types("Số dưới (mmHg)", "82"),
            taps("Lưu"),
            goes(paths.health(None, "measurements")),
        ),
    ),
    Story("people", RESIDENT, (goes(paths.health(None, "people")), goes(paths.RECORDS))),
    Story("looks", RESIDENT, (goes(paths.health(None, "accesses")), goes(paths.RECORDS))),
    Story("shares", RESIDENT, (goes(paths.HEALTH_SHARES), goes(paths.HEALTH_SHARE))),
    Story(
        "certificates",
        RESIDENT,
        (
            goes(paths.CERTIFICATES),
            taps("Xin phiếu lý lịch tư pháp"),
            taps("Tiếp tục"),
            taps("Bổ sung hồ sơ xin việc"),
            taps("Tiếp tục"),
            taps("Tiếp tục"),
            taps("Nộp hồ sơ"),
        ),
    ),
    Story("inbox", RESIDENT, (goes(paths.INBOX), goes(paths.HOME))),
    Story("settings", RESIDENT, (goes(paths.SETTINGS), goes(paths.OUTBOX), goes(paths.INBOX))),
    Story("verify", NEWCOMER, (goes(paths.VERIFY), goes(paths.HOME))),
    Story("desk", OFFICER, (goes(paths.DESK), taps("Ổ gà"))),
)
