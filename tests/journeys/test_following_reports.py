"""Following a report from its first hour to its rating, with the officer on the other side."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from PIL import Image

from app import paths
from app.entry import services_of
from services import Services
from services.device import Place
from services.photos import Photo
from services.service_requests import ServiceRequest, ServiceRequestDraft
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

WHO, NEWCOMER, OFFICER = "vu-khanh-linh", "tran-gia-huy", "hoang-duc-quan"
HANG_TRONG = Place(21.0301, 105.8501, 12.0)
HOLE = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."


def jpeg(color: str = "grey") -> bytes:
    """A picture as the app has prepared it."""
    file = io.BytesIO()
    Image.new("RGB", (400, 300), color).save(file, "JPEG")
    return file.getvalue()


@dataclass
class Case:
    """A resident's phone, their report, and the officer who has it on the desk."""

    home: Home
    phone: Phone
    device: DeviceTwin
    officer: Services
    report: ServiceRequest

    @property
    def id(self) -> str:
        return self.report.service_request_id

    async def revision(self) -> int:
        """The revision that the officer has before them."""
        return (await self.officer.desk.get(self.id)).request.revision

    async def proof(self) -> str:
        """A photo of the mended street, at the gateway."""
        return await self.officer.desk.upload(Photo(jpeg("black"), 400, 300))

    async def finished(self) -> None:
        """The officer accepts and closes it with proof."""
        await self.officer.desk.accept(self.id, await self.revision())
        media = [await self.proof()]
        await self.officer.desk.done(self.id, await self.revision(), "Đã vá xong.", media)


async def services_for(home: Home, who: str) -> Services:
    """The services of somebody who is signed in elsewhere."""
    _phone, device = await home.phone_of(who)
    await device.sign_in("/")
    return services_of(home.process, device.identity, keep_health_copies=True)


@pytest.fixture
async def case(home: Home) -> Case:
    """A report that was just sent, open on its resident's phone."""
    officer = await services_for(home, OFFICER)
    phone, device = await home.signed_in(WHO)
    resident = services_of(home.process, device.identity, keep_health_copies=True)
    draft = ServiceRequestDraft(
        service_code="pothole",
        description=HOLE,
        address="Trước số 28 Hàng Trống",
        ward_code="00070",
        lat=HANG_TRONG.lat,
        long=HANG_TRONG.long,
    )
    receipt = await resident.service_requests.submit(draft)
    assert receipt.service_request_id
    report = (await resident.service_requests.get(receipt.service_request_id)).value
    await phone.go(paths.service_request(report.service_request_id))
    await phone.sees("Kết quả kèm ảnh")
    return Case(home, phone, device, officer, report)


async def test_a_question_is_answered_and_the_open_screen_follows(case: Case) -> None:
    """The resident sees each step as it happens, and answers without leaving the report."""
    desk, phone = case.officer.desk, case.phone
    await desk.accept(case.id, await case.revision())
    await phone.sees("Vừa cập nhật: Đang xử lý")
    await desk.ask(case.id, await case.revision(), "Ở gần cột điện số mấy?")
    await phone.sees("Cán bộ hỏi: Ở gần cột điện số mấy?")
    await phone.sees("Tạm dừng, chờ bạn trả lời")
    await phone.tap("Trả lời")
    await phone.tap("Gửi câu trả lời")
    await phone.sees("Hãy viết câu trả lời trước.")
    await phone.type("Câu trả lời của bạn", "Cột số 7.")
    await phone.tap("Gửi câu trả lời")
    await phone.sees("Đã trả lời")
    await phone.sees("Đang xử lý")
    assert phone.route == paths.service_request(case.id)
    assert (await desk.get(case.id)).request.status_code == "in_progress"


async def test_an_answer_begun_is_found_again_and_a_change_does_not_lose_it(case: Case) -> None:
    """Nothing that was typed is lost, whatever the city does meanwhile."""
    desk, phone = case.officer.desk, case.phone
    await desk.ask(case.id, await case.revision(), "Cột số mấy?")
    await phone.tap("Trả lời")
    await phone.type("Câu trả lời của bạn", "Cột số 7, cạnh quán phở.")
    await desk.note(case.id, await case.revision(), "Chờ vật tư.")
    await phone.sees("Câu trả lời của bạn")
    await phone.tap("Quay lại")
    await phone.sees("Tiến trình")
    await phone.tap("Trả lời")
    await phone.sees("Cột số 7, cạnh quán phở.")


