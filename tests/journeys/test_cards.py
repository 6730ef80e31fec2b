"""The transit card: added to a device, shown to a gate, moved, blocked and taken back."""

from app import paths
from app.entry import services_of
from services.card_code import draw_png
from services.card_states import CardCode
from services.device import PickedFile
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
    await phone.go(paths.HOME)
    await phone.tap("Mở mã")
    await phone.sees("Mã mới sau")
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


async def test_a_code_shows_brightly_and_the_screen_stays_awake(home: Home) -> None:
    """A scanner needs light, and nobody wants to unlock the phone at the gate; then all is as before."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.CARDS)
    await phone.tap("Dùng thẻ trên máy này")
    await phone.tap("Mở mã QR")
    await phone.sees("Sáng tối đa")
    assert (device.brightness, device.awake) == (1.0, True)
    await phone.tap("Máy không quét được?")
    await phone.sees("Số thẻ ")
    await phone.back()
    await phone.sees("Chuyến đi gần đây")
    await phone.settle()
    assert (device.brightness, device.awake) == (0.4, False)


async def test_a_resident_reads_their_trips_and_sets_a_missing_tap_right(home: Home) -> None:
    """The sandbox rode for this synthetic resident, who pays each ride."""
    phone, _device = await home.signed_in("le-hoang-nam", paths.CARDS)
    await phone.sees("Chuyến đi gần đây")
    await phone.sees("Tuyến thử T1 · Long Biên - Quốc Oai")
    await phone.sees("12.000 đ")
    await phone.sees("17:20 hôm qua")
    await phone.tap("Tất cả")
    await phone.sees("Thiếu lượt quét xuống")
    await phone.sees("Miễn phí")
    await phone.tap("Thiếu lượt quét xuống")
    await phone.sees("tính theo chặng dài nhất của tuyến")
    await phone.sees("20.000 đ")
    await phone.tap("Sửa điểm xuống")
    await phone.sees("Bạn chọn một mục trong danh sách.")
    await phone.tap("Hoài Đức")
    await phone.tap("Sửa điểm xuống")
    await phone.sees("Bạn đã sửa.")
    await phone.sees("8.000 đ")


async def test_a_pass_and_a_free_class_say_why_nothing_is_paid(home: Home) -> None:
    """Why stands beside each fare, and never why somebody has the class."""
    holder, _device = await home.signed_in("nguyen-minh-anh", paths.TRIPS)
    await holder.tap("Cầu Giấy - Bờ Hồ")
    await holder.sees("Vé tháng của bạn dùng được cho tuyến này.")
    elder, _device = await home.signed_in("pham-thi-lan", paths.TRIPS)
    await elder.tap("Mỹ Đình - Quốc Oai")
    await elder.sees("Nhóm của bạn được miễn phí.")
    assert "tuổi" not in elder.text()


async def test_somebody_without_trips_sees_a_line(home: Home) -> None:
    """An empty history explains itself."""
    phone, _device = await home.signed_in("do-thanh-tung", paths.TRIPS)
    await phone.sees("Chưa có chuyến đi")


async def test_an_inspector_checks_a_picture_and_a_number(home: Home) -> None:
    """The code read off a picture is good; the same picture half a minute later would be too old."""
    rider, device = await home.signed_in("do-thanh-tung", paths.CARDS)
    await rider.tap("Dùng thẻ trên máy này")
    await rider.sees_no("Thẻ chưa có trên máy này.")
    services = services_of(home.process, device.identity, keep_health_copies=True)
    shown = await services.cards.code_at(services.clock.now().timestamp())
    assert isinstance(shown, CardCode)
    card = (await services.cards.card()).value
    assert card is not None

    inspector, camera = await home.signed_in("bui-thu-ha", paths.CARDS)
    await inspector.tap("Kiểm tra thẻ")
    camera.files = [PickedFile("ma.png", draw_png(shown.text))]
    await inspector.tap("Chụp hoặc chọn ảnh mã")
    await inspector.sees("Hợp lệ.")
    await inspector.sees("Vé tháng liên tuyến và đỗ xe")
    old = await services.cards.code_at(services.clock.now().timestamp() - 45)
    assert isinstance(old, CardCode)
    camera.files = [PickedFile("cu.png", draw_png(old.text))]
    await inspector.tap("Chụp hoặc chọn ảnh mã")
    await inspector.sees("Không hợp lệ: mã cũ.")
    camera.files = [PickedFile("hong.png", b"no picture")]
    await inspector.tap("Chụp hoặc chọn ảnh mã")
    await inspector.sees("Ảnh này bị hỏng")
    await inspector.type("Số thẻ", "1234 5678 9012")
    await inspector.tap("Tra cứu")
    await inspector.sees("Không có thẻ mang số này.")
    await inspector.type("Số thẻ", card.number)
    await inspector.tap("Tra cứu")
    await inspector.sees("Thẻ dùng được hôm nay.")
    assert card.holder_name not in inspector.text()


async def test_the_hotline_blocks_a_lost_card_and_its_holder_takes_it_back(home: Home) -> None:
    """A resident without any device calls; the log and the way back are in the app."""
    rider, device = await home.signed_in("do-thanh-tung", paths.CARDS)
    await rider.tap("Dùng thẻ trên máy này")
    await rider.sees_no("Thẻ chưa có trên máy này.")
    services = services_of(home.process, device.identity, keep_health_copies=True)
    card = (await services.cards.card()).value
    assert card is not None
    hotline, _device = await home.signed_in("bui-thu-ha", paths.INSPECT)
    await hotline.type("Số thẻ", card.number)
    await hotline.tap("Tra cứu")
    await hotline.tap("Khóa thẻ giúp chủ thẻ")
    await hotline.tap("Khóa thẻ ngay")
    await hotline.sees("Không hợp lệ: đang bị khóa.")
    await rider.go(paths.HOME)
    await rider.go(paths.CARDS)
    await rider.sees("Đang bị khóa.")
    await rider.sees("Tổng đài đã khóa thẻ lúc")
    await rider.tap("Mở khóa thẻ")
    await rider.sees_no("Đang bị khóa.")


async def test_a_resident_cannot_inspect(home: Home) -> None:
    """The address alone opens nothing."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.INSPECT)
    await phone.sees("Tài khoản của bạn")
    assert "Tra cứu" not in phone.text()
