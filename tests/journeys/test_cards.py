"""The transit card: added to a device, shown to a gate, moved, blocked and taken back."""

from app import paths
from tests.journeys.conftest import Home


async def test_a_resident_adds_the_card_and_shows_its_code(home: Home) -> None:
    """The bus comes: two taps to a code that a gate takes."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await phone.sees("Thẻ chưa có trên máy này.")
    await phone.tap("Dùng thẻ trên máy này")
    await phone.sees_no("Thẻ chưa có trên máy này.")
    await phone.tap("Mở mã QR")
    await phone.sees("Mã mới sau")
    await phone.sees("Nguyễn Minh Anh")
    assert phone.route == paths.CARD_CODE


async def test_a_card_moved_to_another_device_says_so_on_the_old_one(home: Home) -> None:
    """One card must not live on two phones, and the old one must not just fail at the gate."""
    old, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await old.tap("Dùng thẻ trên máy này")
    await old.sees_no("Thẻ chưa có trên máy này.")
    new, _device = await home.another_vault().signed_in("nguyen-minh-anh", paths.CARDS)
    await new.tap("Dùng thẻ trên máy này")
    await new.sees_no("Thẻ chưa có trên máy này.")
    await old.go(paths.HOME)
    await old.go(paths.CARDS)
    await old.sees("Thẻ đã chuyển sang máy khác.")


async def test_a_lost_card_is_blocked_and_taken_back(home: Home) -> None:
    """A lost phone is one tap to block, and found again one tap to use."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await phone.tap("Dùng thẻ trên máy này")
    await phone.tap("Khóa thẻ (mất máy)")
    await phone.sees("Đang bị khóa.")
    await phone.tap("Mở khóa thẻ")
    await phone.sees_no("Đang bị khóa.")


async def test_a_newcomer_without_a_pass_is_told_whom_to_call(home: Home) -> None:
    """An empty wallet explains itself."""
    phone, _device = await home.signed_in("vu-khanh-linh", paths.CARDS)
    await phone.sees("Chưa có thẻ")
    await phone.sees("1022")
