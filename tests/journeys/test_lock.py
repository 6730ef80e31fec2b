"""The lock: what it covers, what it keeps, what opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import paths
from app.lock import GOOD_FOR
from services.clock import steady_seconds
from services.lock import DeviceKey, FileLockStore, Lock
from tests.journeys.conftest import Home
from tests.services.lock_twins import CHEAP, OTHER, PIN, BiometricsTwin, SafePlaceTwin
from tests.support.device import DeviceTwin, MemoryTokenStore
from tests.support.phone import Phone

WHO = "nguyen-minh-anh"
LOCKED = "Ứng dụng đang khóa"


class Owner:
    """A resident's own phone: a vault with a lock, tokens that outlive the app."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.place, self.tokens = SafePlaceTwin(), MemoryTokenStore()
        self.finger: BiometricsTwin | None = None
        self.place_key = home.process.vault.key

    async def start(self, route: str = "/") -> tuple[Phone, DeviceTwin]:
        """Start the app, as after a restart of the phone."""
        self.home.process.vault.lock()
        store = FileLockStore(self.folder / "lock.json")
        holder = DeviceKey(self.home.process.vault, self.place)
        self.lock = Lock(store, holder, cost=CHEAP, biometrics=self.finger)
        return await self.home.phone_of(WHO, route, self.tokens, self.lock)

    async def signed_in(self, route: str = "/") -> tuple[Phone, DeviceTwin]:
        """The same, signed in."""
        phone, device = await self.start(route)
        await phone.tap("Đăng nhập bằng VNeID")
        await phone.sees_no("Đăng nhập bằng VNeID")
        return phone, device

    async def with_pin(self) -> tuple[Phone, DeviceTwin]:
        """A PIN chosen in the settings."""
        phone, device = await self.signed_in(paths.LOCK)
        await phone.type("Mã PIN mới, sáu chữ số", PIN)
        await phone.type("Nhập lại mã PIN đó", PIN)
        await phone.tap("Bật khóa")
        await phone.sees("Khóa ngay")
        return phone, device


@pytest.fixture
def owner(home: Home, tmp_path: Path) -> Owner:
    """A phone of one's own."""
    return Owner(home, tmp_path / "own")


async def moves(phone: Phone, state: str) -> None:
    """The phone puts the app out of sight, or brings it back."""
    page = phone.page._i
    await phone.session.dispatch_event(page, "app_lifecycle_state_change", {"state": state})
    await phone.settle()


async def unlock(phone: Phone, pin: str = PIN) -> None:
    """Type the digits; the sixth sends them."""
    await phone.type("Mã PIN, sáu chữ số", pin)


async def test_a_resident_chooses_a_pin_and_the_app_asks_for_it_at_the_next_start(
    owner: Owner,
) -> None:
    """A phone left on a bus shows nothing of its holder."""
    await owner.with_pin()
    phone, _device = await owner.start()
    await phone.sees(LOCKED)
    assert "Minh Anh" not in phone.text()
    assert owner.home.process.vault.key is None
    await unlock(phone)
    await phone.sees("Minh Anh")
    assert LOCKED not in phone.text()


async def test_digits_anybody_would_try_first_are_not_taken(owner: Owner) -> None:
    """123456 is the first thing a finder types."""
    phone, _device = await owner.signed_in(paths.LOCK)
    await phone.type("Mã PIN mới, sáu chữ số", "123456")
    await phone.type("Nhập lại mã PIN đó", "123456")
    await phone.tap("Bật khóa")
    await phone.sees("Quá dễ đoán.")
    await phone.type("Mã PIN mới, sáu chữ số", PIN)
    await phone.tap("Bật khóa")
    await phone.sees("Hai lần nhập không giống nhau")
    assert not (owner.folder / "lock.json").exists()


