"""Every state of a stay and of a trip, drawn from values in every look."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from app.entry import Process
from services.parking import ParkingStart
from services.parking_sessions import (
    FeeLine,
    FeeStep,
    ParkingPlace,
    ParkingReceipt,
    ParkingSession,
)
from services.trips import Trip, TripFare, TripStop
from tests.support.drawing import LOOKS, Drawing
from views.cards.parking_card import StartingCard, StayCard
from views.cards.parking_session import Stay
from views.cards.trips import OneTrip, TripList

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


async def test_a_stay_says_each_state(process: Process) -> None:
    """Time, money, the end and what can be done; over time is in brick with its cost."""
    for (name, (values, waits, words)), look in itertools.product(STAYS.items(), LOOKS.values()):
        drawn = stay(**values)
        phone = await Drawing(process, **look).show(partial(Stay, drawn, waits, None))
        text = phone.text()
        assert "language" in look or all(each in text for each in words), text
        ends = "Kết thúc và thanh toán" in text or "End and pay" in text
        assert ends == (name not in ("end waits", "ended"))
        await phone.close()


async def test_parking_in_the_wallet(process: Process) -> None:
    """A stay that waits to begin, one that runs, and one that is over."""
    waiting = ParkingStart("30K01234", "car_up_to_9", "HK-014", 60)
    draws = (
        lambda: StartingCard(waiting),
        lambda: StayCard(stay(84)),
        lambda: StayCard(stay(150)),
    )
    for draw, look in itertools.product(draws, LOOKS.values()):
        await (await Drawing(process, **look).show(draw)).close()


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


async def test_a_trip_says_its_fare_and_why(process: Process) -> None:
    """And a missing tap off says what it costs until it is set right."""
    for (trip, words), look in itertools.product(TRIPS.values(), LOOKS.values()):
        phone = await Drawing(process, **look).show(partial(OneTrip, trip))
        text = phone.text()
        assert "language" in look or all(each in text for each in words), text
        await phone.close()


async def test_the_history_with_trips_and_without(process: Process) -> None:
    """Every kind of row, and the line for none."""
    rows = [one for one, _words in TRIPS.values()]
    for look in LOOKS.values():
        await (await Drawing(process, **look).show(lambda: TripList(rows))).close()
        empty = await Drawing(process, **look).show(lambda: TripList([]))
        assert "Chưa có chuyến đi" in empty.text() or "No trips yet" in empty.text()
        await empty.close()
