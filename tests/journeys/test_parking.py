"""Parking: begun by plate, prolonged, ended and paid once; with a line that is cut, and no money."""

from __future__ import annotations

from app import paths
from app.background import remind
from app.entry import services_of
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.phone import Phone

KERB = "Điểm đỗ HK-014, phố Hàng Trống"


async def begin(phone: Phone, plate: str = "30k 012.34") -> None:
    """Fill the form in and send it."""
    await phone.tap("Gửi xe ở điểm đỗ")
    await phone.type("Biển số xe", plate)
    await phone.tap(KERB)
    await phone.tap("Bắt đầu đỗ xe")


async def test_a_resident_parks_prolongs_and_pays(home: Home) -> None:
    """From the plate to the receipt; the wallet shows the stay while it runs."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await begin(phone)
    await phone.sees("30K-012.34")
    await phone.sees("Đang đỗ")
    await phone.sees("1 giờ × 25.000 đ")
    await phone.sees("Còn 59 phút")
    await phone.tap("+60.000 đ")
    await phone.sees("Còn 2 giờ 59 phút")
    await phone.go(paths.CARDS)
    await phone.sees("Hết giờ lúc")
    await phone.tap("Xem lượt đỗ")
    await phone.tap("Kết thúc và thanh toán", times=3)
    await phone.sees("Đã trả một lần.")
    await phone.sees("Số biên nhận")
    await phone.sees("475.000 đ")
    await phone.sees_no("Kết thúc và thanh toán")
    await phone.go(paths.PARKING)
    await phone.sees("Đã kết thúc")


async def test_a_wrong_plate_is_told_at_its_field_and_kept(home: Home) -> None:
    """Nothing typed is lost; the sentence says how a plate is written."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.NEW_PARKING)
    await phone.type("Biển số xe", "HN 12")
    await phone.tap("Bắt đầu đỗ xe")
    await phone.sees("Biển số chưa đúng với loại xe này. Viết như 30K-012.34")
    await phone.sees("HN 12")
    await phone.sees("Bạn chọn một mục trong danh sách.")


async def test_a_plate_that_is_parked_is_told_so(home: Home) -> None:
    """Two stays of one car would be paid twice."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await begin(phone)
    await phone.sees("Đang đỗ")
    await phone.go(paths.CARDS)
    await begin(phone)
    await phone.sees("Xe này đang đỗ rồi.")
    await phone.go(paths.OUTBOX)
    await phone.sees("Không có gì đang chờ")


async def test_a_payment_that_fails_takes_nothing_and_can_be_tried_again(home: Home) -> None:
    """The account of this synthetic resident holds 20.000 dong."""
    phone, _device = await home.signed_in("le-hoang-nam", paths.CARDS)
    await begin(phone)
    await phone.tap("Kết thúc và thanh toán")
    await phone.sees("Chưa trả được tiền. Bạn chưa bị trừ.")
    await phone.sees("Số dư tài khoản thử nghiệm (sandbox): 20.000 đ")
    await phone.sees("Đang đỗ")
    await phone.tap("Nạp 200.000 đ tiền thử")
    await phone.tap("Kết thúc và thanh toán")
    await phone.sees("Đã trả một lần.")
    await phone.sees("195.000 đ")


async def test_without_a_network_a_stay_waits_to_begin_and_to_end(home: Home) -> None:
    """Both wait in the outbox with words that promise nothing, and happen once."""
    link = link_of(home.process.http)
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.NEW_PARKING)
    await phone.sees("Biển số xe")
    link.cut = True
    await phone.type("Biển số xe", "30K-012.34")
    await phone.tap(KERB)
    await phone.tap("Bắt đầu đỗ xe")
    await phone.sees("Lượt đỗ chưa bắt đầu. Có mạng lại mới bắt đầu.")
    link.cut = False
    await phone.tap("Mở mục chờ gửi")
    await phone.sees("Bắt đầu đỗ xe")
    await phone.tap("Gửi ngay")
    await phone.sees("Không có gì đang chờ")
    await phone.go(paths.CARDS)
    await phone.tap("Xem lượt đỗ")
    await phone.sees("Đang đỗ")
    link.cut = True
    await phone.tap("Kết thúc và thanh toán")
    await phone.sees("Đang chờ mạng để kết thúc.")
    await phone.sees_no("Kết thúc và thanh toán")
    link.cut = False
    await phone.go(paths.OUTBOX)
    await phone.tap("Gửi ngay")
    await phone.sees("Không có gì đang chờ")
    await phone.go(paths.PARKING)
    await phone.sees("Đã kết thúc")
    await phone.sees("25.000 đ")


async def test_a_reminder_comes_on_any_screen_and_leads_to_the_stay(home: Home) -> None:
    """Whoever reads their reports must not find a fine on the car."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await begin(phone)
    await phone.sees("Đang đỗ")
    services = services_of(home.process, device.identity, keep_health_copies=True)
    [stay] = (await services.parking.list_mine()).value
    await phone.go(paths.SERVICE_REQUESTS)
    remind(stay)
    await phone.sees("Xe 30K-012.34 hết giờ đỗ lúc")
    await phone.go(paths.PARKING)
    await phone.tap("HK-014")
    assert phone.route == paths.parking_session(stay.session_id)
