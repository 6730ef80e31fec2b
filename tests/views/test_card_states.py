"""Every state of the card and of an inspector's verdict, drawn from values in every look."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, get_args

import flet as ft
import pytest

from app.entry import Process
from app.hooks import component
from app.replay.mirror import top_view
from app.theme import LIGHT, Look
from services.card_code import draw_png
from services.card_display import Frame
from services.card_inspection import Inspected
from services.card_states import (
    Blocked,
    Card,
    CardCode,
    CardState,
    ClockUntrusted,
    Expired,
    MovedAway,
    NoCard,
    NotYetValid,
    OfflineWindowOver,
)
from services.identity import Person
from services.saved import Saved
from tests.support.card_codes import AT, SampleCard
from tests.support.drawing import LOOKS, Drawing
from tests.support.phone import Phone
from views.cards.code import use_news_of
from views.cards.inspect import InspectView, Verdict
from views.cards.panel import Panel, code_side, panel_width
from views.cards.states import explain_state

AT_END = datetime(2026, 10, 14, 7, 0, 15, tzinfo=UTC)
CODE = CardCode(SampleCard().code(AT), 0, 0, 9.0, datetime(2026, 10, 14, 7, tzinfo=UTC))
STATES: dict[type, tuple[CardState, str]] = {
    CardCode: (CODE, "Mã mới sau 9 giây"),
    NoCard: (NoCard(), "Thẻ chưa có trên máy này."),
    NotYetValid: (NotYetValid(date(2026, 11, 1)), "01/11/2026"),
    Expired: (Expired(date(2026, 9, 30)), "30/09/2026"),
    Blocked: (Blocked(), "Đang bị khóa."),
    MovedAway: (MovedAway("Máy tính bảng"), "Máy tính bảng"),
    OfflineWindowOver: (OfflineWindowOver(), "Cần mạng để lấy mã mới."),
    ClockUntrusted: (ClockUntrusted(CODE), "Bật tự chỉnh giờ"),
}
CARD = Card(
    number="010000003917",
    product=1,
    product_name={"vi": "Vé tháng liên tuyến", "en": "Monthly pass, all routes"},
    group=0,
    group_name={"vi": "Phổ thông", "en": "Ordinary"},
    holder_name="Nguyễn Minh Anh",
    valid_from=date(2026, 10, 1),
    valid_until=date(2026, 10, 31),
    state="active",
    device=None,
)


def test_every_state_of_a_card_has_words() -> None:
    """A new reason for showing no code cannot ship without a sentence and a picture."""
    assert set(STATES) == set(get_args(CardState))
    for state, _words in STATES.values():
        assert (explain_state(state) is None) == isinstance(state, CardCode)


async def test_the_white_panel_says_each_state(process: Process) -> None:
    """The code, or why there is none and the way out; the picture only with a code."""
    for (state, words), look in itertools.product(STATES.values(), LOOKS.values()):
        shown = state.code if isinstance(state, ClockUntrusted) else state
        picture = draw_png(shown.text) if isinstance(shown, CardCode) else None
        frame = Frame(state, picture, 9, AT_END)
        phone = await Drawing(process, **look).show(partial(Panel, frame, CARD))
        if "language" not in look:
            assert words in phone.text()
        images = [node for node in phone.visible() if node["_c"] == "Image"]
        assert bool(images) == (picture is not None)
        # 37 of the picture's 45 modules are the code, the rest is its white margin.
        assert all(image["width"] * 37 / 45 >= 280 for image in images)
        await phone.close()


@pytest.mark.parametrize(("width", "side"), [(344, 341), (360, 341), (412, 360), (1280, 405)])
def test_a_code_is_never_smaller_than_280(width: float, side: float) -> None:
    """On the narrowest phones the white panel gives way; its modules are whole dp where they can be."""
    look = Look(LIGHT, 1.0, width)
    assert code_side(look) == side <= panel_width(look) <= width


async def test_a_screen_reader_hears_the_change_of_a_code_and_no_ticking(process: Process) -> None:
    """A live region speaks when its words change: each new code, each failure, and nothing else."""
    drawing = Drawing(process)
    picture = draw_png(CODE.text)
    frames = [Frame(CODE, picture, seconds, AT_END) for seconds in (9, 8)]
    frames += [Frame(CODE, picture, 15, AT_END + timedelta(seconds=15))]
    frames += [
        Frame(Blocked(), None, seconds, AT_END + timedelta(seconds=30)) for seconds in (5, 4)
    ]
    heard = []
    for frame in frames:
        phone = await drawing.show(partial(Panel, frame, CARD))
        heard.append(spoken(phone))
        assert "Mã mới sau" not in read_aloud(phone)
        await phone.close()
        drawing = Drawing(process)
    assert heard[0] == heard[1] == ["Mã QR vé, dùng đến 14:00:15"]
    assert heard[2] == ["Mã QR vé, dùng đến 14:00:30"]
    assert heard[3] == heard[4]
    assert "Đang bị khóa." in heard[3][0]


def spoken(phone: Phone) -> list[str]:
    """The words of each live region."""
    found = [n for n in phone.visible() if n["_c"] == "Semantics" and n.get("live_region")]
    return [str(node.get("label") or " ".join(read_in(node["content"]))) for node in found]


def read_aloud(phone: Phone) -> str:
    """Every text that a screen reader can come to."""
    top = top_view(phone.screen)
    assert top is not None
    return " ".join(read_in(top))


def read_in(node: Any) -> list[str]:
    """The words in a part of the screen that is not hidden from screen readers."""
    if isinstance(node, list):
        return [words for each in node for words in read_in(each)]
    if not isinstance(node, dict) or node.get("exclude_semantics"):
        return []
    own = [str(node["value"])] if node.get("_c") == "Text" and node.get("value") else []
    return own + [words for value in node.values() for words in read_in(value)]


@component
def Told(frame: Frame) -> ft.Control:
    """A screen that follows what becomes of the card."""
    use_news_of(frame)
    return ft.Text("shown")


@pytest.mark.parametrize(("state", "asked"), [(CODE, 0), (MovedAway("Máy khác"), 1)])
async def test_the_wallet_asks_again_when_the_card_stops_showing_a_code(
    process: Process, state: CardState, asked: int
) -> None:
    """It lies behind the code's screen, and would still offer what is no longer so."""
    drawing = Drawing(process)
    phone = await drawing.show(lambda: Told(Frame(state, None, 9, AT_END)))
    assert drawing.revisions.cards == asked
    await phone.close()


