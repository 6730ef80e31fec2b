"""What a stay costs, and what a plate is."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.parking.fees import CITY, DAY, HOUR, price_at, schedule
from gateway.parking.plates import plate_of

MORNING = int(datetime(2026, 10, 14, 8, 17, tzinfo=CITY).timestamp())


def cost(vehicle: str, started_at: int, seconds: int) -> int:
    """The price of a stay of so many seconds."""
    end = started_at + seconds
    return price_at(schedule(vehicle, started_at, max(end, started_at + 1)), end).amount


@pytest.mark.parametrize(
    ("minutes", "amount"),
    [
        (0, 25_000),
        (1, 25_000),
        (60, 25_000),
        (61, 50_000),
        (84, 50_000),
        (120, 50_000),
        (121, 85_000),
        (240, 120_000),
        (241, 165_000),
        (600, 390_000),
    ],
)
def test_a_car_pays_each_begun_hour_by_its_step(minutes: int, amount: int) -> None:
    """Decision 44/2017: 25, 35 and 45 thousand an hour; the design's 01:24 costs 50.000."""
    assert cost("car_up_to_9", MORNING, minutes * 60) == amount


@pytest.mark.parametrize(
    ("hour", "hours", "amount"),
    [
        (8, 2, 5_000),
        (8, 10, 5_000),
        (8, 11, 12_000),
        (20, 3, 8_000),
        (20, 12, 12_000),
        (1, 4, 8_000),
        (8, 24, 12_000),
        (8, 25, 17_000),
        (20, 50, 32_000),
    ],
)
def test_a_motorbike_pays_by_day_by_night_or_by_24_hours(
    hour: int, hours: int, amount: int
) -> None:
    """5.000 by day, 8.000 by night, 12.000 for both and for every whole day before."""
    start = int(datetime(2026, 10, 14, hour, tzinfo=CITY).timestamp())
    assert cost("motorbike", start, hours * HOUR) == amount


@given(
    st.sampled_from(["car_up_to_9", "motorbike"]),
    st.integers(0, 40 * DAY),
    st.lists(st.integers(0, 3 * DAY), min_size=2, max_size=2),
)
def test_a_longer_stay_never_costs_less(vehicle: str, offset: int, lengths: list[int]) -> None:
    """And what was foretold from the start is what the end costs."""
    shorter, longer = sorted(lengths)
    start = MORNING + offset
    assert cost(vehicle, start, shorter) <= cost(vehicle, start, longer)
    foretold = schedule(vehicle, start, start + 4 * DAY)
    assert price_at(foretold, start + longer).amount == cost(vehicle, start, longer)


@given(st.integers(-DAY, 0))
def test_an_end_before_the_start_costs_the_first_unit(early: int) -> None:
    """A clock that was set back must not make a stay free or negative."""
    steps = schedule("car_up_to_9", MORNING, MORNING + 1)
    assert price_at(steps, MORNING + early).amount == 25_000


@pytest.mark.parametrize(
    ("typed", "vehicle", "kept"),
    [
        ("30K-012.34", "car_up_to_9", "30K01234"),
        (" 30k 01234 ", "car_up_to_9", "30K01234"),
        ("29A-1234", "car_up_to_9", "29A1234"),
        ("30LD-012.34", "car_up_to_9", "30LD01234"),
        ("29-C1 123.45", "motorbike", "29C112345"),
        ("29MĐ1-012.34", "motorbike", None),
        ("29AA-012.34", "motorbike", "29AA01234"),
        ("30K-012.34", "motorbike", None),
        ("10A-012.34", "car_up_to_9", None),
        ("30J-012.34", "car_up_to_9", None),
        ("30K-01.234.5", "car_up_to_9", None),
        ("30K-12", "car_up_to_9", None),
        ("", "car_up_to_9", None),
        ("30K-012.34; DROP", "car_up_to_9", None),
    ],
)
def test_a_plate_is_read_as_people_write_it(typed: str, vehicle: str, kept: str | None) -> None:
    """Dots, dashes and small letters do not matter; another country's plate does."""
    assert plate_of(typed, vehicle) == kept