async def test_what_was_typed_stays_behind_the_lock(owner: Owner) -> None:
    """Half a report is not lost because the phone was put down."""
    phone, device = await owner.with_pin()
    await phone.tap("Ngay lập tức")
    assert device.preferences["lock_after"] == 0
    await phone.go(paths.VERIFY)
    await phone.type("Mã kiểm tra", "ABCD-1234")
    before = phone.text()
    await moves(phone, "hide")
    await phone.sees(LOCKED)
    assert before not in phone.text()
    await moves(phone, "resume")
    await phone.sees(LOCKED)
    await unlock(phone)
    await phone.sees_no(LOCKED)
    assert phone.route == paths.VERIFY
    assert phone.text() == before
    assert "ABCD-1234" in before


async def test_after_wrong_tries_even_the_right_one_has_to_wait(owner: Owner) -> None:
    """A finder gets three guesses, then the clock runs; a restart does not help."""
    await owner.with_pin()
    phone, _device = await owner.start()
    await unlock(phone, OTHER)
    await phone.sees("Còn 2 lần thử, sau đó phải chờ.")
    await unlock(phone, OTHER)
    await phone.sees("Còn 1 lần thử, sau đó phải chờ.")
    await unlock(phone, OTHER)
    await phone.sees("Sai mã PIN nhiều lần.")
    again, _device = await owner.start()
    await again.sees("Sai mã PIN nhiều lần.")
    await unlock(again)
    assert LOCKED in again.text()
    assert owner.home.process.vault.key is None


