"""An account that its resident erases on one device is gone from the others too, and they say why."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress

from app import paths
from services.erased import ErasedAccounts
from services.errors import SignInRequired
from tests.journeys.conftest import Home
from tests.support.device import MemoryTokenStore
from tests.support.phone import Phone

WHO, OTHER = "nguyen-minh-anh", "tran-gia-huy"
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."
ERASED = "Tài khoản này đã được xóa từ một thiết bị khác."
TABLES = ("sent", "saved", "card", "certificate_keys", "health_links", "health_reminders")


async def filled(home: Home, phone: Phone) -> None:
    """Something in every table of the device, and an emergency card beside it."""
    mine = home.services[phone].vault
    await mine.change([(table, "one", {"table": table}) for table in TABLES])


async def sizes(home: Home, subject: str) -> dict[str, tuple[int, int]]:
    """What lies in the device's vault for a resident, whoever is signed in."""
    return await home.process.vault.for_subject(subject).sizes()


async def erase(home: Home) -> None:
    """Erase the account on a device of its own."""
    phone, _device = await home.another_vault().signed_in(WHO, paths.PRIVACY_ERASE)
    await phone.sees("Sẽ xóa")
    await phone.tap("Xóa tài khoản")
    await phone.tap("Đúng, xóa tất cả")
    await phone.sees("Đã xóa tài khoản của bạn.")
    await phone.sees("Biên nhận")


async def test_an_open_tablet_drops_everything_and_says_why(home: Home) -> None:
    """Its next call is refused by name; no draft of an erased account may wait there for anybody."""
    tablet, device = await home.signed_in(WHO, paths.NEW_SERVICE_REQUEST)
    await tablet.type("Chuyện gì đang xảy ra?", WORDS)
    await filled(home, tablet)
    subject = device.identity.subject()
    assert subject is not None
    theirs, _device = await home.phone_of(OTHER)
    await theirs.tap("Đăng nhập bằng VNeID")
    await theirs.sees_no("Đăng nhập bằng VNeID")
    await filled(home, theirs)
    await erase(home)
    with suppress(SignInRequired):
        await home.services[tablet].sessions.list()
    await tablet.sees(ERASED)
    assert tablet.route == paths.ERASED_ELSEWHERE
    assert await sizes(home, subject) == {}
    assert await device.tokens() is None
    left = await home.services[theirs].vault.sizes()
    assert set(TABLES) <= set(left)
    await tablet.tap("Đăng nhập bằng VNeID")
    await tablet.sees("Minh Anh")
    await tablet.go(paths.DRAFTS)
    await tablet.sees_no(WORDS[:20])


async def test_a_device_that_was_off_finds_out_at_its_next_start(home: Home) -> None:
    """Its tokens are worth nothing by then: it asks by what it keeps of its sign-in."""
    tokens = MemoryTokenStore()
    before, device = await home.phone_of(WHO, "/", tokens)
    await before.tap("Đăng nhập bằng VNeID")
    await before.sees_no("Đăng nhập bằng VNeID")
    await before.sees("Minh Anh")
    await filled(home, before)
    subject = device.identity.subject()
    assert subject is not None
    kept = await tokens.load()
    await before.close()
    await erase(home)
    assert set(TABLES) <= set(await sizes(home, subject))
    assert kept is not None
    again = MemoryTokenStore()
    await again.save(kept)
    after, _device = await home.phone_of(WHO, "/", again)
    await after.sees(ERASED)
    assert await sizes(home, subject) == {}


async def test_a_locked_and_signed_out_device_drops_it_without_its_key(home: Home) -> None:
    """What nobody can open any more need not wait for somebody who knows the PIN."""
    phone, device = await home.signed_in(WHO)
    await phone.sees("Minh Anh")
    await filled(home, phone)
    subject, vault = device.identity.subject(), home.process.vault
    assert subject is not None
    owner = vault.for_subject(subject).owner
    await home.services[phone].identity.sign_out()
    await phone.close()
    await erase(home)
    vault.lock()
    services = home.services[phone]
    accounts = ErasedAccounts(services.gateway, vault, services.clock)
    await accounts.drop(await accounts.ask(await accounts.known()))
    with sqlite3.connect(home.process.data_folder / "vault.sqlite3") as db:
        found = "SELECT COUNT(*) FROM entries WHERE owner = ?"
        assert db.execute(found, (owner,)).fetchone() == (0,)
        assert db.execute("SELECT COUNT(*) FROM sign_ins").fetchone() == (0,)


async def test_the_device_that_erases_keeps_the_receipt_on_its_screen(home: Home) -> None:
    """It is refused like every other, but it knows why: the proof must not be swept away."""
    phone, device = await home.signed_in(WHO, paths.PRIVACY_ERASE)
    subject = device.identity.subject()
    await phone.sees("Sẽ xóa")
    await phone.tap("Xóa tài khoản")
    await phone.tap("Đúng, xóa tất cả")
    await phone.sees("Đã xóa tài khoản của bạn.")
    await device.identity.expire("account_erased")
    await asyncio.sleep(0)
    await phone.tap("Lưu biên nhận")
    await phone.sees("Đã lưu.")
    await phone.tap("Xong")
    await phone.sees("Đăng nhập bằng VNeID")
    assert subject is not None
    assert await sizes(home, subject) == {}
