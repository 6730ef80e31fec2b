"""What the desk says before an act is sent, and what it asks for first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.text import HANOI
from services.desk_records import (
    Colleague,
    DeskOverview,
    DeskReport,
    LogEntry,
    ReasonOption,
    Reporter,
)
from services.georeport import Agency
from services.photos import Photo
from services.service_definitions import Attribute, AttributeValue
from services.service_requests import ServiceRequest
from views.desk.acting import Desk
from views.desk.acts import offered_acts
from views.desk.answers import answer_words
from views.desk.drafting import ActDraft, Drafts
from views.desk.forms import FIELDS
from views.desk.sending import missing
from views.desk.telling import telling
from views.desk.words import ORDER, act_of, desk_deadline, desk_status, log_words

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=HANOI)
WORDS = "Đã vá mặt đường sáng nay."
PHOTO = Photo(b"jpeg", 4, 3, description="Mặt đường đã phẳng")


def report(code: str = "in_progress", **changes: Any) -> ServiceRequest:
    """A report at the desk of a ward."""
    fields: dict[str, Any] = {
        "service_request_id": "HN-2610-04817",
        "status": "open",
        "status_code": code,
        "expected_datetime": NOW + timedelta(days=5),
        "revision": 3,
        "acts": ORDER,
        "agency": Agency("hk", "UBND phường Hoàn Kiếm"),
    }
    return ServiceRequest(**fields | changes)


def desk(**changes: Any) -> Desk:
    """The desk with one report on it."""
    overview = DeskOverview(
        Agency("hk", "UBND phường Hoàn Kiếm"),
        (Agency("hk", "UBND phường Hoàn Kiếm"), Agency("power", "Công ty Điện lực")),
        (Colleague("ab", "Vũ Thị Mai"),),
        (ReasonOption("not-there", "Không tìm thấy sự việc.", "Gọi 1022."),),
        (ReasonOption("other-owner", "Công trình do đơn vị khác quản lý."),),
    )
    drafts = Drafts(lambda act: None, lambda act, draft: None, lambda act: None)
    return Desk(DeskReport(report(**changes), Reporter("Nguyễn Minh Anh")), overview, drafts)


@pytest.mark.parametrize("act", ORDER)
def test_every_act_has_words_a_form_and_a_name_in_the_log(act: str) -> None:
    """An act that cannot be named cannot be confirmed."""
    words = act_of(act)
    assert all([words.label, words.title, words.send, words.sent, words.icon])
    assert act in FIELDS
    assert log_words(act) != act


@pytest.mark.parametrize(
    ("act", "draft", "told"),
    [
        ("accept", ActDraft(), "UBND phường Hoàn Kiếm đã tiếp nhận."),
        ("ask", ActDraft("Làn bên nào?"), "Cán bộ hỏi: “Làn bên nào?”"),
        (
            "transfer",
            ActDraft(agency_code="power", reason_code="other-owner"),
            "Không thuộc thẩm quyền, đã chuyển Công ty Điện lực. "
            "Công trình do đơn vị khác quản lý.",
        ),
        ("reject", ActDraft(WORDS, reason_code="not-there"), f"Không tìm thấy sự việc. {WORDS}"),
        ("done", ActDraft(WORDS), WORDS),
        ("assign", ActDraft(colleague="ab"), ""),
        ("hoax", ActDraft(), ""),
    ],
)
def test_the_form_shows_what_the_resident_will_read(act: str, draft: ActDraft, told: str) -> None:
    """Vague answers without reasons are the residents' main complaint: the officer sees theirs."""
    assert telling(act, desk(), draft) == told


@pytest.mark.parametrize(
    ("act", "draft", "fields"),
    [
        ("accept", ActDraft(), set()),
        ("ask", ActDraft("   "), {"description"}),
        ("transfer", ActDraft(), {"agency_code", "reason_code"}),
        ("reject", ActDraft("ngắn"), {"description", "reason_code"}),
        ("merge", ActDraft(), {"into"}),
        ("assign", ActDraft(), {"subject_key"}),
        ("done", ActDraft(), {"description", "media_ids"}),
        ("done", ActDraft(WORDS, photos=(replace(PHOTO, description=" "),)), {"media_ids"}),
        ("done", ActDraft(WORDS, photos=(PHOTO,)), set()),
        (
            "split",
            ActDraft(WORDS, "", service_codes=("pothole", "")),
            {"descriptions.1", "service_codes.1"},
        ),
    ],
)
def test_what_is_missing_is_said_before_it_is_sent(
    act: str, draft: ActDraft, fields: set[str]
) -> None:
    """Closing demands words and proof, and of each photo what it shows."""
    assert set(missing(act, draft)) == fields


def test_only_what_may_be_done_is_offered_and_a_reason_only_when_late() -> None:
    """A button that is refused afterwards wastes an officer's time."""
    assert offered_acts(report(acts=("note", "assign")), late=False) == ["assign"]
    assert offered_acts(report(acts=("note", "accept")), late=True) == ["accept", "note"]
    assert offered_acts(report(acts=()), late=True) == []


def test_states_are_said_from_the_officers_side() -> None:
    """“Waiting for you” would tell the officer to do what the resident must do."""
    asked = report("needs_resident")
    assert desk_status(asked, NOW).word == "Chờ người dân trả lời"
    deadline = desk_deadline(asked, NOW)
    assert deadline is not None
    assert deadline.sentence == "Tạm dừng, chờ người dân trả lời"
    late = report(expected_datetime=NOW - timedelta(days=3))
    assert desk_status(late, NOW).tone == "error"
    assert desk_status(report("waiting"), NOW).word == "Chờ tiếp nhận"


def test_an_unfinished_form_is_found_again_as_it_was() -> None:
    """A call at the counter must not cost the officer what was typed."""
    draft = ActDraft(WORDS, "hai", "power", "r", "ab", "HN-1", ("a", "b"), (PHOTO,))
    assert ActDraft.from_json(draft.to_json()) == draft


def test_an_answer_is_shown_by_the_names_of_its_values() -> None:
    """Codes are for machines."""
    values = (AttributeValue("deep", "Sâu"), AttributeValue("wide", "Rộng"))
    asked = Attribute("size", "Ổ gà thế nào?", "singlevaluelist", values=values)
    assert answer_words(asked, "wide") == "Rộng"
    assert answer_words(None, "wide") == "wide"


def test_the_log_names_what_an_act_was_about() -> None:
    """An agency's code says nothing to a colleague."""
    from views.desk.history import _detail

    entry = LogEntry("Vũ Thị Mai", "transfer", NOW, detail="power")
    assert _detail(entry, desk().overview) == "Công ty Điện lực"
