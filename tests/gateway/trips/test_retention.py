"""Taps are deleted when their time is over, and do not come back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, func, select

from gateway.cards.gate_tables import taps
from gateway.settings import FEWEST_DAYS, TAPS_KEPT_DAYS, Settings
from gateway.trips import retention
from gateway.trips.tables import corrections
from tests.gateway.cards.conftest import gate_city, gate_clock, gate_settings
from tests.gateway.cards.gate_twins import tap
from tests.gateway.trips.test_trips import Rides, city_rides
from tests.support.card_codes import AT

__all__ = ["city_rides", "gate_city", "gate_clock", "gate_settings"]

DAY = 86_400


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test moves."""
    return gate_settings


def rows(rides: Rides) -> tuple[int, int]:
    """How many taps and corrections there are."""

    def count(table: Table) -> int:
        counted = select(func.count()).select_from(table)
        return rides.city.database.run_here(lambda db: db.scalar(counted) or 0, write=False)

    return count(taps), count(corrections)


async def forget(rides: Rides) -> int:
    """What the hourly work does."""
    return await retention.forget_old(rides.city.settings, rides.city.database)


async def test_a_tap_is_deleted_when_its_time_is_over(
    city_rides: Rides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the resident's word about it, and not a second earlier; later taps stay."""
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    city, card = city_rides.city, city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    await city_rides.pass_gate(card, "2a-cat-linh", "in", AT + 2 * DAY)
    city.clock.at = AT + 3 * DAY
    first = (await city_rides.trips())[-1]
    path = f"/trips/{first['trip_id']}/alighting"
    assert (await city_rides.call("PUT", path, {"place_id": "t1-hoai-duc"})).status_code == 200
    city.clock.at = AT + TAPS_KEPT_DAYS * DAY
    assert (await forget(city_rides), rows(city_rides)) == (0, (2, 1))
    city.clock.at += 1
    assert (await forget(city_rides), rows(city_rides)) == (1, (1, 0))
    assert [trip["line"] for trip in await city_rides.trips()] == ["2A"]
    city.clock.at += 2 * DAY
    assert (await forget(city_rides), rows(city_rides)) == (1, (0, 0))


async def test_a_tap_that_was_deleted_is_not_taken_again(city_rides: Rides) -> None:
    """A gate whose line broke then sends it once more: it must not park or ride a second time."""
    card = city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    city_rides.city.clock.at = AT + TAPS_KEPT_DAYS * DAY + 1
    await forget(city_rides)
    answer = await city_rides.city.bring(city_rides._gates["t1-my-dinh"], tap(card, AT))
    assert answer.json() == {"new": 0, "refused": [{"index": 0, "reason": "too_old"}]}


async def test_it_is_done_each_hour_also_after_a_failure(
    city_rides: Rides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was away once must not end it."""
    slept: list[float] = []
    done: list[int] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 3:
            raise KeyboardInterrupt

    async def work(*_what: Any) -> int:
        done.append(len(slept))
        if len(done) == 1:
            raise OSError
        return 0

    monkeypatch.setattr(retention, "forget_old", work)
    with pytest.raises(KeyboardInterrupt):
        await retention.keep_forgetting(city_rides.city.settings, city_rides.city.database, sleep)
    assert (slept, done) == ([60.0, 3600.0, 3600.0, 3600.0], [1, 2, 3])


@pytest.mark.parametrize(("told", "days"), [({}, 180), ({"IHANOI_TAPS_KEPT_DAYS": "31"}, 31)])
def test_how_long_is_configured(told: dict[str, str], days: int) -> None:
    """A city may keep them for a shorter or a longer time."""
    assert Settings.from_environment(told).taps_kept_days == days


@pytest.mark.parametrize("wrong", ["30", "soon", "-1", "0"])
def test_a_time_in_which_a_stay_could_not_be_ended_is_refused(wrong: str) -> None:
    """And the sentence says what is possible."""
    with pytest.raises(ValueError, match=str(FEWEST_DAYS)):
        Settings.from_environment({"IHANOI_TAPS_KEPT_DAYS": wrong})