async def test_the_health_record_asks_again_and_the_rest_does_not(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who borrows the unlocked phone for a call does not read about illnesses."""
    phone, _device = await owner.with_pin()
    await phone.go(paths.RECORDS)
    await phone.sees("Penicillin")
    await phone.go(paths.HOME)
    later = steady_seconds() + GOOD_FOR + 1
    monkeypatch.setattr("app.lock.Guard._now", lambda _guard: later)
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees_no("Mã PIN, sáu chữ số")
    await phone.go(paths.RECORDS)
    await phone.sees("Phần này hỏi mã PIN.")
    assert "Penicillin" not in phone.text()
    await unlock(phone)
    await phone.sees("Penicillin")
    await phone.go(paths.health_section("allergies"))
    await phone.sees("Penicillin")


async def test_a_finger_opens_the_app_once_it_was_turned_on(owner: Owner) -> None:
    """On a phone that has one; the PIN stays for when it is wet."""
    owner.finger = BiometricsTwin(enrolled=False)
    phone, _device = await owner.with_pin()
    await phone.go(paths.SETTINGS)
    await phone.turn_on("Vân tay hoặc khuôn mặt")
    await phone.sees("Máy này chưa đăng ký vân tay hay khuôn mặt.")
    owner.finger.enrolled = True
    await phone.turn_on("Vân tay hoặc khuôn mặt")
    await phone.sees("Thay cho mã PIN")
    phone, _device = await owner.start()
    owner.finger.refuses = True
    await phone.tap("Vân tay hoặc khuôn mặt")
    await phone.sees("Chưa nhận ra bạn.")
    owner.finger.refuses = False
    await phone.tap("Vân tay hoặc khuôn mặt")
    await phone.sees("Minh Anh")


async def test_the_emergency_card_opens_before_the_lock(owner: Owner) -> None:
    """A helper has no PIN."""
    await owner.with_pin()
    phone, _device = await owner.start(paths.EMERGENCY)
    await phone.sees("Thẻ khẩn cấp")
    assert LOCKED not in phone.text()
    await phone.go(paths.HOME)
    await phone.sees(LOCKED)


async def test_the_pin_is_changed_and_removed_with_the_pin_alone(owner: Owner) -> None:
    """An unlocked phone in other hands keeps its lock."""
    phone, _device = await owner.with_pin()
    await phone.tap("Đổi mã PIN")
    await unlock(phone)
    await phone.type("Mã PIN mới, sáu chữ số", OTHER)
    await phone.type("Nhập lại mã PIN đó", OTHER)
    await phone.tap("Dùng mã PIN này")
    await phone.sees("Đã đổi mã PIN.")
    await phone.tap("Bỏ mã PIN")
    await unlock(phone, PIN)
    await phone.sees("Mã PIN chưa đúng.")
    await unlock(phone, OTHER)
    await phone.sees("Bật khóa")
    again, _device = await owner.start()
    await again.sees("Minh Anh")


async def test_a_forgotten_pin_costs_what_lay_here_alone_and_a_new_sign_in(owner: Owner) -> None:
    """It is said before it is done; then the app begins empty, signed in."""
    await owner.with_pin()
    vault = owner.home.process.vault
    rows = vault.for_subject(str(owner.tokens.tokens.claims["sub"]))  # type: ignore[union-attr]
    await rows.put("drafts", "d-1", {"description": "Ổ gà"})
    phone, _device = await owner.start()
    await phone.tap("Quên mã PIN?")
    await phone.sees("Đặt lại sẽ xóa những gì chỉ nằm trên máy này")
    await phone.tap("Đăng nhập lại và đặt lại")
    await phone.sees_no(LOCKED)
    await phone.sees("Minh Anh")
    assert await rows.list("drafts") == {}
    assert not (owner.folder / "lock.json").exists()


async def test_a_computer_without_a_keychain_starts_with_choosing_a_pin(owner: Owner) -> None:
    """It could not start at all before."""
    owner.place.closed = True
    phone, _device = await owner.start()
    await phone.sees("Chọn mã PIN trước đã")
    await phone.type("Mã PIN mới, sáu chữ số", PIN)
    await phone.type("Nhập lại mã PIN đó", PIN)
    await phone.tap("Dùng mã PIN này")
    await phone.sees("Đăng nhập bằng VNeID")
    again, _device = await owner.start()
    await again.sees(LOCKED)
    await unlock(again)
    await again.sees("Đăng nhập bằng VNeID")


async def test_a_keychain_that_is_closed_is_asked_again(owner: Owner) -> None:
    """Nothing is begun anew over the drafts whose key is in it."""
    await owner.signed_in()
    await owner.home.process.vault.for_everyone().put("t", "k", 1)
    owner.place.closed = True
    phone, _device = await owner.start()
    await phone.sees("Kho mật khẩu của máy đang đóng")
    await phone.tap("Thử lại")
    await phone.sees("Kho mật khẩu của máy đang đóng")
    owner.place.closed = False
    await phone.tap("Thử lại")
    await phone.sees("Minh Anh")


async def test_on_the_web_the_lock_says_that_it_hides_the_screen_only(home: Home) -> None:
    """No promise that the server's key could not keep."""
    phone, _device = await home.signed_in(WHO, paths.LOCK)
    await phone.sees("Trên web, khóa chỉ che màn hình.")
    await phone.type("Mã PIN mới, sáu chữ số", PIN)
    await phone.type("Nhập lại mã PIN đó", PIN)
    await phone.tap("Bật khóa")
    await phone.tap("Khóa ngay")
    await phone.sees(LOCKED)
    await unlock(phone)
    await phone.sees("Khóa ngay")
    assert home.process.vault.key is not None


async def test_less_motion_and_high_contrast_follow_the_device_and_the_resident(
    home: Home,
) -> None:
    """Who asked their phone for it does not ask each app anew."""
    phone, device = await home.phone_of(WHO, paths.SETTINGS)
    await phone.turn_on("Tương phản cao")
    await phone.turn_on("Giảm chuyển động")
    assert device.preferences["high_contrast"] is True
    assert device.preferences["reduced_motion"] is True
    assert phone.page.theme is not None
    assert phone.page.theme.scaffold_bgcolor == "#FFFFFF"
    again, _device = await home.phone_of(WHO, paths.SETTINGS, **device.preferences)
    assert again.page.theme is not None
    assert again.page.theme.scaffold_bgcolor == "#FFFFFF"


async def test_a_no_to_the_offer_of_a_pin_is_kept(home: Home) -> None:
    """Offered once, where it matters; never forced."""
    phone, device = await home.signed_in(WHO, paths.RECORDS)
    await phone.sees("Đặt mã PIN cho hồ sơ của bạn.")
    await phone.tap("Không, cảm ơn")
    await phone.sees_no("Đặt mã PIN cho hồ sơ của bạn.")
    assert device.preferences["lock_offered"] is True
