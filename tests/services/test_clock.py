"""The gateway's time on a device whose own clock is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import clock as clock_module
from services.clock import ServerClock
from tests.services.twins import NOW, Time


def seen(time: Time, server: float, trip: float = 0.0) -> ServerClock:
    clock = time.clock()
    clock.observe(formatdate(server, usegmt=True), time.now - trip, time.now)
    return clock


def test_a_device_that_is_behind_has_a_positive_offset() -> None:
    """With the wrong sign every card code would be refused."""
    time = Time(device_wrong_by=-120)
    clock = seen(time, time.now)
    assert 120 <= clock.offset.total_seconds() <= 121
    ahead = Time(device_wrong_by=120)
    assert -120 <= seen(ahead, ahead.now).offset.total_seconds() <= -119


def test_half_the_round_trip_is_taken_into_account() -> None:
    """On a slow line the answer is old when it arrives."""
    time = Time()
    clock = seen(time, time.now - 4, trip=8)
    assert abs(clock.now().timestamp() - time.now) <= 0.5


def test_setting_the_devices_clock_changes_nothing() -> None:
    """Nobody gets a ticket for tomorrow by turning the clock."""
    time = Time()
    clock = seen(time, time.now)
    before = clock.now()
    time.device_wrong_by = 86_400
    assert clock.now() == before
    time.now += 10
    assert (clock.now() - before).total_seconds() == 10


def test_without_an_answer_the_devices_clock_is_all_there_is() -> None:
    """The first start has no network, and still shows a date."""
    time = Time(device_wrong_by=7)
    clock = time.clock()
    assert (clock.measured, clock.offset.total_seconds()) == (False, 0)
    assert clock.now() == datetime.fromtimestamp(NOW + 7, UTC)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sun, 99 Nov 2026 10:00:00 GMT"])
def test_a_nonsense_date_is_ignored(date: str | None) -> None:
    """A proxy's header must not move the clock."""
    clock = Time().clock()
    clock.observe(date, NOW, NOW)
    assert not clock.measured


@given(st.lists(st.tuples(st.floats(0, 3600), st.floats(0, 5), st.floats(0, 1)), min_size=1))
def test_many_answers_never_make_it_worse_than_one(
    answers: list[tuple[float, float, float]],
) -> None:
    """`Date` is cut to seconds; the truth stays within what all answers allow."""
    time = Time()
    clock = time.clock()
    best = 10.0
    for pause, trip, share in answers:
        time.now += pause
        sent, received = time.now, time.now + trip
        time.now = received
        clock.observe(formatdate(sent + trip * share, usegmt=True), sent, received)
        best = min(best, (trip + 1) / 2)
        assert abs(clock.now().timestamp() - time.now) <= best + 1e-3


def test_a_gateway_whose_clock_was_set_is_followed() -> None:
    """An old measurement must not outweigh what the gateway says now."""
    time = Time()
    clock = seen(time, time.now)
    clock.observe(formatdate(time.now + 900, usegmt=True), time.now, time.now)
    assert 900 <= clock.now().timestamp() - time.now <= 901


def test_a_measurement_survives_the_apps_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The card works in the tunnel even if the app was started there."""
    monkeypatch.setattr(clock_module, "boot", lambda: "boot-1")
    time = Time(device_wrong_by=-300)
    snapshot = seen(time, time.now).snapshot()
    time.now += 50
    time.device_wrong_by = 4000
    later = time.clock()
    assert later.restore(snapshot)
    assert abs(later.now().timestamp() - time.now) <= 1


def test_a_measurement_ends_with_the_devices_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steady clock starts anew: the old offset would be days wrong."""
    time = Time()
    monkeypatch.setattr(clock_module, "boot", lambda: "boot-1")
    snapshot = seen(time, time.now).snapshot()
    monkeypatch.setattr(clock_module, "boot", lambda: "boot-2")
    assert not time.clock().restore(snapshot)


def test_without_a_boot_id_the_two_clocks_check_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """On an iPhone nothing names the boot; a moved clock is then not trusted."""
    monkeypatch.setattr(clock_module, "boot", lambda: "")
    time = Time()
    snapshot = seen(time, time.now).snapshot()
    assert time.clock().restore(snapshot)
    time.device_wrong_by = 60
    assert not time.clock().restore(snapshot)


@pytest.mark.parametrize("damaged", [None, {}, {"bounds": [1]}, {"bounds": "xy", "boot": 1}, 3])
def test_a_damaged_snapshot_is_not_trusted(damaged: object) -> None:
    """A broken file must not stop the start."""
    assert not Time().clock().restore(damaged)


def test_a_fresh_measurement_is_not_replaced_by_an_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restoring late must not undo what an answer has just said."""
    monkeypatch.setattr(clock_module, "boot", lambda: "boot-1")
    time = Time()
    old = seen(time, time.now - 900).snapshot()
    clock = seen(time, time.now)
    clock.restore(old)
    assert abs(clock.now().timestamp() - time.now) <= 1
