"""What a report's deadline, order, title and timeline say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.text import HANOI
from services.service_requests import ServiceRequest, Update
from views.components import arranged, deadline_of, shown_status, title_of
from views.service_requests.arranging import EVERY, filtered, filters
from views.service_requests.category_picker import offer
from views.service_requests.new_review import time_allowed
from views.service_requests.progress import steps_of

SENT = datetime(2026, 10, 12, 9, 12, tzinfo=HANOI)
DUE = datetime(2026, 10, 19, 17, 0, tzinfo=HANOI)
DAYS = tuple(date(2026, 10, day) for day in (13, 14, 15, 16, 19))


def report(code: str = "in_progress", **changes: Any) -> ServiceRequest:
    """A report of Monday 12 October 2026 with five working days, as in the design's pictures."""
    closed = code in ("done", "rejected", "withdrawn")
    fields: dict[str, Any] = {
        "service_request_id": "HN-2610-04817",
        "status": "closed" if closed else "open",
        "status_code": code,
        "service_name": "Ổ gà",
        "requested_datetime": SENT,
        "updated_datetime": SENT,
        "expected_datetime": DUE,
        "working_days": DAYS,
        "mine": True,
    }
    return ServiceRequest(**fields | changes)


def at(day: int, hour: int = 9) -> datetime:
    """A moment of October 2026 in Hà Nội."""
    return datetime(2026, 10, day, hour, 0, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("now", "sentence", "tone"),
    [
        (at(12, 10), "Còn 5 ngày làm việc", "lake"),
        (at(14), "Còn 3 ngày làm việc", "lake"),
        (at(17), "Còn 1 ngày làm việc", "lake"),
        (at(19), "Hết hạn 17:00 hôm nay", "tertiary"),
        (at(19, 18), "Quá hạn từ 17:00", "error"),
        (at(20), "Quá hạn 1 ngày làm việc", "error"),
        (at(26), "Quá hạn 5 ngày làm việc", "error"),
    ],
)
def test_the_deadline_says_how_long_it_still_takes(now: datetime, sentence: str, tone: str) -> None:
    """The first question of everyone who has reported something."""
    deadline = deadline_of(report(), now)
    assert deadline is not None
    assert (deadline.sentence, deadline.tone) == (sentence, tone)


def test_the_deadline_names_its_day_and_where_it_stands() -> None:
    """Three days from when, and until when."""
    deadline = deadline_of(report(), at(14))
    assert deadline is not None
    assert deadline.due_sentence == "Hạn 17:00, Thứ Hai 19/10/2026"
    assert deadline.position == "Ngày 2/5"


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (at(16), "Xong, sớm 1 ngày làm việc"),
        (at(19), "Xong đúng hạn"),
        (at(20), "Xong, sau hạn"),
    ],
)
def test_a_finished_report_says_whether_it_was_in_time(done: datetime, sentence: str) -> None:
    """The city is measured by this, so it is shown."""
    deadline = deadline_of(report("done", updated_datetime=done), at(25))
    assert deadline is not None
    assert deadline.sentence == sentence
    assert not deadline.running


def test_anothers_paused_report_waits_for_its_sender() -> None:
    """Nobody else is asked for an answer."""
    theirs = report("needs_resident", updated_datetime=at(14), mine=False)
    deadline = deadline_of(theirs, at(22))
    assert deadline is not None
    assert deadline.sentence == "Tạm dừng, chờ người gửi trả lời"
    assert shown_status(theirs, at(22)).word == "Chờ người gửi trả lời"


def test_a_paused_report_does_not_run_on() -> None:
    """The time the resident needs to answer is not the officer's."""
    deadline = deadline_of(report("needs_resident", updated_datetime=at(14)), at(22))
    assert deadline is not None
    assert deadline.sentence == "Tạm dừng, chờ bạn trả lời"
    assert deadline.bar_today == date(2026, 10, 15)
    assert not deadline.running
    assert not deadline.overdue


@pytest.mark.parametrize("code", ["rejected", "withdrawn"])
def test_a_closed_report_has_no_deadline_any_more(code: str) -> None:
    """Nothing runs for what is closed."""
    assert deadline_of(report(code), at(25)) is None