async def test_an_answer_without_a_network_waits_and_goes_once(case: Case) -> None:
    """The street has no signal; the answer must not need a second try by the resident."""
    desk, phone = case.officer.desk, case.phone
    await desk.ask(case.id, await case.revision(), "Cột số mấy?")
    await phone.tap("Trả lời")
    await phone.type("Câu trả lời của bạn", "Cột số 7.")
    link = link_of(case.home.process.http)
    link.cut = True
    await phone.tap("Gửi câu trả lời")
    await phone.sees("Trả lời: đang chờ gửi.")
    await phone.tap("Xem mục chờ gửi")
    await phone.sees("Chờ mạng")
    assert "Cột số 7." in phone.text()
    link.cut = False
    await phone.tap("Gửi ngay")
    await phone.sees("Không có gì đang chờ")
    entries = [one.act for one in await desk.updates(case.id)]
    assert entries.count("answer") == 1


async def test_a_waiting_answer_is_deleted_and_brought_back(case: Case) -> None:
    """Deleting is one tap, so it can be undone."""
    await case.officer.desk.ask(case.id, await case.revision(), "Cột số mấy?")
    await case.phone.tap("Trả lời")
    await case.phone.type("Câu trả lời của bạn", "Cột số 7.")
    link = link_of(case.home.process.http)
    link.cut = True
    await case.phone.tap("Gửi câu trả lời")
    await case.phone.tap("Xem mục chờ gửi")
    await case.phone.tap("Xóa")
    await case.phone.sees("Đã xóa: Trả lời.")
    await case.phone.sees("Không có gì đang chờ")
    await case.phone.tap("Hoàn tác")
    await case.phone.sees("Trả lời: Cột số 7.")


async def test_a_report_is_withdrawn_after_one_question(case: Case) -> None:
    """Who was wrong can say so, once, and sees what that means."""
    phone = case.phone
    await phone.tap("Rút phản ánh")
    await phone.tap("Đồng ý rút")
    await phone.sees("Bạn đã rút phản ánh này.")
    assert (await case.officer.desk.get(case.id)).request.status_code == "withdrawn"


async def test_a_refusal_says_why_and_how_to_object(case: Case) -> None:
    """A closed report must never be a dead end."""
    desk, phone = case.officer.desk, case.phone
    await desk.accept(case.id, await case.revision())
    await desk.reject(case.id, await case.revision(), "not-found", "Đã đến hai lần.")
    await phone.sees("Lý do đóng: Đã đến nơi nhưng không thấy sự việc như phản ánh.")
    await phone.sees("Nếu bạn không đồng ý:")
    await phone.tap("Chưa đúng? Mở lại phản ánh")
    await phone.tap("Mở lại phản ánh")
    await phone.sees("Nói rõ chỗ chưa được, hoặc thêm ảnh.")
    await phone.type("Còn hỏng thế nào?", "Hố vẫn còn, sâu hơn.")
    await phone.tap("Mở lại phản ánh")
    await phone.sees("Đã mở lại")


async def test_a_hand_over_stands_in_the_history_by_name(case: Case) -> None:
    """The resident sees who has it, and who had it."""
    desk, phone = case.officer.desk, case.phone
    other = next(
        one for one in (await desk.overview()).agencies if one.code != case.report.agency.code
    )
    await desk.transfer(case.id, await case.revision(), other.code, "other-owner", "Đất của họ.")
    await phone.sees(f"Không thuộc thẩm quyền, đã chuyển {other.name}.")
    await phone.sees(f"Đang ở: {other.name}")


async def test_the_result_is_rated_and_the_rating_can_be_changed(case: Case) -> None:
    """The city learns what its residents think of what it did."""
    await case.finished()
    phone = case.phone
    await phone.sees("Bạn thấy kết quả thế nào?")
    await phone.sees("Sau · ")
    await phone.tap("Gửi đánh giá")
    await phone.sees("Hãy chọn một trong ba mức trước.")
    await phone.tap("Chưa được")
    await phone.type("Bạn muốn nói thêm gì không?", "Vá chưa phẳng.")
    await phone.tap("Gửi đánh giá")
    await phone.sees("Bạn đánh giá: Chưa được. Vá chưa phẳng.")


