"""The report screens, in the real app over the real gateway and a real database."""

from __future__ import annotations

import io

import httpx
from PIL import Image

from app import paths
from app.entry import services_of
from services.device import PickedFile, Place
from services.service_requests import ServiceRequest
from tests.journeys.conftest import Home, home, prepared
from tests.journeys.test_reporting import kept
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

__all__ = ["home", "prepared"]

WHO, NEWCOMER = "nguyen-minh-anh", "vu-khanh-linh"
HANG_TRONG = Place(21.0301, 105.8501, 12.0)
HUE = Place(16.4637, 107.5909, 12.0)
LABEL = "Chuyện gì đang xảy ra?"
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."


class Link(httpx.AsyncBaseTransport):
    """The way to the gateway, which a test may cut."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut")
        return await self.inner.handle_async_request(request)


def link_of(home: Home) -> Link:
    """Put a link that can be cut between the app and the gateway."""
    link = Link(home.process.http._transport)
    home.process.http._transport = link
    return link


async def sent_by(home: Home, device: DeviceTwin) -> list[ServiceRequest]:
    """What the gateway holds of the resident."""
    services = services_of(home.process, device.identity, keep_health_copies=True)
    return (await services.service_requests.list_mine()).value


def photo(name: str = "hố.jpg") -> PickedFile:
    """A picture as a phone takes it."""
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(file, "JPEG")
    return PickedFile(name, file.getvalue())


async def reporting(home: Home, who: str = WHO) -> tuple[Phone, DeviceTwin]:
    """A resident at the first step, with a photo chosen and the description typed."""
    phone, device = await home.signed_in(who, paths.NEW_SERVICE_REQUEST)
    device.files, device.place = [photo()], HANG_TRONG
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Xóa ảnh")
    await phone.type(LABEL, WORDS)
    return phone, device


async def at_review(home: Home, who: str = WHO) -> tuple[Phone, DeviceTwin]:
    """The same resident, everything filled in, before sending."""
    phone, device = await reporting(home, who)
    await phone.tap("Tiếp tục")
    await phone.tap("Dùng vị trí của tôi")
    await phone.sees("Thuộc phường Hoàn Kiếm")
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    return phone, device


async def test_a_resident_reports_in_three_steps_and_finds_it_in_the_list(home: Home) -> None:
    """The whole point of the app, from the tap to the record; two taps send one report."""
    phone, _device = await at_review(home, NEWCOMER)
    assert WORDS in phone.text()
    await phone.tap("Gửi phản ánh", times=2)
    await phone.sees("Mã HN-")
    await phone.sees("Kết quả kèm ảnh")
    assert "ngày làm việc" in phone.text()
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Tất cả 1")
    assert "Bản nháp" not in phone.text()


async def test_a_draft_is_found_again_when_the_app_was_closed(home: Home) -> None:
    """Nobody types it twice because a phone ran out of power."""
    _phone, device = await reporting(home)
    await kept(home, device, WORDS)
    again, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    await again.tap("Tiếp tục bản nháp")
    await again.sees("Xóa ảnh")
    assert WORDS in again.text()


async def test_what_was_typed_last_is_kept_when_leaving_at_once(home: Home) -> None:
    """The last words count, also when the resident closes the form in the same second."""
    phone, _device = await reporting(home)
    await phone.type(LABEL, WORDS + " Trời mưa không nhìn thấy.")
    await phone.tap("Đóng")
    await phone.sees("Trời mưa không nhìn thấy.")


async def test_a_draft_is_deleted_only_after_a_second_tap(home: Home) -> None:
    """One slip of the thumb must not lose a report."""
    phone, _device = await reporting(home)
    await phone.tap("Đóng")
    await phone.tap("Xóa bản nháp")
    await phone.sees("Xóa bản nháp này?")
    await phone.tap("Giữ lại")
    await phone.tap("Xóa bản nháp")
    await phone.tap("Xóa")
    await phone.sees_no("Bản nháp")


async def test_a_file_that_is_no_photo_is_not_kept_and_it_says_why(home: Home) -> None:
    """A broken file must not be found out by the officer."""
    phone, device = await home.signed_in(WHO, paths.NEW_SERVICE_REQUEST)
    device.files = [PickedFile("thư.jpg", b"not a picture"), photo()]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Không giữ lại. thư.jpg")
    assert "Xem to ảnh 1" in phone.text()
    assert "Xem to ảnh 2" not in phone.text()


async def test_a_removed_photo_can_be_brought_back(home: Home) -> None:
    """Removing is one tap, so it can be undone."""
    phone, _device = await reporting(home)
    await phone.tap("Xóa ảnh")
    await phone.sees_no("Xem to ảnh 1")
    await phone.tap("Hoàn tác")
    await phone.sees("Xem to ảnh 1")


async def test_continuing_says_what_is_missing(home: Home) -> None:
    """A button that only goes grey tells nobody what to do."""
    phone, _device = await home.signed_in(WHO, paths.NEW_SERVICE_REQUEST)
    await phone.type(LABEL, "Ổ gà")
    await phone.tap("Tiếp tục")
    await phone.sees("Viết thêm 6 ký tự")
    await phone.sees("Thêm một ảnh, hoặc chọn “Không có ảnh”.")
    await phone.type(LABEL, WORDS)
    await phone.tap("Không có ảnh")
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 2/3")
    await phone.tap("Tiếp tục")
    await phone.sees("Cho biết nơi xảy ra")
    await phone.sees("Chọn loại việc.")


async def test_a_ward_is_found_by_name_without_marks_when_the_place_is_refused(home: Home) -> None:
    """Reporting must not depend on giving one's place away."""
    phone, device = await reporting(home)
    device.place = None
    await phone.tap("Tiếp tục")
    await phone.tap("Dùng vị trí của tôi")
    await phone.sees("Chưa lấy được vị trí.")
    await phone.type("Tìm phường, xã theo tên", "hoan kiem")
    await phone.tap("Phường Hoàn Kiếm")
    await phone.sees("Thuộc phường Hoàn Kiếm")
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Tiếp tục")
    await phone.sees("Đặt ghim trên bản đồ, hoặc ghi số nhà")
    await phone.type("Số nhà, tên đường hoặc mốc dễ thấy", "Trước số 28 Hàng Trống")
    await phone.tap("Tiếp tục")
    await phone.sees("Trước số 28 Hàng Trống, phường Hoàn Kiếm")


