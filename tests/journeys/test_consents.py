"""A resident is asked when something is first needed, may say no, and finds a way on."""

from app import paths
from services.consents import AGREED
from tests.journeys.conftest import Home


async def test_the_place_of_the_device_is_read_only_after_a_yes(home: Home) -> None:
    """The first tap asks, with the text; a no leaves the address to type, a yes finds the place."""
    home.ask_everybody()
    phone, device = await home.signed_in("nguyen-minh-anh")
    await phone.go(paths.NEARBY)
    await phone.tap("Sửa vị trí")
    await phone.tap("Dùng vị trí của tôi")
    await phone.sees("Đọc vị trí của máy")
    await phone.sees("Dữ liệu nhạy cảm: vị trí")
    assert device.places_asked == 0
    await phone.tap("Tôi không đồng ý")
    await phone.sees("Bạn không đồng ý.")
    assert device.places_asked == 0
    await phone.tap("Đọc lại")
    await phone.tap("Tôi đồng ý")
    await phone.sees_no("Tôi không đồng ý")
    assert device.places_asked == 1


async def test_a_guest_is_asked_too_and_nothing_is_kept(home: Home) -> None:
    """Without an account there is no ledger: the answer lasts as long as the open app."""
    phone, device = await home.phone_of("nguyen-minh-anh", paths.NEARBY)
    await phone.tap("Dùng vị trí của tôi")
    await phone.tap("Tôi đồng ý")
    await phone.sees_no("Tôi không đồng ý")
    assert device.places_asked == 1
    other, device = await home.phone_of("nguyen-minh-anh", paths.NEARBY)
    await other.tap("Dùng vị trí của tôi")
    await other.sees("Đọc vị trí của máy")
    assert device.places_asked == 0


async def test_trips_are_listed_after_a_yes_and_gone_after_a_withdrawal(home: Home) -> None:
    """The question stands where the list would; the card works meanwhile."""
    home.ask_everybody()
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await phone.tap("Xem chuyến đi của tôi")
    await phone.sees("Ghép các lần quét thẻ thành chuyến đi của tôi")
    await phone.tap("Tôi đồng ý")
    await phone.sees_no("Tôi không đồng ý")
    purpose = await home.services[phone].consents.purpose("card_taps")
    assert purpose.state == AGREED
    await home.services[phone].consents.decide(purpose, "withdrawn", "vi")
    await phone.go(paths.CARDS)
    await phone.sees("Xem chuyến đi của tôi")


async def test_a_copy_of_the_health_record_is_kept_only_after_a_yes(home: Home) -> None:
    """The record is read meanwhile; without a network only somebody who agreed still reads it."""
    home.ask_everybody()
    phone, _device = await home.signed_in("pham-thi-lan", paths.RECORDS)
    await phone.sees("Lưu bản sao hồ sơ sức khỏe trên máy")
    services = home.services[phone]
    await services.health_records.summary()
    assert not [key for key in await services.vault.list("saved") if key.startswith("health_")]
    await phone.tap("Tôi đồng ý")
    await phone.sees("Bạn đã đồng ý.")
    await services.health_records.summary()
    assert [key for key in await services.vault.list("saved") if key.startswith("health_")]
    purpose = await services.consents.purpose("health_copies")
    await services.consents.decide(purpose, "withdrawn", "vi")
    assert not [key for key in await services.vault.list("saved") if key.startswith("health_")]


async def test_a_certificate_is_applied_for_after_a_yes(home: Home) -> None:
    """The registers are asked only then; a no names the other way."""
    home.ask_everybody()
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.NEW_CERTIFICATE)
    await phone.sees("Lấy dữ liệu dân cư để làm Phiếu lý lịch tư pháp")
    await phone.tap("Tôi không đồng ý")
    await phone.sees("Gọi 1022 để hỏi cách khác.")
    await phone.tap("Đọc lại")
    await phone.tap("Tôi đồng ý")
    await phone.sees("Tiếp tục")
