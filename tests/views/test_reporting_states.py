"""Every state of making a report, drawn from values in every look."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import flet as ft
import pytest
from PIL import Image

from app.hooks import Action, Failed, Ready
from services.errors import FieldError, GatewayUnavailable, Rejected
from services.photos import Photo
from services.service_definitions import Attribute, AttributeValue, join_keys
from services.service_requests import (
    Service,
    ServiceDefinition,
    ServiceRequest,
    ServiceRequestDraft,
    Similar,
)
from services.wards import Ward
from tests.journeys.conftest import Home, home, prepared
from tests.support.drawing import Drawing
from views.components.drafting import Drafting as KeptDraft
from views.components.drafting import Slate
from views.service_requests.answers import Answers
from views.service_requests.correct import CorrectForm, correction_of, draft_of, minutes_left
from views.service_requests.doors import DoorHint, OutsideNote
from views.service_requests.drafting import Drafting
from views.service_requests.photo_picker import PhotoPicker
from views.service_requests.photos import Photos
from views.service_requests.place import Place
from views.service_requests.place_map import Pin
from views.service_requests.place_picker import PlaceEditor, PlaceSummary
from views.service_requests.questions import Questions
from views.service_requests.sending import OnceLine, Refusal, WithoutPhotos, wrong_rows
from views.service_requests.similar import SimilarReports, show_distance

__all__ = ["home", "prepared"]

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {},
    "phone, 200 %, dark": {"text_scale": 2.0, "theme": "dark"},
    "desktop, dark": {"width": 1280.0, "theme": "dark"},
    "English": {"language": "en"},
}
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."
WARD = Ward("00070", "Hoàn Kiếm", "Phường", 21.03257, 105.84971, 1.91)
PIN = Pin(21.0301, 105.8501, 12.0)
NOW = datetime(2026, 10, 14, 3, tzinfo=UTC)


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(file, "JPEG")
    return file.getvalue()


PHOTO = Photo(_jpeg(), 40, 30, (PIN.lat, PIN.long), "Ổ gà đọng nước")
DRAFT = ServiceRequestDraft(
    service_code="pothole",
    description=WORDS,
    address="Trước số 28 Hàng Trống",
    ward_code="00070",
    lat=PIN.lat,
    long=PIN.long,
    photos=(PHOTO, PHOTO),
    attributes={"lane": "in", "risk": join_keys(("m", "w")), "since": "2026-10-14T07:30+07:00"},
)
LANE = (AttributeValue("in", "Làn trong"), AttributeValue("out", "Làn ngoài"))
RISK = (AttributeValue("m", "Xe máy"), AttributeValue("w", "Người đi bộ"))
DEFINITION = ServiceDefinition(
    "pothole",
    (
        Attribute("about", "Ảnh chụp gần giúp xử lý nhanh.", variable=False),
        Attribute("size", "Rộng bao nhiêu mét?", "number", required=True),
        Attribute("since", "Thấy từ khi nào?", "datetime"),
        Attribute("lane", "Ở làn nào?", "singlevaluelist", required=True, values=LANE),
        Attribute("risk", "Nguy hiểm cho ai?", "multivaluelist", values=RISK),
    ),
)


async def _nothing() -> None:
    """What a button of these drawings does."""


IDLE = Action(_nothing, False, None)


def drafting(draft: ServiceRequestDraft = DRAFT) -> Drafting:
    """A draft that nothing changes."""
    return KeptDraft(draft, Slate(draft, draft), lambda **_fields: None, IDLE, NOW)


def photos(**changes: Any) -> Photos:
    """Two photos, nothing under way."""
    from views.components.taking import Taking

    async def take(_limit: int) -> list[Photo]:
        return []

    taking = changes.pop("taking", {})
    values: dict[str, Any] = {
        "kept": (PHOTO, PHOTO),
        "most": 5,
        "chosen": 0,
        "choose": lambda _n: None,
        "add": IDLE,
        "replace": IDLE,
        "describe": lambda _words: None,
        "move": lambda _by: None,
        "remove": lambda: None,
        "undo": None,
        "declined": False,
        "decline": lambda: None,
        "taking": Taking(
            **{"take": take, "done": 0, "total": 0, "refusals": (), "denied": False} | taking
        ),
    }
    return Photos(**values | changes)


def place(**changes: Any) -> Place:
    """The pin in Hàng Trống."""
    values: dict[str, Any] = {
        "pin": PIN,
        "ward": WARD,
        "near": (WARD, replace(WARD, code="00082", name="Cửa Nam")),
        "outside": False,
        "put": lambda _pin, _from: None,
        "choose_ward": lambda _ward: None,
        "find": IDLE,
        "refused": False,
    }
    return Place(**values | changes)


def request(**changes: Any) -> ServiceRequest:
    """An open report of the neighbourhood."""
    values: dict[str, Any] = {
        "service_request_id": "HN-2610-04817",
        "status": "open",
        "status_code": "in_progress",
        "service_name": "Ổ gà, mặt đường hỏng",
        "description": WORDS,
        "address": "Trước số 30 Hàng Trống",
        "ward_code": "00070",
        "lat": PIN.lat,
        "long": PIN.long,
        "followers": 12,
        "acts": ("correct",),
        "act_until": {"correct": NOW + timedelta(minutes=15)},
    }
    return ServiceRequest(**values | changes)


def similar(**changes: Any) -> tuple[Similar, ...]:
    """One report 15 m away, two days old."""
    return (Similar(request(**changes), 15.0, 2),)


def answers(wrong: dict[str, str]) -> ft.Control:
    kind = Service("pothole", "Ổ gà, mặt đường hỏng")
    return Answers(drafting(), kind, WARD, Ready(DEFINITION), wrong)


REFUSED = Rejected(
    "invalid",
    field_errors=(FieldError("description", "too_short"), FieldError("attribute[size]", "missing")),
)
STATES: dict[str, tuple[Callable[[], ft.Control], tuple[str, ...]]] = {
    "no photo yet": (lambda: PhotoPicker(photos(kept=())), ("Chụp hoặc chọn ảnh", "Không có ảnh")),
    "two photos": (
        lambda: PhotoPicker(photos()),
        ("Thay ảnh", "Chuyển ảnh ra sau", "Ảnh chụp gì (không bắt buộc)"),
    ),
    "preparing": (
        lambda: PhotoPicker(photos(taking={"done": 1, "total": 3})),
        ("Đang chuẩn bị ảnh 2/3…",),
    ),
    "refused photos": (
        lambda: PhotoPicker(photos(taking={"refusals": ("thư.jpg: không đọc được",)})),
        ("Không giữ lại. thư.jpg: không đọc được",),
    ),
    "no camera": (
        lambda: PhotoPicker(photos(kept=(), taking={"denied": True})),
        ("Chưa được dùng máy ảnh. Chọn ảnh có sẵn hoặc bật trong cài đặt.", "Chọn ảnh"),
    ),
    "a place": (
        lambda: PlaceSummary(place(), DRAFT.address, False, lambda: None),
        ("Thuộc phường Hoàn Kiếm", "Sai số khoảng 12 m"),
    ),
    "every way to say where": (
        lambda: PlaceEditor(place(), drafting()),
        ("Dùng vị trí của tôi", "Dùng nơi trong ảnh", "Phường Cửa Nam", "Dời ghim, mỗi lần:"),
    ),
    "place refused": (
        lambda: PlaceEditor(place(pin=None, near=(), refused=True), drafting()),
        ("Chưa lấy được vị trí.",),
    ),
    "outside": (OutsideNote, ("Nơi này ngoài Hà Nội.", "Gọi 1022")),
    "danger": (lambda: DoorHint("Có đám cháy lớn"), ("Gọi 114",)),
    "a complaint": (
        lambda: DoorHint("Tôi muốn khiếu nại"),
        ("Việc này có thể không phải phản ánh.",),
    ),
    "one that is alike": (
        lambda: SimilarReports(similar(), drafting()),
        ("Có 1 phản ánh giống, cách đây 15 m", "15 m · 2 ngày trước", "12 người theo dõi"),
    ),
    "one that is followed": (
        lambda: SimilarReports(similar(following=True), drafting()),
        ("Bạn đang theo dõi việc này.", "Xóa bản nháp của tôi"),
    ),
    "questions": (
        lambda: Questions(drafting(), Ready(DEFINITION), True),
        ("Ảnh chụp gần giúp xử lý nhanh.", "Bạn điền mục này nhé.", "07:30", "14/10/2026"),
    ),
    "questions that did not come": (
        lambda: Questions(drafting(), Failed(GatewayUnavailable(), lambda: None), False),
        ("Chưa tải được câu hỏi của thành phố.",),
    ),
    "all answers": (
        lambda: answers({}),
        ("Trước số 28 Hàng Trống, phường Hoàn Kiếm", "Xe máy, Người đi bộ", "Đã xóa tin ẩn"),
    ),
    "refused rows": (
        lambda: answers(wrong_rows(REFUSED)),
        ("Bạn viết thêm một chút.", "Bạn điền mục này nhé."),
    ),
    "refused": (lambda: Refusal(REFUSED), ("Chưa gửi được.",)),
    "no room": (lambda: WithoutPhotos(drafting()), ("Máy không còn chỗ cho ảnh.",)),
    "offline": (OnceLine, ("Sẽ tự gửi khi có mạng, chỉ gửi một lần.",)),
    "a correction": (
        lambda: CorrectForm(request(), draft_of(request()), 12),
        ("Còn 12 phút để sửa.", "Lưu sửa đổi"),
    ),
}


@pytest.mark.parametrize("look", LOOKS, ids=list(LOOKS))
async def test_every_state_of_reporting_is_drawn_in_every_look(home: Home, look: str) -> None:
    """Whoever reads large letters, in the dark or in English is told the same."""
    for draw, words in STATES.values():
        drawing = Drawing(home.process, **LOOKS[look])
        phone = await drawing.show(draw)
        for said in words if look != "English" else ():
            await phone.sees(said)
        await phone.close()


def test_a_correction_sends_only_what_is_different() -> None:
    """What was not touched must not be overwritten."""
    sent = request()
    assert correction_of(sent, draft_of(sent)).to_json() == {}
    moved = replace(draft_of(sent), lat=21.03, description=WORDS + " Rất sâu.", hide_name=True)
    assert correction_of(sent, moved).to_json() == {
        "description": WORDS + " Rất sâu.",
        "lat": 21.03,
        "long": PIN.long,
        "hide_name": True,
    }


@pytest.mark.parametrize(
    ("after", "left"), [(0, 15), (60, 14), (14 * 60 + 1, 1), (15 * 60, 0), (3600, 0)]
)
def test_the_time_left_to_correct_counts_down_to_nothing(after: int, left: int) -> None:
    """A minute that is shown is a minute that is there."""
    assert minutes_left(request(), NOW + timedelta(seconds=after)) == left


def test_what_may_not_be_corrected_has_no_time_left() -> None:
    """The gateway says what may be done, the app does not guess."""
    assert minutes_left(request(acts=()), NOW) == 0
    assert minutes_left(request(act_until={}), NOW) == 0


@pytest.mark.parametrize(("metres", "words"), [(15.4, "15 m"), (999, "999 m"), (1234, "1,2 km")])
def test_a_distance_reads_as_people_say_it(metres: float, words: str) -> None:
    """A comma is the decimal mark here."""
    assert show_distance(metres) == words