async def test_the_pin_moves_without_a_pointer(home: Home) -> None:
    """Who uses a keyboard or a screen reader puts the pin too."""
    phone, device = await at_review(home)
    await phone.go(paths.NEW_SERVICE_REQUEST_PLACE)
    await phone.tap("Sửa vị trí")
    await phone.tap("Dời ghim lên phía bắc")
    await phone.tap("Tiếp tục")
    await phone.tap("Gửi phản ánh")
    await phone.sees("Mã HN-")
    [mine] = [one for one in await sent_by(home, device) if one.description == WORDS]
    assert mine.lat is not None
    assert round((mine.lat - HANG_TRONG.lat) * 111_320) == 20


async def test_a_place_outside_the_city_cannot_be_sent_and_says_whom_to_call(home: Home) -> None:
    """A report that nobody here may handle would only be lost."""
    phone, device = await reporting(home)
    device.place = HUE
    await phone.tap("Tiếp tục")
    await phone.tap("Dùng vị trí của tôi")
    await phone.sees("Nơi này ngoài Hà Nội.")
    assert "1022" in phone.text()
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Tiếp tục")
    await phone.sees("Chọn một nơi trong Hà Nội.")
    assert phone.route.startswith(paths.NEW_SERVICE_REQUEST_PLACE)


async def test_every_kind_is_found_by_searching(home: Home) -> None:
    """The list is long; nobody knows the city's word for it."""
    phone, _device = await reporting(home)
    await phone.tap("Tiếp tục")
    await phone.tap("Loại khác…")
    await phone.type("Tìm trong mọi loại việc", "cay xanh")
    await phone.tap("Cây xanh")
    await phone.sees_no("Tìm trong mọi loại việc")
    assert "Cây xanh" in phone.text()


async def test_an_answer_is_mended_from_the_last_step_and_leads_back_to_it(home: Home) -> None:
    """Changing one word must not mean going through every step again."""
    phone, _device = await at_review(home)
    await phone.tap("Sửa")
    await phone.sees("Bước 1/3")
    await phone.type(LABEL, "Ổ gà đã to hơn hôm qua rất nhiều.")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    assert "Ổ gà đã to hơn hôm qua rất nhiều." in phone.text()


