"""Every state a report can be in, drawn from values: words, sizes, colours, acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import flet as ft
import pytest

from app.text import HANOI
from services.report_parts import Agency, Overdue, Rating, Reason
from services.service_requests import Media, ServiceRequest
from tests.journeys.conftest import Home, home, prepared
from tests.support.drawing import Drawing
from tests.support.phone import Phone
from views.components.pressing import arranged
from views.service_requests.detail import Detail, main_act, use_around
from views.service_requests.gallery import said_of
from views.service_requests.photo_pair import pair_of

__all__ = ["home", "prepared"]

CODE = "HN-2610-04817"
SENT = datetime(2026, 10, 12, 9, 12, tzinfo=HANOI)
BEFORE = Media("/api/media/1.jpg", None, "Ổ gà đọng nước", "before", "1")
AFTER = Media("/api/media/2.jpg", None, "Mặt đường đã vá", "after", "2")


def report(code: str, **changes: Any) -> ServiceRequest:
    """A report of one's own in a state."""
    closed = code in ("done", "rejected", "withdrawn", "merged")
    fields: dict[str, Any] = {
        "service_request_id": CODE,
        "status": "closed" if closed else "open",
        "status_code": code,
        "service_name": "Ổ gà",
        "address": "Trước số 28 Hàng Trống",
        "ward_name": "Phường Hoàn Kiếm",
        "description": "Ổ gà sâu giữa đường.",
        "requested_datetime": SENT,
        "updated_datetime": SENT + timedelta(days=2),
        "mine": True,
        "revision": 3,
        "agency": Agency("HK", "UBND phường Hoàn Kiếm"),
        "lat": 21.03,
        "long": 105.85,
        "media": (BEFORE,),
    }
    return ServiceRequest(**fields | changes)


LONG_PAST = {"expected_datetime": datetime(2026, 1, 5, 17, 0, tzinfo=HANOI)}
STATES: dict[str, tuple[ServiceRequest, tuple[str, ...]]] = {
    "waiting": (
        report("waiting", acts=("withdraw", "correct"), act_until={"correct": SENT}),
        ("Đã gửi", "Sửa nội dung đã gửi", "Đến 09:12", "Rút phản ánh"),
    ),
    "in progress": (report("in_progress"), ("Đang xử lý", "Đang ở: UBND phường Hoàn Kiếm")),
    "asked": (
        report("needs_resident", question="Ở cột số mấy?", acts=("answer",), paused_since=SENT),
        ("Cần bạn bổ sung", "Cán bộ hỏi: Ở cột số mấy?", "Trả lời"),
    ),
    "asked, with a deadline": (
        report(
            "needs_resident",
            question="Ở cột số mấy?",
            acts=("answer",),
            paused_since=SENT,
            expected_datetime=SENT + timedelta(days=7),
        ),
        ("Tạm dừng, chờ bạn trả lời", "Thời hạn dừng từ 09:12, 12/10/2026."),
    ),
    "late, with a reason": (
        report("in_progress", overdue=Overdue(3, "Mưa kéo dài."), escalation=1, **LONG_PAST),
        ("Quá hạn 3 ngày làm việc", "Lý do trễ: Mưa kéo dài.", "Đã báo lên 1 cấp vì chậm."),
    ),
    "late, without a reason": (
        report("in_progress", overdue=Overdue(1), **LONG_PAST),
        ("Quá hạn 1 ngày làm việc", "đơn vị chưa nêu lý do"),
    ),
    "transferred": (
        report("transferred", status_notes="Đất của ga."),
        ("Không thuộc thẩm quyền, đã chuyển UBND phường Hoàn Kiếm.", "Đất của ga."),
    ),
    "rejected": (
        report(
            "rejected",
            reason=Reason("not_public", "Đất của một hộ.", "Gửi khiếu nại đến UBND phường."),
            status_notes="Ngõ này không phải đường chung.",
            acts=("reopen",),
            act_until={"reopen": SENT + timedelta(days=7)},
        ),
        (
            "Lý do đóng: Đất của một hộ. Ngõ này không phải đường chung.",
            "Nếu bạn không đồng ý: Gửi khiếu nại đến UBND phường.",
            "Chưa đúng? Mở lại phản ánh",
            "Mở lại được đến hết 19/10/2026",
        ),
    ),
    "done": (
        report("done", media=(BEFORE, AFTER), acts=("rate", "reopen"), status_notes="Đã vá xong."),
        ("Xong 09:12, 14/10", "Đã vá xong.", "Bạn thấy kết quả thế nào?", "Vẫn hỏng? Mở lại"),
    ),
    "done without a photo": (report("done"), ("Đơn vị chưa gửi ảnh sau.",)),
    "rated": (
        report("done", rating=Rating("acceptable", "Hơi lâu."), acts=("rate",)),
        ("Bạn đánh giá: Tạm được. Hơi lâu.", "Sửa đánh giá"),
    ),
    "reopened": (report("reopened"), ("Đã mở lại",)),
    "withdrawn": (report("withdrawn"), ("Đã rút", "Bạn đã rút phản ánh này.")),
    "merged": (
        report("merged", merged_into="HN-2610-00001"),
        ("Đã gộp với phản ánh khác", "Mở phản ánh HN-2610-00001 đang tiếp tục"),
    ),
    "parted": (
        report("in_progress", split_into=("HN-2610-00002", "HN-2610-00003")),
        ("Phần được tách: phản ánh HN-2610-00002", "Phần được tách: phản ánh HN-2610-00003"),
    ),
    "a part": (
        report("waiting", split_from="HN-2610-00009"),
        ("Tách từ phản ánh HN-2610-00009",),
    ),
}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {},
    "phone, 200 %, dark": {"text_scale": 2.0, "theme": "dark"},
    "desktop, dark": {"width": 1280.0, "theme": "dark"},
    "desktop, 200 %": {"width": 1280.0, "text_scale": 2.0},
    "English": {"language": "en"},
}


