"""What others have reported already, and what one has just sent: followed instead, corrected in time."""

from __future__ import annotations

from app import paths
from services.device import Place
from services.service_requests import ServiceRequest
from tests.journeys.conftest import Home
from tests.journeys.test_reporting import HOLE, WHO, drafts_of
from tests.journeys.test_reporting_place import at_place
from tests.support.device import DeviceTwin
from tests.support.phone import Phone
from tests.views.test_service_requests import sent_by

THE_HOLE = Place(21.03021, 105.84962, 8.0)
"""Where the sandbox has two potholes, reported by two residents."""
ELSEWHERE = Place(21.0345, 105.8520, 8.0)


async def sent(home: Home) -> tuple[Phone, DeviceTwin, ServiceRequest]:
    """A newcomer who has just sent a report, looking at it."""
    phone, device = await at_place(home, ELSEWHERE)
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Tiếp tục")
    await phone.tap("Gửi phản ánh")
    await phone.sees("Mã HN-")
    [mine] = await sent_by(home, device)
    return phone, device, mine


async def test_a_similar_report_is_followed_instead_of_sent_again(home: Home) -> None:
    """Ten reports of one hole help nobody; ten followers show how much it matters."""
    phone, device = await at_place(home, THE_HOLE)
    assert "phản ánh giống" not in phone.text()
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.sees("Có 2 phản ánh giống, cách đây ")
    await phone.sees("Việc của tôi khác, tiếp tục")
    await phone.tap("Theo dõi việc này")
    await phone.sees("Bạn đang theo dõi việc này.")
    assert [one.description for one in await drafts_of(home, device)] == [HOLE], "nothing is lost"
    await phone.tap("Xóa bản nháp của tôi")
    await phone.sees("Theo dõi")
    assert await drafts_of(home, device) == []


async def test_another_thing_close_by_is_sent_all_the_same(home: Home) -> None:
    """Only the resident knows whether it is the same hole."""
    phone, _device = await at_place(home, THE_HOLE)
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Việc của tôi khác, tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    await phone.tap("Gửi phản ánh")
    await phone.sees("Mã HN-")


async def test_looking_at_a_similar_report_keeps_the_draft(home: Home) -> None:
    """To judge it one has to see it, and then go on."""
    phone, device = await at_place(home, THE_HOLE)
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Xem")
    await phone.sees("Mã HN-")
    assert [one.service_code for one in await drafts_of(home, device)] == ["pothole"]


async def test_a_report_is_corrected_in_the_minutes_after_sending(home: Home) -> None:
    """The slip of the thumb is seen when it is too late; here it is not."""
    phone, device, mine = await sent(home)
    await phone.go(paths.correct(mine.service_request_id))
    await phone.sees("Còn 15 phút để sửa.")
    await phone.tap("Lưu sửa đổi")
    await phone.sees("Chưa có gì khác với nội dung đã gửi.")
    await phone.type("Chuyện gì đang xảy ra?", "Ngắn")
    await phone.tap("Lưu sửa đổi")
    await phone.sees("Viết thêm 6 ký tự")
    await phone.type("Chuyện gì đang xảy ra?", HOLE + " Rất sâu.")
    await phone.tap("Sửa vị trí")
    await phone.tap("Dời ghim lên phía bắc")
    await phone.choose("Switch", {"value": True})
    await phone.tap("Lưu sửa đổi")
    await phone.sees("Mã HN-")
    [now] = await sent_by(home, device)
    assert now.description == HOLE + " Rất sâu."
    assert now.hide_name
    assert now.lat is not None
    assert mine.lat is not None
    assert round((now.lat - mine.lat) * 111_320) == 20


async def test_what_was_typed_into_a_correction_is_found_again(home: Home) -> None:
    """A phone call in between must not cost the words."""
    phone, _device, mine = await sent(home)
    address = paths.correct(mine.service_request_id)
    await phone.go(address)
    await phone.type("Chuyện gì đang xảy ra?", HOLE + " Rất sâu.")
    await phone.sees("Đã lưu nháp lúc")
    await phone.go(paths.HOME)
    await phone.go(address)
    await phone.sees(HOLE + " Rất sâu.")


async def test_after_the_time_a_correction_says_what_to_do_instead(home: Home) -> None:
    """An officer is on the way already."""
    phone, device = await home.signed_in(WHO)
    [old, *_others] = [one for one in await sent_by(home, device) if "correct" not in one.acts]
    await phone.go(paths.correct(old.service_request_id))
    await phone.sees("Đã hết thời gian sửa phản ánh này")
    await phone.sees("1022")
    await phone.tap("Về phản ánh")
    assert phone.route == paths.service_request(old.service_request_id)


async def test_nobody_corrects_anothers_report(home: Home) -> None:
    """Neither its words nor the way to change them may be had by its code."""
    _phone, _device, mine = await sent(home)
    other, _device = await home.signed_in(WHO, paths.correct(mine.service_request_id))
    await other.sees_no("Còn 15 phút để sửa.")
    assert "Lưu sửa đổi" not in other.text()