async def test_without_a_network_a_report_waits_and_goes_out_once(home: Home) -> None:
    """The street has no signal where the hole is."""
    link = link_of(home)
    phone, _device = await at_review(home, NEWCOMER)
    link.cut = True
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.go(paths.NEW_SERVICE_REQUEST_REVIEW)
    await phone.sees("Phản ánh đã lưu, không mất.")
    await phone.tap("Lưu vào Chờ gửi")
    await phone.sees("Sẽ tự gửi khi có mạng, chỉ gửi một lần.")
    assert phone.route == paths.SERVICE_REQUESTS
    link.cut = False
    await phone.go(paths.OUTBOX)
    await phone.tap("Gửi ngay")
    await phone.sees("Không có gì đang chờ")
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Tất cả 1")


async def test_without_a_network_the_list_shows_its_saved_copy_and_when(home: Home) -> None:
    """Old news is fine when it says that it is old."""
    link = link_of(home)
    phone, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    await phone.sees("Tất cả 6")
    link.cut = True
    await phone.go(paths.HOME)
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Đang xem bản lưu lúc")
    assert "Tất cả 6" in phone.text()
    assert "Vẫn làm được khi mất mạng" in phone.text()


async def test_a_refused_report_says_which_answer_to_mend_and_is_kept(home: Home) -> None:
    """What the server refuses must not be lost, and must say what to change."""
    phone, _device = await at_review(home, NEWCOMER)
    await phone.tap("Sửa")
    await phone.type(LABEL, "Ổ gà sâu\x07 giữa đường, rất nguy hiểm.")
    await phone.tap("Tiếp tục")
    await phone.tap("Gửi phản ánh")
    await phone.sees("Chưa gửi được.")
    await phone.tap("Sửa")
    await phone.type(LABEL, WORDS)
    await phone.tap("Tiếp tục")
    await phone.tap("Gửi phản ánh")
    await phone.sees("Mã HN-")
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Tất cả 1")
    assert "Chưa gửi được" not in phone.text()


async def test_the_list_begins_with_what_needs_the_resident_and_can_be_filtered(
    home: Home,
) -> None:
    """With six reports one looks for the one that waits for oneself."""
    phone, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    await phone.sees("Tất cả 6")
    words = phone.text()
    places = ["Cầu Giấy", "Trúc Bạch", "Hàng Trống", "Cao Lỗ"]
    assert sorted(places, key=words.index) == places, "needs you, overdue, running, done"
    await phone.tap("Đã xử lý 2")
    await phone.sees_no("Cán bộ hỏi")


async def test_a_newcomer_is_invited_to_a_first_report(home: Home) -> None:
    """An empty list says what it is for."""
    phone, _device = await home.signed_in(NEWCOMER, paths.SERVICE_REQUESTS)
    await phone.sees("Chưa có phản ánh nào")
    await phone.tap("Gửi phản ánh đầu tiên")
    assert phone.route == paths.NEW_SERVICE_REQUEST


async def test_anothers_report_names_nobody_and_keeps_the_private_parts(home: Home) -> None:
    """Reading is for everybody; who wrote it, and what they were asked, is for its resident."""
    mine, device = await home.signed_in(WHO)
    [asked] = [one for one in await sent_by(home, device) if one.question]
    private = (str(asked.question), "Nội dung bạn đã gửi")
    await mine.go(paths.service_request(asked.service_request_id))
    for words in private:
        await mine.sees(words)
    other, _device = await home.signed_in(NEWCOMER, mine.route)
    await other.sees(asked.description)
    assert not [words for words in (*private, "Minh Anh") if words in other.text()]
    await other.go(paths.service_request("HN-0000-00000"))
    await other.sees("Không tìm thấy phản ánh này")


async def test_a_desktop_shows_the_list_and_the_report_side_by_side(home: Home) -> None:
    """On a large screen nobody goes back and forth."""
    phone, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    size = {"width": 1280.0, "height": 800.0}
    phone.session.apply_page_patch(size)
    await phone.session.dispatch_event(phone.page._i, "resize", size)
    await phone.sees("Chọn một mục ở bên trái")
    await phone.tap("Cán bộ hỏi")
    await phone.sees("Tạm dừng, chờ bạn trả lời")
    await phone.sees("Tất cả 6")