@ft.component
def _Case(request: ServiceRequest, panes: bool) -> ft.Control:
    around = use_around(request.service_request_id)
    act = None if panes else main_act(request, around)
    return ft.Column([Detail(request, around, panes), *([act] if act else [])])


@pytest.mark.parametrize("look", LOOKS, ids=list(LOOKS))
async def test_every_state_is_drawn_in_every_look(home: Home, look: str) -> None:
    """A resident of any sight and any language is told where things stand, in each state."""
    for request, words in STATES.values():
        drawing = Drawing(home.process, **LOOKS[look])
        phone = await drawing.show(lambda: _Case(request, drawing.session.look.expanded))  # noqa: B023
        assert CODE in phone.text()
        for said in words if look != "English" else ():
            await phone.sees(said)
        await phone.close()


async def test_a_city_without_our_extension_shows_no_extras(home: Home) -> None:
    """What that city cannot do is not offered."""
    plain = replace(report("in_progress"), mine=False, agency=Agency(), revision=0)
    drawing = Drawing(home.process)
    drawing.services.service_requests.extended = False
    phone = await drawing.show(lambda: _Case(plain, False))
    for extra in ("Theo dõi", "Chia sẻ trang công khai", "Rút phản ánh", "Trả lời"):
        assert extra not in phone.text()


async def test_a_change_is_said_once_and_politely(home: Home) -> None:
    """Who listens to the screen hears of the change, and not of every redraw."""
    drawing = Drawing(home.process)
    shown = [report("waiting")]

    @ft.component
    def moving() -> ft.Control:
        _turn, set_turn = ft.use_state(0)
        drawing.session.unread = 0
        moves.append(set_turn)
        return _Case(shown[0], False)

    moves: list[Any] = []
    phone = await drawing.show(moving)
    assert "Vừa cập nhật:" not in phone.text()
    shown[0] = replace(shown[0], status_code="in_progress", revision=4)
    moves[-1](1)
    await phone.sees("Vừa cập nhật: Đang xử lý")
    live = [node for node in phone.visible() if node.get("live_region")]
    assert sum("Vừa cập nhật:" in str(node) for node in live) == 1
    moves[-1](2)
    await phone.settle()
    assert phone.text().count("Vừa cập nhật: Đang xử lý") == 1


async def test_a_rating_asks_for_a_choice_first(home: Home) -> None:
    """Nothing is chosen for the resident."""
    request, _words = STATES["done"]
    drawing = Drawing(home.process, width=1280.0)
    phone = await drawing.show(lambda: _Case(request, True))
    await phone.tap("Gửi đánh giá")
    await phone.sees("Hãy chọn một trong ba mức trước.")
    await phone.tap("Chưa được")
    await phone.sees_no("Hãy chọn một trong ba mức trước.")
    await phone.sees("Bạn muốn nói thêm gì không?")


async def test_withdrawing_asks_once_and_says_what_happens(home: Home) -> None:
    """It cannot be undone, so it is not one slip of the thumb away."""
    request, _words = STATES["waiting"]
    drawing = Drawing(home.process)
    phone = await drawing.show(lambda: _Case(request, False))
    await phone.tap("Rút phản ánh")
    await phone.sees("Sẽ không ai xử lý nữa và không lấy lại được.")
    await phone.tap("Giữ phản ánh")
    await phone.sees_no("Sẽ không ai xử lý nữa")


async def test_the_photo_pair_is_swiped_through_large(home: Home) -> None:
    """Before and after have to be compared, also by who cannot see the pictures."""
    request, _words = STATES["done"]
    drawing = Drawing(home.process)
    phone = await drawing.show(lambda: _Case(request, False))
    opened = _gallery_of(phone)
    assert opened is None
    pair = pair_of(request)
    assert [one.description for one in pair.photos] == ["Ổ gà đọng nước", "Mặt đường đã vá"]
    assert said_of(AFTER, 1, 2) == "Ảnh sau: Mặt đường đã vá"


def _gallery_of(phone: Phone) -> Any:
    return next((node for node in phone.visible() if node["_c"] == "PageView"), None)


def test_the_reports_that_press_most_come_first() -> None:
    """Needs you, then overdue, then the nearest deadline, then the newest."""
    soon = {"expected_datetime": datetime(2099, 1, 5, 17, 0, tzinfo=HANOI)}
    later = {"expected_datetime": datetime(2099, 2, 5, 17, 0, tzinfo=HANOI)}
    requests = [
        report("done", service_request_id="done"),
        report("in_progress", service_request_id="later", **later),
        report("in_progress", service_request_id="late", **LONG_PAST),
        report("in_progress", service_request_id="soon", **soon),
        report("needs_resident", service_request_id="asked", **soon),
    ]
    order = [one.service_request_id for one in arranged(requests, SENT + timedelta(days=9))]
    assert order == ["asked", "late", "soon", "later", "done"]
