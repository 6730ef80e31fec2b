"""Deadlines: promises to residents, counted in the office's own days and hours."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest

from gateway.working_time import (
    HANOI,
    after_working_days,
    after_working_hours,
    is_working_day,
    working_days_after,
    working_days_before,
)


def at(text: str) -> datetime:
    """A moment in Hà Nội."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def test_a_weekend_is_not_counted() -> None:
    """Monday's report with five days is due the next Monday, as the day bar shows it."""
    deadline = after_working_days(at("2026-10-12T09:12"), 5)
    assert deadline.due == at("2026-10-19T17:00")
    assert deadline.working_days == tuple(date(2026, 10, day) for day in (13, 14, 15, 16, 19))


def test_the_lunar_new_year_is_not_counted() -> None:
    """Nobody works at Tết; a deadline in it would be broken before it began."""
    assert after_working_days(at("2026-02-13T16:00"), 1).due == at("2026-02-23T17:00")


def test_a_saturday_worked_for_a_holiday_counts() -> None:
    """Saturday 22 August 2026 is worked for Monday 31 August."""
    assert is_working_day(date(2026, 8, 22))
    assert not is_working_day(date(2026, 8, 31))


def test_a_report_sent_late_at_night_utc_counts_from_the_day_in_hanoi() -> None:
    """18:30 UTC on Monday is Tuesday in Hà Nội: counting in UTC would take a day from the office."""
    sent = datetime.fromisoformat("2026-10-12T18:30:00+00:00")
    assert after_working_days(sent, 1).working_days == (date(2026, 10, 14),)


@pytest.mark.parametrize(
    ("sent", "due", "days"),
    [
        ("2026-10-12T08:00", "2026-10-12T12:00", []),
        ("2026-10-12T09:12", "2026-10-12T14:12", []),
        ("2026-10-12T12:30", "2026-10-12T17:00", []),
        ("2026-10-12T16:00", "2026-10-13T11:00", [13]),
        ("2026-10-12T20:00", "2026-10-13T12:00", [13]),
        ("2026-10-16T16:30", "2026-10-19T11:30", [19]),
        ("2026-10-17T10:00", "2026-10-19T12:00", [19]),
        ("2026-10-12T03:00", "2026-10-12T12:00", []),
    ],
)
def test_an_urgent_report_is_due_in_four_office_hours(sent: str, due: str, days: list[int]) -> None:
    """Urgent means four hours in which somebody is there, over lunch, night and weekend."""
    deadline = after_working_hours(at(sent), 4)
    assert deadline.due == at(due)
    assert deadline.working_days == tuple(date(2026, 10, day) for day in days)


def test_counting_back_undoes_counting_forward() -> None:
    """The sandbox tells its stories relative to today."""
    start = date(2026, 9, 1)
    for count, day in enumerate(islice(working_days_after(start), 20), start=1):
        assert working_days_before(day, count) <= start
        assert working_days_before(day, count - 1) > start
    assert working_days_before(date(2026, 10, 18), 0) == date(2026, 10, 16)
