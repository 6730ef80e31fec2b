"""Every state of the card, of a stay, of a trip and of a verdict, drawn from values in every look."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, get_args

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
from services.parking import ParkingStart
from services.parking_sessions import (
    FeeLine,
    FeeStep,
    ParkingPlace,
    ParkingReceipt,
    ParkingSession,
)
from services.saved import Saved
from services.trips import Trip, TripFare, TripStop
from tests.journeys.conftest import Home, home, prepared
from tests.support.card_codes import AT, SampleCard
from tests.support.drawing import Drawing
from views.cards.inspect import InspectView, Verdict
from views.cards.panel import Panel
from views.cards.parking_card import StartingCard, StayCard
from views.cards.parking_session import Stay
from views.cards.states import explain_state
from views.cards.trips import OneTrip, TripList

__all__ = ["home", "prepared"]

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {},
    "phone, 200 %, dark": {"text_scale": 2.0, "theme": "dark"},
    "desktop, dark": {"width": 1280.0, "theme": "dark"},
    "English": {"language": "en"},
}

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


async def test_the_white_panel_says_each_state(home: Home) -> None:
    """The code, or why there is none and the way out; the picture only with a code."""
    for (state, words), look in itertools.product(STATES.values(), LOOKS.values()):
        shown = state.code if isinstance(state, ClockUntrusted) else state
        picture = draw_png(shown.text) if isinstance(shown, CardCode) else None
        frame = Frame(state, picture, 9, AT_END)
        phone = await Drawing(home.process, **look).show(partial(Panel, frame, CARD))
        if "language" not in look:
            assert words in phone.text()
        images = [node for node in phone._visible() if node["_c"] == "Image"]
        assert bool(images) == (picture is not None)
        assert all(image["width"] >= 280 for image in images)
        await phone.close()


async def test_a_clock_that_is_surely_wrong_shows_no_code(home: Home) -> None:
    """A code that no gate would take is worse than none."""
    frame = Frame(ClockUntrusted(None), None, 9, AT_END)
    phone = await Drawing(home.process).show(lambda: Panel(frame, CARD))
    assert "Mã mới sau" not in phone.text()
    assert "Về trang Thẻ" in phone.text()


# Parking

LINES = (FeeLine(2, "hour", 25_000),)
PLACE = ParkingPlace(
    "HK-014",
    "kerb",
    {"vi": "Điểm đỗ HK-014, phố Hàng Trống", "en": "Place HK-014"},
    {"vi": "Phường Hoàn Kiếm", "en": "Hoàn Kiếm ward"},
    ("car_up_to_9",),
)


def stay(minutes: int, booked: int = 120, *, ended: bool = False, plate: str = "30K01234") -> Any:
    """A stay that began so many minutes ago."""
    now = datetime.now(UTC)
    start = now - timedelta(minutes=minutes, seconds=36)
    fees = tuple(
        FeeStep(start + timedelta(hours=hour), 25_000 * (hour + 1), LINES) for hour in range(30)
    )
    return ParkingSession(
        session_id="P-1",
        plate=plate,
        vehicle="car_up_to_9",
        place=PLACE,
        started_at=start,
        until=start + timedelta(minutes=booked),
        ended_at=now if ended else None,
        fees=fees,
        extensions=(30, 60, 120),
        reminder=timedelta(minutes=15),
        receipt=ParkingReceipt("BN-1", now, 50_000, LINES, 450_000) if ended else None,
    )


STAYS: dict[str, tuple[dict[str, Any], bool, tuple[str, ...]]] = {
    "running": ({"minutes": 84}, False, ("Đang đỗ", "01:24:", "50.000 đ", "Còn 35 phút")),
    "ending soon": ({"minutes": 110}, False, ("Sắp hết giờ", "Còn 9 phút")),
    "over time": ({"minutes": 150}, False, ("Quá giờ", "Quá 31 phút", "Thêm 25.000 đ từ")),
    "end waits": ({"minutes": 84}, True, ("Chờ mạng để kết thúc", "chỉ trả một lần")),
    "ended": ({"minutes": 84, "ended": True}, False, ("Đã kết thúc", "BN-1", "450.000 đ")),
    "yard": ({"minutes": 84, "plate": ""}, False, ("Vào bằng thẻ",)),
}


async def test_a_stay_says_each_state(home: Home) -> None:
    """Time, money, the end and what can be done; over time is in brick with its cost."""
    for (name, (values, waits, words)), look in itertools.product(STAYS.items(), LOOKS.values()):
        drawn = stay(**values)
        phone = await Drawing(home.process, **look).show(partial(Stay, drawn, waits, None))
        text = phone.text()
        assert "language" in look or all(each in text for each in words), text
        ends = "Kết thúc và thanh toán" in text or "End and pay" in text
        assert ends == (name not in ("end waits", "ended"))
        await phone.close()


async def test_parking_in_the_wallet(home: Home) -> None:
    """A stay that waits to begin, one that runs, and one that is over."""
    waiting = ParkingStart("30K01234", "car_up_to_9", "HK-014", 60)
    draws = (
        lambda: StartingCard(waiting),
        lambda: StayCard(stay(84)),
        lambda: StayCard(stay(150)),
    )
    for draw, look in itertools.product(draws, LOOKS.values()):
        await (await Drawing(home.process, **look).show(draw)).close()


# Trips

STOP = TripStop("t1-my-dinh", {"vi": "Mỹ Đình", "en": "Mỹ Đình"})
OTHER = TripStop("t1-ba-vi", {"vi": "Ba Vì", "en": "Ba Vì"})
DONE = Trip(
    trip_id="T-1",
    line="T1",
    mode="bus",
    line_name={"vi": "Tuyến thử T1", "en": "Test bus T1"},
    start=STOP,
    end=OTHER,
    boarded_at=datetime(2026, 10, 14, 1, 12, tzinfo=UTC),
    alighted_at=datetime(2026, 10, 14, 2, 12, tzinfo=UTC),
    state="done",
    fare=TripFare(20_000, "distance", 40.0, 0.0, None),
    stops=(),
    correctable_until=None,
)
LATER = datetime(2026, 10, 21, tzinfo=UTC)
MISSING = replace(
    DONE,
    end=None,
    alighted_at=None,
    state="missing_alighting",
    stops=(OTHER,),
    correctable_until=LATER,
)
FREE = TripFare(0, "free_zone", 1.4, 1.4, date(2027, 6, 30))
PARTLY = TripFare(12_000, "distance", 28.0, 1.5, None)
TRIPS = {
    "done": (DONE, ("20.000 đ", "40,0 km, tính theo quãng đường.")),
    "riding": (
        replace(DONE, end=None, alighted_at=None, state="riding", fare=None),
        ("Đang đi", "Quét lúc xuống thì biết tiền vé."),
    ),
    "pass": (replace(DONE, fare=TripFare(0, "pass", 1.0, 0.0, None)), ("Trong vé",)),
    "class": (replace(DONE, fare=TripFare(0, "free_group", 1.0, 0.0, None)), ("Miễn phí",)),
    "zone": (replace(DONE, fare=FREE), ("miễn phí đến hết 30/06/2027",)),
    "partly": (replace(DONE, fare=PARTLY), ("trừ 1,5 km trong Vành đai 1",)),
    "missing": (MISSING, ("chặng dài nhất", "Bạn xuống ở đâu?")),
    "too late": (replace(MISSING, stops=(), correctable_until=None), ("Đã hết thời gian sửa",)),
    "corrected": (replace(MISSING, end=OTHER, state="corrected"), ("Bạn đã sửa.", "theo lời bạn")),
}


async def test_a_trip_says_its_fare_and_why(home: Home) -> None:
    """And a missing tap off says what it costs until it is set right."""
    for (trip, words), look in itertools.product(TRIPS.values(), LOOKS.values()):
        phone = await Drawing(home.process, **look).show(partial(OneTrip, trip))
        text = phone.text()
        assert "language" in look or all(each in text for each in words), text
        await phone.close()


async def test_the_history_with_trips_and_without(home: Home) -> None:
    """Every kind of row, and the line for none."""
    rows = [one for one, _words in TRIPS.values()]
    for look in LOOKS.values():
        await (await Drawing(home.process, **look).show(lambda: TripList(rows))).close()
        empty = await Drawing(home.process, **look).show(lambda: TripList([]))
        assert "Chưa có chuyến đi" in empty.text() or "No trips yet" in empty.text()
        await empty.close()


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


async def test_every_verdict_has_words_and_says_good_or_not(home: Home) -> None:
    """Green and red are also told in words, for whoever sees no colours."""
    for word in (*VERDICTS, *CARD_STATES):
        source = "number" if word in CARD_STATES else "code"
        found = Inspected(source, word, CARD.product_name, CARD.group_name, CARD.valid_until)
        phone = await Drawing(home.process).show(partial(Verdict, Saved(found)))
        text = phone.text()
        assert word not in text
        assert ("Hợp lệ." in text) == (word in ("accepted", "active"))
        await phone.close()


async def test_a_verdict_by_old_keys_says_so(home: Home) -> None:
    """A card blocked since the last connection would look good."""
    found = Inspected("code", "accepted", {}, {}, None)
    saved = Saved(found, datetime(2026, 10, 14, 2, tzinfo=UTC))
    phone = await Drawing(home.process).show(lambda: Verdict(saved))
    assert "Kiểm tra theo bản lưu lúc 09:00" in phone.text()
    await phone.close()


async def test_the_inspectors_screen_is_open_to_two_roles_alone(home: Home) -> None:
    """An officer and the hotline; a resident is told that it is not for them."""
    roles: tuple[tuple[str, ...], ...] = (("officer",), ("support",), ())
    for held, look in itertools.product(roles, LOOKS.values()):
        person = Person("s-1", "Bùi Thu Hà", "Hà", roles=held)
        phone = await Drawing(home.process, person=person, **look).show(InspectView)
        assert ("Tra cứu" in phone.text() or "Look it up" in phone.text()) == bool(held)
        await phone.close()
