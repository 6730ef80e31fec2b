"""Signing in, staying signed in, and signing out."""

from dataclasses import replace

from app import paths
from tests.journeys.conftest import Home
from tests.support.device import MemoryTokenStore


async def test_a_resident_signs_in_and_is_greeted_by_name(home: Home) -> None:
    """The first thing everyone does."""
    phone, _device = await home.phone_of("nguyen-minh-anh")
    await phone.sees("Đây là bản thử.")
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Minh Anh")
    assert "Bản mở · không chính thức" in phone.text()


async def test_sign_in_returns_to_the_address_that_was_opened(home: Home) -> None:
    """A link from a neighbour opens the record after sign-in, not the start."""
    phone, _device = await home.phone_of("nguyen-minh-anh", paths.SETTINGS)
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees_no("Đăng nhập bằng VNeID")
    assert phone.route == paths.SERVICE_REQUESTS


async def test_a_restarted_app_is_still_signed_in(home: Home) -> None:
    """Nobody signs in again because a phone closed the app."""
    tokens = MemoryTokenStore()
    phone, _device = await home.phone_of("nguyen-minh-anh", tokens=tokens)
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Minh Anh")
    again, _device = await home.phone_of("nguyen-minh-anh", tokens=tokens)
    await again.sees("Minh Anh")


async def test_a_guest_looks_around_and_is_told_what_sign_in_gives(home: Home) -> None:
    """Nobody has to sign in to see what this is."""
    phone, _device = await home.phone_of("nguyen-minh-anh")
    await phone.tap("Xem thử, không đăng nhập")
    await phone.sees("Bạn đang xem thử.")
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Đăng nhập để xem")


async def test_signing_out_forgets_the_resident(home: Home) -> None:
    """The next person at this device sees nothing of them."""
    tokens = MemoryTokenStore()
    phone, _device = await home.phone_of("nguyen-minh-anh", paths.ME, tokens)
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Nguyễn Minh Anh")
    await phone.tap("Đăng xuất")
    await phone.sees("Đăng nhập bằng VNeID")
    assert tokens.tokens is None
    assert "Minh Anh" not in phone.text()


async def test_the_language_changes_without_a_restart_and_is_kept(home: Home) -> None:
    """A resident who reads English finds it on the first screen."""
    phone, device = await home.phone_of("nguyen-minh-anh")
    await phone.tap("English")
    await phone.sees("Your business with the city, in one place")
    assert device.preferences["language"] == "en"
    await phone.tap("Tiếng Việt")
    await phone.sees("Việc của bạn với thành phố, ở một nơi")


async def test_what_a_city_does_not_offer_is_said(home: Home) -> None:
    """A city with reports only must not show an empty health record as if it were the resident's."""
    home.process = replace(
        home.process, config=replace(home.process.config, features=("service_requests",))
    )
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.sees("Thành phố này chưa làm việc này trong ứng dụng.")
    assert "Penicillin" not in phone.text()
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Của tôi")
