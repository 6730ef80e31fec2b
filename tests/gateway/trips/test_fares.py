"""What a ride costs, and the reason that is said with it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.registers.network import line_of
from gateway.trips.fares import Fare, Holds, fare
from tests.gateway.cards.conftest import gate_city, gate_clock, gate_settings
from tests.gateway.trips.passes import PAID, PASS, WITH_PARKING

__all__ = ["gate_city", "gate_clock", "gate_settings"]
FREE_DAYS = date(2026, 7, 1), date(2027, 6, 30)


def cost(start: str, end: str, holds: Holds, on: date = date(2026, 10, 14)) -> Fare:
    """The fare between two places of one line."""
    line, one = line_of(start) or (None, None)
    other = line_of(end)
    assert line
    assert one
    assert other
    return fare(line, one, other[1], holds, on)


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        ("t1-my-dinh", "t1-hoai-duc", 8_000),
        ("t1-my-dinh", "t1-quoc-oai", 10_000),
        ("t1-my-dinh", "t1-thach-that", 10_000),
        ("t1-hoai-duc", "t1-ba-vi", 15_000),
        ("t1-my-dinh", "t1-ba-vi", 20_000),
        ("t1-long-bien", "t1-thach-that", 15_000),
        ("t1-long-bien", "t1-quoc-oai", 12_000),
        ("2a-lang", "2a-ha-dong", round(8_595 + 10_030 * 6.4 / 13.1)),
        ("2a-cat-linh", "2a-yen-nghia", round(8_595 + 10_030 * 12.2 / 13.1)),
        ("2a-ha-dong", "2a-lang", round(8_595 + 10_030 * 6.4 / 13.1)),
    ],
)
def test_a_single_ride_is_paid_by_distance(start: str, end: str, amount: int) -> None:
    """Bands of the bus; steps of the metro between its published ends."""
    found = cost(start, end, Holds(PAID, 0))
    assert (found.amount, found.reason) == (amount, "distance")


@pytest.mark.parametrize(
    ("on", "amount", "reason"),
    [
        (FREE_DAYS[0], 0, "free_zone"),
        (FREE_DAYS[1], 0, "free_zone"),
        (date(2026, 6, 30), 8_000, "distance"),
        (date(2027, 7, 1), 8_000, "distance"),
    ],
)
def test_inside_ring_road_1_is_free_on_its_days_alone(on: date, amount: int, reason: str) -> None:
    """From 1 July 2026 to 30 June 2027, both included."""
    found = cost("09a-bo-ho", "09a-trang-thi", Holds(PAID, 0), on)
    assert (found.amount, found.reason) == (amount, reason)
    assert found.free_until == ("2027-06-30" if amount == 0 else None)


def test_only_the_kilometres_inside_are_free() -> None:
    """A ride that leaves the ring pays for the rest of its way."""
    found = cost("2a-cat-linh", "2a-yen-nghia", Holds(PAID, 0))
    assert (found.km, found.free_km) == (13.1, 0.9)
    assert (
        found.amount < cost("2a-cat-linh", "2a-yen-nghia", Holds(PAID, 0), date(2026, 6, 30)).amount
    )


@pytest.mark.parametrize(
    ("holds", "reason"),
    [
        (Holds(PASS, 0), "pass"),
        (Holds(WITH_PARKING, 0), "pass"),
        (Holds(PAID, 2), "free_group"),
        (Holds(PASS, 2), "free_group"),
    ],
)
def test_passes_and_free_groups_pay_nothing_and_the_reason_is_said(
    holds: Holds, reason: str
) -> None:
    """The reason is the class or the pass, never why somebody has it."""
    found = cost("t1-long-bien", "t1-ba-vi", holds)
    assert (found.amount, found.reason) == (0, reason)


STOPS = [stop.place_id for stop in line_of("t1-long-bien")[0].stops]  # type: ignore[index]


@given(st.sampled_from(STOPS), st.sampled_from(STOPS), st.sampled_from(STOPS))
def test_a_longer_way_never_costs_less(one: str, two: str, three: str) -> None:
    """And the way back costs what the way there does."""
    places = sorted({one, two, three}, key=STOPS.index)
    if len(places) == 3:
        short, long = (
            cost(places[0], places[1], Holds(PAID, 0)),
            cost(places[0], places[2], Holds(PAID, 0)),
        )
        assert short.amount <= long.amount
        back = cost(places[2], places[0], Holds(PAID, 0))
        assert back.amount == long.amount
