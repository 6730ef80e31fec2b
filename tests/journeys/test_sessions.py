"""A sign-in that ends: with a warning, over the page that stays, or at once from another device."""

from __future__ import annotations

import pytest

from app import paths
from services.errors import SignInRequired
from services.standing import UNUSED
from tests.journeys.conftest import Home
from tests.support.once import PUBLIC_URL
from tests.support.phone import Phone

MINH_ANH, GIA_HUY = "nguyen-minh-anh", "tran-gia-huy"
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."
SHEET = "Phiên đăng nhập đã hết"


async def typing(phone: Phone) -> None:
    """Begin a report and write what it is about."""
    await phone.type("Chuyện gì đang xảy ra?", WORDS)
    assert WORDS in phone.text()


async def test_a_sign_in_that_ends_leaves_the_page_and_comes_back_to_it(home: Home) -> None:
    """Picture 20b: half a report is never lost to a session, and nobody looks for the page again."""
    phone, device = await home.signed_in(MINH_ANH, paths.NEW_SERVICE_REQUEST)
    await typing(phone)
    route = phone.route
    await device.identity.expire(UNUSED)
    await phone.sees(SHEET)
    assert "Bản nháp còn nguyên." in phone.text()
    assert WORDS in phone.text()
    await phone.tap("Đăng nhập lại")
    await phone.sees_no(SHEET)
    assert WORDS in phone.text()
    assert phone.route == route


async def test_what_the_provider_no_longer_renews_shows_the_same_sheet(home: Home) -> None:
    """After weeks away the resident is asked to sign in, not shown an error on every screen."""
    phone, device = await home.signed_in(MINH_ANH)
    tokens = await device.tokens()
    assert tokens is not None
    form = {"client_id": "ihanoi-app", "token": tokens.refresh_token}
    await home._browser.post(f"{PUBLIC_URL}/identity/revoke", data=form)
    with pytest.raises(SignInRequired):
        await device.identity.access_token(refused=tokens.access_token)
    await phone.sees(SHEET)
    await phone.sees("đã hết hạn, hoặc bạn đã đăng xuất từ thiết bị khác")


async def test_later_means_looking_around_as_a_guest(home: Home) -> None:
    """On a computer left behind the page must not open again for whoever taps the sheet away."""
    phone, device = await home.signed_in(MINH_ANH, paths.NEW_SERVICE_REQUEST)
    await typing(phone)
    await device.identity.expire(UNUSED)
    await phone.sees(SHEET)
    await phone.tap("Để sau")
    await phone.sees("Bạn đang xem thử.")
    assert WORDS not in phone.text()
    assert "Minh Anh" not in phone.text()
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Minh Anh")
    await phone.go(paths.DRAFTS)
    await phone.sees(WORDS[:20])


async def test_the_end_is_announced_and_a_tap_puts_it_off(home: Home) -> None:
    """Somebody who is reading a long page must not be thrown out of it without a word."""
    phone, device = await home.phone_of(MINH_ANH)
    device.unused_left = 200.0
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Bạn còn ở đây không?")
    assert "sau 4 phút" in phone.text()
    device.unused_left = 1800.0
    await phone.tap("Ở lại")
    await phone.sees_no("Bạn còn ở đây không?")


async def test_a_lost_phone_is_signed_out_from_another_device(home: Home) -> None:
    """Its finder sees nothing more of her, at the next step it takes, and reads why."""
    lost, lost_device = await home.signed_in(MINH_ANH, paths.SERVICE_REQUESTS)
    await lost.sees("Phản ánh")
    desk, _device = await home.another_vault().signed_in(MINH_ANH, paths.SESSIONS)
    await desk.sees("Thiết bị khác")
    await desk.tap("Đăng xuất")
    await desk.sees("Đăng xuất thiết bị này?")
    await desk.tap("Có, đăng xuất")
    await desk.sees("Đã đăng xuất 1 thiết bị.")
    await desk.sees("Bạn chỉ đang đăng nhập trên thiết bị này.")
    await lost.go(paths.INBOX)
    await lost.sees("Nếu không phải bạn làm")
    assert lost_device.identity.person is None
    assert await lost_device.tokens() is None
    await lost.go(paths.SERVICE_REQUESTS)
    await lost.sees("Đăng nhập bằng VNeID")


async def test_each_resident_sees_their_own_sign_ins(home: Home) -> None:
    """Two people on one server: neither list holds the other's device."""
    mine, _device = await home.signed_in(MINH_ANH, paths.SESSIONS)
    theirs, _device = await home.another_vault().signed_in(GIA_HUY, paths.SESSIONS)
    for phone in (mine, theirs):
        await phone.sees("Bạn chỉ đang đăng nhập trên thiết bị này.")
        assert phone.text().count("Máy này") == 1