def test_an_open_report_past_its_deadline_is_shown_as_overdue() -> None:
    """The word for work in progress would hide that it is late."""
    assert shown_status(report(), at(20)).tone == "error"
    assert shown_status(report(), at(14)).tone == "lake"


def test_reports_come_in_the_order_of_what_matters() -> None:
    """Needs you, overdue, the nearest deadline, then the newest."""
    reports = [
        report("done", service_request_id="old", requested_datetime=at(1)),
        report("done", service_request_id="new", requested_datetime=at(9)),
        report(service_request_id="later", expected_datetime=DUE + timedelta(days=9)),
        report(service_request_id="soon", expected_datetime=DUE + timedelta(days=2)),
        report(service_request_id="late"),
        report("needs_resident", service_request_id="mine"),
    ]
    found = [one.service_request_id for one in arranged(reports, at(20))]
    assert found == ["mine", "late", "soon", "later", "new", "old"]


def test_filters_count_what_they_find_and_leave_out_what_finds_nothing() -> None:
    """A filter that leads to an empty list is a detour."""
    reports = [report("needs_resident"), report(), report("done"), report("done")]
    words = [label for _value, label in filters(reports, at(14))]
    assert words == ["Tất cả 4", "Cần bạn 1", "Đang xử lý 1", "Đã xử lý 2"]
    for value, label in filters(reports, at(14)):
        assert len(filtered(reports, value, at(14))) == int(label.split()[-1])
    assert filtered(reports, EVERY, at(14)) == reports


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("Trước số 28 Hàng Trống", "Ổ gà, trước số 28 Hàng Trống"),
        ("28 Ngõ Huyện", "Ổ gà, 28 Ngõ Huyện"),
        ("Hàng Trống 28", "Ổ gà, Hàng Trống 28"),
        ("", "Ổ gà"),
    ],
)
def test_a_title_says_what_and_where(address: str, title: str) -> None:
    """GeoReport has no title; a list of equal words would be useless."""
    assert title_of(report(address=address)) == title


def update(code: str, hour: int, description: str = "", agency: str = "") -> Update:
    """An update of 12 October."""
    return Update(str(hour), code, at(12, hour), description, agency)


def test_the_timeline_ends_with_what_comes_next() -> None:
    """Where things stand, and what happens next."""
    updates = [
        update("waiting", 9),
        update("waiting", 10, "Đã tiếp nhận."),
        update("waiting", 11, "Chuyển phường Hoàn Kiếm."),
        update("in_progress", 12, "Đã khảo sát."),
    ]
    steps = steps_of(report(), updates, at(14))
    assert [step.title for step in steps] == [
        "Đã gửi",
        "Đã tiếp nhận",
        "Chuyển phường Hoàn Kiếm",
        "Đang xử lý",
        "Kết quả kèm ảnh",
    ]
    assert [step.state for step in steps] == ["done", "done", "done", "now", "next"]
    assert [step.note for step in steps] == ["", "", "", "Đã khảo sát.", ""]
    assert steps[-1].detail == "Trước 17:00, 19/10"


def test_the_timeline_of_a_late_report_does_not_promise_the_past() -> None:
    """Promising the 19th on the 20th would be a joke at the cost of the resident."""
    assert steps_of(report(), [], at(20))[-1].detail == "Đã quá hạn 17:00, 19/10"


def test_a_closed_report_has_nothing_next() -> None:
    """What is over promises nothing more."""
    steps = steps_of(report("done"), [update("done", 12)], at(20))
    assert [step.state for step in steps] == ["done"]


def test_the_description_suggests_a_kind_but_keeps_the_chosen_one() -> None:
    """A suggestion saves a search; it never takes the choice away."""
    from services.service_requests import Service

    kinds = [Service(str(n), f"Loại {n}") for n in range(6)]
    kinds.append(Service("hole", "Ổ gà", keywords=("ổ gà", "mặt đường")))
    offered, suggested = offer(kinds, "O GA to giua duong", "5")
    assert suggested
    assert [one.service_code for one in offered][:2] == ["5", "hole"]
    assert not offer(kinds, "Chuyện khác", "")[1]


def test_the_time_allowed_is_only_what_the_service_list_says() -> None:
    """Deadlines come from the server, never from the app."""
    from services.service_requests import Service

    assert time_allowed(Service("hole", "Ổ gà")) == ""
    assert time_allowed(None) == ""
