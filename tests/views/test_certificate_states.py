"""Every state of an application and every step of the form, drawn from values in every look."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import flet as ft
import pytest

from services.certificates import (
    CertificateApplication,
    CertificateDraft,
    FormerAddress,
    Verification,
)
from tests.journeys.conftest import Home, home, prepared
from tests.support.drawing import LOOKS, Drawing
from tests.views.certificate_states import NOW, STATES, application, certificate, form
from views.certificates.check import VerdictScreen, code_of
from views.certificates.check_fields import CheckByNumber, day_of
from views.certificates.check_shown import secret_of
from views.certificates.detail import foot_of, shown_of
from views.certificates.new_delivery import DeliveryStep
from views.certificates.new_details import DetailsStep, wrong_addresses
from views.certificates.new_form import FormStep
from views.certificates.new_review import ReviewStep
from views.certificates.opening import PasscodePrompt
from views.certificates.passcode import wrong_passcode
from views.certificates.payment import show_left
from views.certificates.sending import Ways
from views.certificates.steps import Blocked, Opened, WaitsToBeSent
from views.components import stacked

__all__ = ["home", "prepared"]

DRAFT = CertificateDraft(
    purpose="employment",
    certificate_type=2,
    step=4,
    former_names=("Nguyễn Thị Anh",),
    former_addresses=(FormerAddress("12 Hàng Trống", "2001", "2010"),),
)
OPENED = Opened(form(), DRAFT)
STEPS: tuple[tuple[Callable[[Opened], ft.Control], str], ...] = (
    (FormStep, "Không ai được đòi bạn nộp phiếu số 2."),
    (DetailsStep, "Nơi ở trước đây 1"),
    (DeliveryStep, "Nhập lại mật mã"),
    (ReviewStep, "Hãy chọn mật mã của phiếu số 2 trước."),
)


async def drawn(home: Home, screens: Sequence[tuple[Callable[[], ft.Control], str]]) -> None:
    """All of them below each other, in every look; words are looked for in Vietnamese."""
    for look in LOOKS.values():
        phone = await Drawing(home.process, **look).show(
            lambda: stacked([d() for d, _w in screens])
        )
        if "language" not in look:
            assert [words for _draw, words in screens if words not in phone.text()] == []
        await phone.close()


async def test_every_state_of_an_application_says_what_comes_next(home: Home) -> None:
    """Paid or not, asked, late, refused, revoked: no state leaves the resident without a way on."""
    await drawn(home, [(partial(standing, one), words) for one, words in STATES])


def standing(one: CertificateApplication) -> ft.Control:
    """An application's screen without its frame."""
    return stacked([shown_of(one), *foot_of(one)])


async def test_every_step_and_every_closed_door_is_drawn(home: Home) -> None:
    """Two forms, two children, former names, a passcode, a queue, and a printed copy's fields."""
    two = application(
        "ready",
        certificate=certificate(certificate_type=2, passcode=True, credential=True),
        actions=["open", "present"],
    )
    assert two.certificate is not None
    others: tuple[tuple[Callable[[], ft.Control], str], ...] = (
        (lambda: Blocked([]), "Về danh sách phiếu"),
        (WaitsToBeSent, "Hồ sơ của bạn đang chờ gửi."),
        (partial(Ways, two, two.certificate), "Mở bằng mật mã"),
        (lambda: PasscodePrompt("LL-1", print), "Có người đòi xem?"),
        (lambda: CheckByNumber(lambda: None), "Mã hồ sơ"),
    )
    steps = [(partial(at_height, partial(step, OPENED)), words) for step, words in STEPS]
    await drawn(home, [*steps, *[(partial(at_height, draw), words) for draw, words in others]])


def at_height(draw: Callable[[], ft.Control]) -> ft.Control:
    """A screen needs a height of its own to stand below another."""
    return ft.Container(draw(), height=892)


