"""Certificates in words: what each answer of the gateway is called, and what is never said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from services.certificates import (
    CertificateApplication,
    CertificateIdentity,
    CheckedCertificate,
    CriminalRecordCertificate,
    Obstacle,
    Purpose,
    StatusChange,
    Verification,
)
from services.errors import FieldError
from views.certificates.new_details import is_phone
from views.certificates.progress import steps_of
from views.certificates.verdict_words import advice_of, check_words, reason_of, title_of
from views.certificates.watching import pauses
from views.certificates.words import (
    field_words,
    obstacle_words,
    refusal_words,
    show_phone,
    waiting_words,
)
from views.components.certificate_card import certificate_deadline, certificate_status, promised

SENT = datetime(2026, 10, 7, 1, 20, tzinfo=UTC)
DUE = datetime(2026, 10, 14, 10, 0, tzinfo=UTC)
DAYS = tuple(date(2026, 10, day) for day in (8, 9, 12, 13, 14))
REASONS = {
    "altered": ("content_changed",),
    "revoked": ("revoked",),
    "superseded": ("superseded",),
    "unknown": ("unknown_code", "not_issued_here", "other_authority", "no_signature"),
}


def application(
    status: str, *, reason: str | None = None, certificate: str | None = None
) -> CertificateApplication:
    """An application that went through every state up to this one."""
    names = ("submitted", "received", "checking", "signing", "ready")
    passed = names[: names.index(status) + 1] if status in names else (*names[:3], status)
    actors = ("resident", *["authority"] * 5)
    changes = [StatusChange(name, SENT, who) for name, who in zip(passed, actors, strict=False)]
    return CertificateApplication(
        application_id="LL-2610-00731",
        certificate_type=1,
        purpose=Purpose("study", "Du học, học tập", "Study"),
        contact_phone="•••••••216",
        fee=0,
        status=status,
        note=None,
        reason=reason,
        agency_responsible="Công an TP. Hà Nội (bản thử)",
        submitted_datetime=SENT,
        expected_datetime=DUE,
        working_days=DAYS,
        identity=CertificateIdentity("Nguyễn An", date(1990, 1, 2), "female", "•••001", "Hà Nội"),
        history=tuple(changes),
        certificate=issued(certificate) if certificate else None,
    )


def issued(status: str) -> CriminalRecordCertificate:
    """A certificate in a state."""
    ended = None if status == "valid" else date(2026, 11, 18)
    return CriminalRecordCertificate(
        number="MẪU-000001",
        code="7HC4-K2QD",
        verify_url="http://127.0.0.1:8550/verify/?code=7HC4-K2QD",
        status=status,
        issued_datetime=SENT,
        ended_date=ended,
        name="Nguyễn An",
        signer="Công an TP. Hà Nội (bản thử)",
        pages=1,
        size=65_000,
    )


def checked(verdict: str, reason: str, file: str = "passed") -> Verification:
    """An answer to a check."""
    ended = date(2026, 11, 18) if verdict in ("revoked", "superseded") else None
    about = CheckedCertificate("MẪU-000001", "N••••• An", date(2026, 10, 20), ended)
    return Verification(
        verdict=verdict,
        reason=reason,
        signature=file,
        content=file,
        status="passed" if verdict == "valid" else "failed",
        signer=None,
        certificate=about if verdict not in ("altered", "unknown") else None,
        checked_datetime=SENT,
    )


@pytest.mark.parametrize(
    ("verdict", "reason"), [(v, r) for v, reasons in REASONS.items() for r in reasons]
)
def test_only_a_valid_certificate_is_called_valid(verdict: str, reason: str) -> None:
    """Whoever glances at the screen must not take a forgery for the real one."""
    found = checked(verdict, reason, "failed")
    said = " ".join((title_of(found), reason_of(found), advice_of(found)))
    assert "hợp lệ" not in said
    assert "còn hiệu lực" not in said


def test_a_verdict_that_is_not_known_yet_is_not_called_valid() -> None:
    """A newer gateway may say what this app has no word for; that is no reason to trust."""
    found = checked("suspended", "something_new", "not_checked")
    assert "hợp lệ" not in title_of(found) + reason_of(found) + advice_of(found)


def test_a_code_alone_says_nothing_about_the_file() -> None:
    """A forger copies a real code onto a changed file."""
    by_code, by_file = checked("valid", "genuine", "not_checked"), checked("valid", "genuine")
    assert reason_of(by_code) != reason_of(by_file)
    assert "tệp PDF" in advice_of(by_code)
    assert check_words("content", "not_checked", by_code) == "Chưa kiểm tra nội dung tệp"


def test_the_day_a_certificate_lost_its_force_is_named() -> None:
    """Before that day it was good."""
    found = checked("revoked", "revoked")
    assert reason_of(found) == "Không còn giá trị từ 18/11/2026."
    assert check_words("status", "failed", found) == "Không còn giá trị từ 18/11/2026"


@pytest.mark.parametrize(
    ("now", "words", "overdue"),
    [
        (SENT, "Còn 5 ngày làm việc", False),
        (SENT + timedelta(days=5), "Còn 2 ngày làm việc", False),
        (DUE - timedelta(hours=3), "Hết hạn 17:00 hôm nay", False),
        (DUE + timedelta(hours=1), "Trễ hẹn từ 14/10/2026", True),
    ],
)
def test_an_application_says_how_long_it_still_takes(
    now: datetime, words: str, overdue: bool
) -> None:
    """A promise is only worth something when its day is visible."""
    deadline = certificate_deadline(application("checking"), now)
    assert deadline is not None
    assert (deadline.sentence, deadline.overdue) == (words, overdue)
    assert promised(application("checking")) == "Hẹn trả Thứ Tư, 14/10/2026"


def test_a_late_application_is_shown_as_late() -> None:
    """Hiding a broken promise would break another one."""
    assert certificate_status(application("checking"), DUE + timedelta(hours=1)).word == "Trễ hẹn"
    assert certificate_status(application("checking"), SENT).word == "Đang tra cứu"


@pytest.mark.parametrize("status", ["ready", "refused"])
def test_no_time_runs_once_there_is_a_result(status: str) -> None:
    """A clock that runs on after the end frightens for nothing."""
    assert certificate_deadline(application(status), DUE + timedelta(days=9)) is None


def test_a_certificate_without_force_is_not_shown_as_signed_and_valid() -> None:
    """Its holder has to know before somebody else tells them."""
    for status, word in (("revoked", "Đã thu hồi"), ("superseded", "Đã thay bằng phiếu mới")):
        assert certificate_status(application("ready", certificate=status), SENT).word == word
    assert certificate_status(application("ready", certificate="valid"), SENT).word != "Đã thu hồi"


def test_the_timeline_shows_what_was_and_what_comes() -> None:
    """Where it stands, and how far it still is."""
    steps = steps_of(application("checking"))
    assert [step.state for step in steps] == ["done", "done", "now", "next", "next"]
    assert steps[0].detail.endswith("Biên nhận LL-2610-00731")
    assert steps[-1].detail == "Trước 17:00, 14/10/2026"


def test_nothing_comes_after_a_refusal() -> None:
    """A refused application promises no result."""
    steps = steps_of(application("refused", reason="identity_mismatch"))
    assert [step.title for step in steps][-1] == "Bị từ chối"
    assert "now" not in [step.state for step in steps]


def test_every_reason_for_a_refusal_says_what_helps() -> None:
    """A refusal without a way on is a dead end."""
    assert "công an phường, xã" in refusal_words("identity_mismatch")
    assert "1022" in refusal_words("something_new")


def test_who_is_too_young_hears_the_age() -> None:
    """A refusal with a number in it can be waited for."""
    phrase, _sentence = obstacle_words(Obstacle("too_young", minimum_age=16))
    assert phrase == "Từ đủ 16 tuổi mới xin được phiếu."


@pytest.mark.parametrize("code", ["identity_unknown", "register_down", "something_new"])
def test_every_obstacle_has_words(code: str) -> None:
    """A code on the screen helps nobody."""
    assert code not in " ".join(obstacle_words(Obstacle(code)))


def test_a_wait_has_words_and_a_smooth_run_has_none() -> None:
    """Only what is out of the ordinary is worth a note."""
    assert waiting_words(None) is None
    assert waiting_words("register_down") is not None
    assert waiting_words("needs_look") is not None


def test_a_refused_field_says_how_to_mend_it() -> None:
    """Under a phone number, "please check this" would be a riddle."""
    assert "10 chữ số" in field_words(FieldError("contact_phone", "not_a_phone_number"))
    assert "danh sách" in field_words(FieldError("purpose", "unknown_purpose"))


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("", True),
        ("0987 654 321", True),
        ("0987.654.321", True),
        ("+84 987 654 321", True),
        ("987654321", False),
        ("0987 654", False),
        ("không có", False),
    ],
)
def test_a_phone_number_is_taken_as_people_write_it(typed: str, fine: bool) -> None:
    """Spaces and dots are not mistakes; a missing digit is."""
    assert is_phone(typed) is fine


def test_a_masked_number_is_grouped_like_a_number() -> None:
    """Ten dots in a row cannot be counted."""
    assert show_phone("•••••••216") == "•••• ••• 216"
    assert show_phone("+84987654321") == "+84987654321"


def test_looks_become_rarer_and_never_end() -> None:
    """A result in seconds is seen in seconds; one in days costs little battery."""
    waits = list(islice(pauses(), 12))
    assert waits == sorted(waits)
    assert waits[0] <= 3
    assert waits[-1] >= 30
