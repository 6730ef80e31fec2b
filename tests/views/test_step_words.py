"""What was recorded is read by people who are no engineers: a resident before sending, an agent after."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from app.catalogue import LOCALE_FOLDER
from app.recording.acting import act_of
from app.recording.screen import Shown, _walk
from services.device import Device
from services.diagnostics import Screen, Step
from services.diagnostics.digest import messages_in
from services.errors import ServiceError
from views.components.step_words import ERRORS, QUIET, said, screen_name, silent, step_line

MESSAGES = messages_in(LOCALE_FOLDER, "vi")


def seen(root: Any) -> list[Shown]:
    """What the recorder sees of some controls."""
    found: list[Shown] = []
    _walk(root, MESSAGES, found, set(), 0)
    return found


def line(root: Any, control: Any, event: str = "click", data: Any = None, **told: Any) -> str:
    """The words of an act on a control."""
    act = act_of(seen(root), control, event, data, MESSAGES)
    assert act is not None
    return step_line(Step(3, 1.0, "act", {**act, "data": told or None}), "Phản ánh").words


def nothing(_event: Any) -> None:
    """A handler."""


def heading(words: str) -> ft.Control:
    return ft.Semantics(heading_level=2, header=True, content=ft.Text(words))


def test_a_control_is_called_by_what_is_written_on_it() -> None:
    """What a resident saw is what they read again."""
    button = ft.FilledButton("Gửi phản ánh", on_click=nothing)
    back = ft.IconButton(ft.Icons.ARROW_BACK, tooltip="Quay lại", on_click=nothing)
    field = ft.TextField(label="Số trên (mmHg)", on_change=nothing)
    root = ft.Column([back, button, field])
    assert line(root, button) == "Nhấn “Gửi phản ánh”"
    assert line(root, back) == "Nhấn “Quay lại”"
    typed = {"length": 3, "form": "digits"}
    assert line(root, field, "change", "128", text=typed) == "Gõ vào “Số trên”"


def test_what_has_no_words_of_its_own_is_called_by_those_that_name_it() -> None:
    """A switch stands beside its words, or a screen reader says them."""
    beside, named = ft.Switch(on_change=nothing), ft.Switch(on_change=nothing)
    root = ft.Column(
        [
            ft.Row([ft.Text("Tương phản cao"), beside]),
            ft.Semantics(label="Giảm chuyển động", content=named),
        ]
    )
    assert line(root, beside, "change", True, on=True) == "Bật “Tương phản cao”"
    assert line(root, named, "change", False, on=False) == "Tắt “Giảm chuyển động”"


def test_somebodys_words_are_never_a_name() -> None:
    """A tile that shows a report is an item of its list, a service a choice under its heading."""
    status = ft.Text("Đang xử lý", style=ft.TextStyle(size=12))
    title = ft.Text("Ổ gà trước nhà bà Lan", style=ft.TextStyle(size=16))
    tile = ft.TextButton(ft.Column([status, title]), on_click=nothing)
    chip = ft.Chip(label="Đèn nhà ông Nam", on_select=nothing)
    root = ft.Column([tile, heading("Loại việc"), chip])
    assert line(root, tile) == "Nhấn một mục ở màn hình “Phản ánh”"
    assert line(root, chip, "select", True, on=True) == "Chọn một lựa chọn ở phần “Loại việc”"


def test_of_several_places_the_one_that_was_chosen_is_named() -> None:
    """The bar's first word is not where everybody goes."""
    bar = ft.NavigationBar(
        destinations=[
            ft.NavigationBarDestination(icon=ft.Icons.HOME, label="Trang chủ"),
            ft.NavigationBarDestination(icon=ft.Icons.MAP, label="Phản ánh"),
        ],
        selected_index=1,
        on_change=nothing,
    )
    assert line(bar, bar, "change", "1", option=1) == "Chọn “Phản ánh”"


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("device", {"call": "pick_photos", "answer": [{}, {}]}, "Chọn 2 ảnh"),
        ("device", {"call": "pick_photos", "answer": []}, "Không chọn ảnh nào"),
        ("device", {"call": "pick_file", "answer": None}, "Không chọn tệp nào"),
        ("device", {"call": "find_place", "answer": {}}, "Lấy vị trí hiện tại"),
        ("device", {"call": "find_place", "refused": {"type": "PlaceRefused"}}, "Máy không cho lấy vị trí"),
        ("act", {"control": "Map", "event": "tap", "data": {"point": {}}}, "Chạm vào bản đồ"),
        ("error", {"type": "Offline", "code": "offline"}, "Gặp lỗi: Không có mạng"),
        ("error", {"type": "GatewayUnavailable", "code": "busy", "status": 503}, "Gặp lỗi 503"),
        ("error", {"type": "NotPermitted", "code": "consent_required"}, "Được hỏi có đồng ý không"),
        ("route", {"route": "/nowhere"}, "Đến một màn hình khác"),
    ],
)  # fmt: skip
def test_each_kind_of_step_has_words(kind: str, told: dict[str, Any], words: str) -> None:
    """Read aloud they say what was done."""
    assert step_line(Step(1, 0.0, kind, told)).words == words


def test_every_thing_a_device_does_has_words_or_is_done_by_the_app_itself() -> None:
    """A device that learns something new must not be told of as `used the device`."""
    calls = [
        name
        for name in vars(Device)
        if not name.startswith("_") and callable(getattr(Device, name))
    ]
    unsaid = [
        name
        for name in calls
        if not silent(step := Step(1, 0.0, "device", {"call": name, "answer": True}))
        and step_line(step).words == "Dùng một chức năng của máy"
    ]
    assert unsaid == []
    assert set(calls) >= QUIET
    assert set(ERRORS) == {kind.__name__ for kind in ServiceError.__subclasses__()}


def test_a_screen_is_called_by_its_name_and_not_by_the_arrow_before_it() -> None:
    """`Quay lại` is on every screen."""
    screen = Screen(4, 2.0, "/me/settings", ("Back", "Settings", "Language"), "")
    assert screen_name(Step(3, 1.0, "route", {"route": "/me/settings"}), [screen]) == "Cài đặt"
    assert said("recorded {date}") == "ghi nhận …"
