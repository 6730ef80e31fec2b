"""Working days and hours of Vietnam's public offices, and the deadlines counted in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import islice, takewhile

from holidays import HolidayBase, country_holidays

HANOI = timezone(timedelta(hours=7), "+07")
"""Vietnam's time, which has had no summer time since 1975."""

OFFICE_HOURS = ((time(8), time(12)), (time(13), time(17)))
"""The spans in which a working hour passes.

The usual hours of a ward's office, not published: ours.
"""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an answer is due (aware, Hà Nội time) and the working dates counted on the way."""

    due: datetime
    working_days: tuple[date, ...]


@lru_cache(maxsize=1)
def _calendar() -> HolidayBase:
    return country_holidays("VN")


def is_working_day(day: date) -> bool:
    """Monday to Friday without public holidays, and the Saturdays worked in exchange for a
    holiday.
    """
    return bool(_calendar().is_working_day(day))


def working_days_after(day: date) -> Iterator[date]:
    """The working dates after `day`, without end."""
    while True:
        day += _ONE_DAY
        if is_working_day(day):
            yield day


def working_days_before(day: date, count: int) -> date:
    """The working date `count` working days before `day`; with 0 the last working date not after
    `day`.
    """
    while not is_working_day(day):
        day -= _ONE_DAY
    for _ in range(count):
        day -= _ONE_DAY
        while not is_working_day(day):
            day -= _ONE_DAY
    return day


def after_working_days(sent: datetime, days: int) -> Deadline:
    """Due at the close of the last of `days` working dates, the day of sending not counted."""
    counted = tuple(islice(working_days_after(sent.astimezone(HANOI).date()), days))
    return Deadline(datetime.combine(counted[-1], OFFICE_HOURS[-1][1], HANOI), counted)


def after_working_hours(sent: datetime, hours: float) -> Deadline:
    """Due when `hours` office hours have passed since `sent`, which may be the same day."""
    local = sent.astimezone(HANOI)
    left, days = timedelta(hours=hours), []
    for opens, closes in _office_spans(local):
        start = max(opens, local)
        if start.date() > local.date() and start.date() not in days:
            days.append(start.date())
        if start + left <= closes:
            return Deadline(start + left, tuple(days))
        left -= closes - start
    raise AssertionError("office spans do not end")


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """The office hours that pass from `start` to `end`; none when `end` is not later."""
    passed = timedelta()
    for opens, closes in _office_spans(start.astimezone(HANOI)):
        if opens >= end:
            return passed
        passed += min(closes, end) - max(opens, start)
    raise AssertionError("office spans do not end")


@lru_cache(maxsize=4096)
def working_days_between(first: date, last: date) -> int:
    """The working dates after `first` up to and with `last`."""
    return sum(1 for _ in takewhile(lambda day: day <= last, working_days_after(first)))


def put_back(due: datetime, by: timedelta, sent: datetime) -> Deadline:
    """A deadline that is `by` office hours later, and the working dates after `sent` up to it."""
    later = after_working_hours(due, by / timedelta(hours=1)).due if by else due.astimezone(HANOI)
    days = takewhile(
        lambda day: day <= later.date(), working_days_after(sent.astimezone(HANOI).date())
    )
    return Deadline(later, tuple(days))


def _office_spans(moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans of office hours that end after `moment`, without end."""
    today = moment.date()
    for day in _from(today):
        for opens, closes in OFFICE_HOURS:
            span = (datetime.combine(day, opens, HANOI), datetime.combine(day, closes, HANOI))
            if span[1] > moment:
                yield span


def _from(day: date) -> Iterator[date]:
    if is_working_day(day):
        yield day
    yield from working_days_after(day)
