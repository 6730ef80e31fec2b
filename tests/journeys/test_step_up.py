"""Showing anew who one is, in the middle of something: nothing that was entered is lost by it."""

from __future__ import annotations

import sqlite3

import pytest

from app import paths
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin


async def grow_old(home: Home, device: DeviceTwin, seconds: int = 3600) -> None:
    """Let the sign-in of everybody at the provider be that much older, and renew the tokens."""
    with sqlite3.connect(home.process.data_folder / "gateway.sqlite3") as provider:
        provider.execute("UPDATE identity_grants SET auth_time = auth_time - ?", (seconds,))
    identity = device.identity
    await identity.access_token(refused=await identity.access_token())


@pytest.mark.parametrize("same_second", [False, True])
async def test_sharing_a_health_record_asks_anew_and_keeps_what_was_chosen(
    home: Home, monkeypatch: pytest.MonkeyPatch, same_second: bool
) -> None:
    """Whoever picks up an open phone must not hand out a record; its owner loses no choice."""
    if same_second:
        monkeypatch.setattr("services.authorization._whole", lambda _value: 1_795_000_000)
    phone, device = await home.signed_in("nguyen-minh-anh", paths.HEALTH_SHARE)
    await phone.sees("Xét nghiệm, lần khám trong")
    await grow_old(home, device)
    await phone.choose("Checkbox", {"value": False}, label="Dị ứng")
    before = phone.text()
    await phone.tap("Tạo mã chia sẻ")
    await phone.sees("Xác nhận đó là bạn.")
    await phone.sees("đăng nhập trong vòng 10 phút vừa qua")
    await phone.tap("Xác nhận lại bằng VNeID")
    await phone.sees("Đã xác nhận đúng là bạn.")
    assert all(line in phone.text() for line in before.splitlines())
    await phone.tap("Tạo mã chia sẻ")
    await phone.sees("Chưa ai mở")
    assert "Dị ứng" not in phone.text()


async def test_stopping_at_the_sign_in_page_leaves_the_page_as_it_is(home: Home) -> None:
    """Changing one's mind about confirming is no error and costs nothing."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.HEALTH_SHARE)
    await grow_old(home, device)
    await phone.tap("Tạo mã chia sẻ")
    await phone.sees("Xác nhận đó là bạn.")
    device.stops_signing_in = True
    await phone.tap("Xác nhận lại bằng VNeID")
    await phone.sees("Bạn đã dừng đăng nhập")
    assert "Tạo mã chia sẻ" in phone.text()
