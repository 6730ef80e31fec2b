"""Where a report is, and what the city asks about it: boundaries, a geocoder, questions of all types."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx

from app import paths
from app.state import Contacts
from services.boundaries import BoundarySource
from services.device import Place
from tests.journeys.conftest import Home
from tests.journeys.test_reporting import HOLE, LABEL, NEWCOMER, drafts_of
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

HANG_TRONG = Place(21.0301, 105.8501, 12.0)
HUE = Place(16.4637, 107.5909, 12.0)
QUESTIONS = [
    ("size", "Rộng bao nhiêu mét?", "number", True, []),
    ("marks", "Cột đèn số mấy?", "string", False, []),
    ("more", "Kể thêm", "text", False, []),
    ("since", "Thấy từ khi nào?", "datetime", True, []),
    ("lane", "Ở làn nào?", "singlevaluelist", True, [("in", "Làn trong"), ("out", "Làn ngoài")]),
    ("risk", "Nguy hiểm cho ai?", "multivaluelist", False, [("m", "Xe máy"), ("w", "Người đi bộ")]),
]


class AskingCity(httpx.AsyncBaseTransport):
    """The real city, but for the definition of one service, which asks a question of every type.

    What was sent is kept as its form, and answered as a city does.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.forms: list[dict[str, list[str]]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/services/pothole.json"):
            attributes = [
                {
                    "code": code,
                    "description": words,
                    "datatype": kind,
                    "required": str(required).lower(),
                    "variable": "true",
                    "order": str(order),
                    "values": [{"key": key, "name": name} for key, name in values],
                }
                for order, (code, words, kind, required, values) in enumerate(QUESTIONS)
            ]
            body = {"service_code": "pothole", "attributes": attributes}
            return httpx.Response(200, json=body, request=request)
        if request.method == "POST" and request.url.path.endswith("/requests.json"):
            self.forms.append(parse_qs((await request.aread()).decode()))
            answer = [{"service_request_id": "HN-1", "service_notice": ""}]
            return httpx.Response(201, json=answer, request=request)
        return await self.inner.handle_async_request(request)


async def at_place(
    home: Home, place: Place | None = HANG_TRONG, words: str = HOLE
) -> tuple[Phone, DeviceTwin]:
    """A newcomer at the second step, without photos, their place known to the device."""
    phone, device = await home.signed_in(NEWCOMER, paths.NEW_SERVICE_REQUEST)
    device.place = place
    await phone.type(LABEL, words)
    await phone.tap("Không có ảnh")
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 2/3")
    if place is not None:
        await phone.tap("Dùng vị trí của tôi")
    return phone, device


def with_process(home: Home, **changes: Any) -> Home:
    """The same city, reached by an app whose profile says something else."""
    home.process = replace(home.process, **changes)
    return home


def bounded(home: Home, tmp_path: Path) -> Home:
    """A profile with boundaries: one square around Hàng Trống, which belongs to Cửa Nam there."""
    corners = [[105.84, 21.02], [105.86, 21.02], [105.86, 21.04], [105.84, 21.04], [105.84, 21.02]]
    path = tmp_path / "bounds.json"
    path.write_text(json.dumps([{"c": "00082", "p": [corners]}]), encoding="utf-8")
    process = home.process
    source = BoundarySource(str(path), process.http, process.clock, tmp_path / "cache.json")
    return with_process(home, boundaries=source)


def geocoded(home: Home, answer: Callable[[httpx.Request], httpx.Response]) -> Home:
    """A profile with a geocoder that answers so."""
    config = replace(home.process.config, geocoder="https://geocoder.example.org")
    outside = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return with_process(home, config=config, outside=outside)


async def test_the_boundaries_tell_the_ward_and_nothing_is_left_to_choose(
    home: Home, tmp_path: Path
) -> None:
    """With boundaries nobody has to know which of three wards their street lies in."""
    phone, device = await at_place(bounded(home, tmp_path))
    await phone.sees("Thuộc phường Cửa Nam")
    await phone.sees("Sai số khoảng 12 m")
    assert "Ghim nằm ở một trong các nơi này." not in phone.text()
    await phone.sees("Đã lưu nháp lúc")
    await phone.go(paths.SERVICE_REQUESTS)
    [draft] = await drafts_of(home, device)
    assert (draft.ward_code, draft.place_from, draft.accuracy) == ("00082", "device", 12.0)


async def test_without_boundaries_three_wards_are_offered(home: Home) -> None:
    """The likeliest is chosen, and a neighbour is one tap away."""
    phone, _device = await at_place(home)
    await phone.sees("Thuộc phường Hoàn Kiếm")
    await phone.sees("Ghim nằm ở một trong các nơi này.")
    await phone.tap("Phường Cửa Nam")
    await phone.sees("Thuộc phường Cửa Nam")


async def test_a_place_outside_names_the_numbers_of_the_profile(home: Home) -> None:
    """A hole in the next province is somebody's too."""
    contacts = Contacts(hotline="1000", neighbours=(("Tỉnh Bên", "1001"),))
    config = replace(home.process.config, contacts=contacts)
    phone, device = await at_place(with_process(home, config=config), HUE)
    await phone.sees("Nơi này ngoài Hà Nội.")
    await phone.tap("Gọi 1001")
    await phone.tap("Gọi 1000")
    assert device.opened == ["tel:1001", "tel:1000"]


async def test_a_typed_address_is_looked_up_only_when_asked(home: Home) -> None:
    """What is typed leaves the app for a geocoder only on the resident's tap."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("q", request.url.path))
        place = {"display_name": "28 Hàng Trống, Hoàn Kiếm", "lat": "21.0301", "lon": "105.8501"}
        return httpx.Response(200, json=[place] if request.url.path == "/search" else place)

    phone, _device = await at_place(geocoded(home, answer), None)
    await phone.type("Số nhà, tên đường hoặc mốc dễ thấy", "28 hang trong")
    assert asked == []
    await phone.tap("Tìm địa chỉ này")
    await phone.sees("© OpenStreetMap")
    await phone.tap("28 Hàng Trống, Hoàn Kiếm")
    await phone.sees("Thuộc phường Hoàn Kiếm")
    assert asked == ["28 hang trong"]
    await phone.tap("Địa chỉ tại ghim")
    await phone.sees("© OpenStreetMap")
    assert asked[1:] == ["/reverse"]


async def test_a_geocoder_that_fails_leaves_the_ward_list(home: Home) -> None:
    """Somebody else's outage must not stop a report."""
    phone, _device = await at_place(geocoded(home, lambda _request: httpx.Response(503)), None)
    await phone.type("Số nhà, tên đường hoặc mốc dễ thấy", "28 hang trong")
    await phone.tap("Tìm địa chỉ này")
    await phone.sees("Chưa tra được địa chỉ.")
    await phone.type("Tìm phường, xã theo tên", "hoan kiem")
    await phone.tap("Phường Hoàn Kiếm")
    await phone.sees("Thuộc phường Hoàn Kiếm")


async def test_the_pin_moves_by_the_arrow_keys_and_by_the_chosen_step(home: Home) -> None:
    """Who has no pointer puts the pin as exactly as who has one."""
    phone, device = await at_place(home)
    await phone.sees("Dời ghim, mỗi lần:")
    await phone.tap("5 m")
    await phone.press_key("Arrow Up")
    await phone.tap("100 m")
    await phone.tap("Dời ghim sang phía đông")
    await phone.sees("Đã lưu nháp lúc")
    await phone.go(paths.SERVICE_REQUESTS)
    [draft] = await drafts_of(home, device)
    assert draft.lat is not None
    assert draft.long is not None
    assert round((draft.lat - HANG_TRONG.lat) * 111_320) == 5
    assert round((draft.long - HANG_TRONG.long) * 111_320 * 0.9334) == 100
    assert draft.place_from == "map"


async def test_the_citys_questions_are_asked_checked_and_sent(home: Home) -> None:
    """Every GeoReport type has a field; what is required is named at its field."""
    city = AskingCity(home.process.http._transport)
    home.process.http._transport = city
    phone, _device = await at_place(home)
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.sees("Vài câu hỏi thêm")
    await phone.tap("Tiếp tục")
    await phone.sees("Còn 3 câu hỏi cần trả lời.")
    assert phone.text().count("Bạn điền mục này nhé.") == 3
    await phone.type("Rộng bao nhiêu mét?", "rất rộng")
    await phone.type("Cột đèn số mấy? (không bắt buộc)", "HK-12")
    await phone.type("Kể thêm (không bắt buộc)", "Có biển báo đổ.")
    await phone.tap("Chọn ngày")
    # What a browser in Hà Nội gives for the 14th.
    picked = datetime(2026, 10, 13, 17, tzinfo=UTC)
    await phone.choose("DatePicker", {"value": picked})
    await phone.sees("14/10/2026")
    await phone.tap(":")
    await phone.choose("TimePicker", {"value": time(7, 30)})
    await phone.sees("07:30")
    await phone.tap("Làn trong")
    await phone.tap("Xe máy")
    await phone.tap("Người đi bộ")
    await phone.tap("Tiếp tục")
    await phone.sees("Còn 1 câu hỏi cần trả lời.")
    await phone.sees("Bạn ghi một số, ví dụ 1,5.")
    await phone.type("Rộng bao nhiêu mét?", "1,5")
    await phone.tap("Tiếp tục")
    await phone.sees("Rộng bao nhiêu mét?")
    for words in ("1,5", "HK-12", "07:30, 14/10/2026", "Làn trong", "Xe máy, Người đi bộ"):
        assert words in phone.text()
    await phone.tap("Gửi phản ánh")
    await phone.sees_no("Xem lại trước khi gửi")
    [form] = city.forms
    sent = {name: value for name, value in form.items() if name.startswith("attribute")}
    assert sent == {
        "attribute[size]": ["1.5"],
        "attribute[marks]": ["HK-12"],
        "attribute[more]": ["Có biển báo đổ."],
        "attribute[since]": ["2026-10-14T07:30+07:00"],
        "attribute[lane]": ["in"],
        "attribute[risk][]": ["m", "w"],
    }