NOT_VALID = (
    ("unchecked", "expired", None, "Chưa kiểm tra được"),
    ("unchecked", "too_costly", None, "Đừng dựa vào phiếu này."),
    ("altered", "content_changed", "incremental_update", "thêm vào tệp sau khi ký"),
    ("unknown", "other_authority", "untrusted_chain", "không được cơ quan cấp bảo đảm"),
    ("unknown", "unknown_number", None, "Không tìm thấy số phiếu"),
)


async def test_an_answer_that_is_not_valid_never_looks_like_it(home: Home) -> None:
    """Every answer but one warns, in words and in colour."""
    for verdict, reason, detail, words in NOT_VALID:
        content = "failed" if verdict == "altered" else "not_checked"
        found = Verification(
            verdict, reason, "failed", content, "not_checked", None, None, NOW, detail
        )
        phone = await Drawing(home.process).show(partial(VerdictScreen, found, print))
        assert words in phone.text()
        assert "hợp lệ" not in phone.text()
        await phone.close()


@pytest.mark.parametrize(
    ("passcode", "again", "wrong"),
    [
        ("482615", "482615", ""),
        ("48261", "48261", "Nhập 6 chữ số."),
        ("٤٨٢٦١٥", "٤٨٢٦١٥", "Nhập 6 chữ số."),
        ("111111", "111111", "Quá dễ đoán. Đừng dùng 111111 hay 123456."),
        ("654321", "654321", "Quá dễ đoán. Đừng dùng 111111 hay 123456."),
        ("482615", "482614", "Hai lần nhập không giống nhau. Hãy nhập lại."),
    ],
)
def test_a_passcode_that_others_would_guess_is_not_taken(
    passcode: str, again: str, wrong: str
) -> None:
    """It is all that stands between form No. 2 and whoever borrows the phone."""
    assert wrong_passcode(passcode, again) == wrong


def test_rows_of_former_addresses_are_checked_where_they_stand() -> None:
    """An empty row is no mistake; a year that cannot be is named at its row."""
    rows = [
        ("", "", ""),
        ("12 Hàng Trống", "2001", ""),
        ("12 Hàng Trống", "hai nghìn", ""),
        ("12 Hàng Trống", "2010", "2001"),
        ("", "2001", "2010"),
        ("12 Hàng Trống", "2031", ""),
    ]
    wrong = wrong_addresses(tuple(itertools.starmap(FormerAddress, rows)), 2026)
    assert sorted(wrong) == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7hc4 k2qd", "7HC4-K2QD"),
        ("https://ihanoi.example/verify/?code=7HC4-K2QD", "7HC4-K2QD"),
        ("7HC4-K2Q", ""),
        ("https://ihanoi.example/verify/?other=7HC4-K2QD", ""),
        ("shlink:/eyJ1cmwiOiJodHRwcyJ9", ""),
    ],
)
def test_a_code_is_found_however_it_is_shown(text: str, code: str) -> None:
    """Typed from paper, or scanned as the checking page's address."""
    assert code_of(text) == code


def test_a_shown_parts_link_is_known_by_its_path() -> None:
    """Its secret goes to our gateway and to nobody else, whatever the address says."""
    assert secret_of("https://ihanoi.example/verify/p/abcdefghijklmnop_-") == "abcdefghijklmnop_-"
    assert secret_of("https://ihanoi.example/verify/?code=7HC4-K2QD") == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8/3/1988", date(1988, 3, 8)),
        (" 08.03.1988 ", date(1988, 3, 8)),
        ("29/2/2024", date(2024, 2, 29)),
        ("29/2/2023", None),
        ("31/4/2024", None),
        ("1988", None),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, day: date | None) -> None:
    """And one that is none is not guessed at."""
    assert day_of(text) == day


def test_the_time_left_to_pay_is_shown_by_the_second() -> None:
    """Hours only while there are any."""
    later = date(2026, 1, 2) - date(2026, 1, 1)
    assert show_left(later) == "24:00:00"
    assert show_left(later / 96) == "15:00"