async def test_messages_come_in_are_read_and_marked(case: Case) -> None:
    """The inbox says what happened, and the badge goes when it was read."""
    desk, phone = case.officer.desk, case.phone
    await desk.accept(case.id, await case.revision())
    await desk.ask(case.id, await case.revision(), "Cột số mấy?")
    await phone.go(paths.ME)
    await phone.sees("2 thư mới")
    await phone.go(paths.INBOX)
    await phone.sees("Hôm nay")
    await phone.sees("Cán bộ cần bạn trả lời")
    assert phone.text().count("Mới") == 2
    await phone.tap("Đánh dấu đã đọc tất cả")
    await phone.sees_no("Mới")
    await phone.tap("Hoàn tác")
    await phone.sees("Mới")
    await phone.tap("Cán bộ cần bạn trả lời")
    await phone.sees("Cán bộ hỏi: Cột số mấy?")
    await phone.go(paths.ME)
    await phone.sees("1 thư mới")
    await phone.go(paths.INBOX)
    await phone.tap("Đánh dấu đã đọc tất cả")
    await phone.go(paths.ME)
    await phone.sees("Không có thư mới")


async def test_what_needs_the_resident_is_counted_on_the_tab(case: Case) -> None:
    """A badge counts only what cannot go on without the resident."""
    await case.officer.desk.ask(case.id, await case.revision(), "Cột số mấy?")
    await case.phone.go(paths.SERVICE_REQUESTS)
    await case.phone.sees("Cán bộ hỏi: “Cột số mấy?”")
    await case.phone.sees("Cần bạn 1")


async def test_a_report_nearby_is_found_followed_and_let_go_again(case: Case) -> None:
    """Who sees the same hole follows the report there is, and can take it back."""
    other, device = await case.home.signed_in(NEWCOMER)
    await other.go(paths.NEARBY)
    device.place = HANG_TRONG
    await other.tap("Sửa vị trí")
    await other.tap("Dùng vị trí của tôi")
    await other.sees("Ổ gà, mặt đường hỏng, trước số 28 Hàng Trống")
    assert "Khánh Linh" not in other.text(), "names are hidden"
    await other.tap("Theo dõi")
    await other.sees("Bạn sẽ nhận tin của phản ánh này.")
    await other.tap("Hoàn tác")
    await other.sees_no("Bạn sẽ nhận tin của phản ánh này.")
    await other.tap("Theo dõi")
    await other.go(paths.SERVICE_REQUESTS)
    await other.choose("SegmentedButton", {"selected": ["followed"]})
    await other.sees("trước số 28 Hàng Trống")
    await case.officer.desk.accept(case.id, await case.revision())
    await other.go(paths.INBOX)
    await other.sees("Phản ánh đang được xử lý")


async def test_a_guest_looks_around_and_opens_the_public_page(case: Case) -> None:
    """Looking needs no account; the public page names nobody."""
    guest, device = await case.home.phone_of(NEWCOMER, paths.NEARBY)
    device.place = HANG_TRONG
    await guest.sees("Bạn muốn xem ở đâu?")
    await guest.tap("Dùng vị trí của tôi")
    await guest.tap("Tôi đồng ý")
    await guest.tap("trước số 28 Hàng Trống")
    assert device.opened == [f"http://127.0.0.1:8550/api/reports/public/{case.id}"], (
        "a guest gets the page that opens without sign-in"
    )
    assert "Theo dõi" not in guest.text()


async def test_the_public_page_is_shared_by_its_address(case: Case) -> None:
    """What is shared opens for everybody and shows no name."""
    await case.phone.tap("Chia sẻ trang công khai")
    await case.phone.sees("Đã chép địa chỉ.")
    assert case.device.shared == [f"http://127.0.0.1:8550/api/reports/public/{case.id}"]


async def test_the_map_shows_the_same_reports_as_the_list(case: Case) -> None:
    """The map is a second way in, not a second truth."""
    other, device = await case.home.signed_in(NEWCOMER)
    await other.go(paths.NEARBY)
    device.place = HANG_TRONG
    await other.tap("Sửa vị trí")
    await other.tap("Dùng vị trí của tôi")
    await other.sees("trước số 28 Hàng Trống")
    await other.tap("Bản đồ")
    await other.sees("Chạm vào một dấu để xem phản ánh.")
    await other.tap("Đã gửi: Ổ gà, mặt đường hỏng, trước số 28 Hàng Trống")
    await other.sees_no("Chạm vào một dấu để xem phản ánh.")
    await other.sees("cách ")