async def test_a_clock_that_is_surely_wrong_shows_no_code(process: Process) -> None:
    """A code that no gate would take is worse than none."""
    frame = Frame(ClockUntrusted(None), None, 9, AT_END)
    phone = await Drawing(process).show(lambda: Panel(frame, CARD))
    assert "Mã mới sau" not in phone.text()
    assert "Về trang Thẻ" in phone.text()


# Inspecting

VERDICTS = [
    "accepted",
    "malformed",
    "unknown_key",
    "too_old",
    "too_new",
    "expired",
    "revoked",
    "wrong_product",
    "forged",
]
CARD_STATES = ("active", "not_yet_valid", "expired", "blocked")


async def test_every_verdict_has_words_and_says_good_or_not(process: Process) -> None:
    """Green and red are also told in words, for whoever sees no colours."""
    for word in (*VERDICTS, *CARD_STATES):
        source = "number" if word in CARD_STATES else "code"
        found = Inspected(source, word, CARD.product_name, CARD.group_name, CARD.valid_until)
        phone = await Drawing(process).show(partial(Verdict, Saved(found)))
        text = phone.text()
        assert word not in text
        assert ("Hợp lệ." in text) == (word in ("accepted", "active"))
        await phone.close()


async def test_a_verdict_by_old_keys_says_so(process: Process) -> None:
    """A card blocked since the last connection would look good."""
    found = Inspected("code", "accepted", {}, {}, None)
    saved = Saved(found, datetime(2026, 10, 14, 2, tzinfo=UTC))
    phone = await Drawing(process).show(lambda: Verdict(saved))
    assert "Kiểm tra theo bản lưu lúc 09:00" in phone.text()
    await phone.close()


async def test_the_inspectors_screen_is_open_to_two_roles_alone(process: Process) -> None:
    """An officer and the hotline; a resident is told that it is not for them."""
    roles: tuple[tuple[str, ...], ...] = (("officer",), ("support",), ())
    for held, look in itertools.product(roles, LOOKS.values()):
        person = Person("s-1", "Bùi Thu Hà", "Hà", roles=held)
        phone = await Drawing(process, person=person, **look).show(InspectView)
        assert ("Tra cứu" in phone.text() or "Look it up" in phone.text()) == bool(held)
        await phone.close()
