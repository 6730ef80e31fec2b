"""Results over time: what may share an axis, where the laboratory's limits lay, which way it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from services.health_records.fhir import FhirDate, Quantity
from services.health_records.items import Result
from services.health_records.reading import key_of
from services.health_records.summary import ResultSeries, result_series

Movement = Literal["rising", "falling", "steady", ""]


@dataclass(frozen=True, slots=True)
class Trend:
    """One test: its numbers, a series for each unit, and the results that are no numbers.

    `key` may stand in an address and is the same for the same test.
    """

    key: str
    title: str
    series: tuple[ResultSeries, ...]
    in_words: tuple[Result, ...] = ()

    @property
    def latest(self) -> Result:
        """The newest result of the test, number or not."""
        firsts = [series.latest for series in self.series] + list(self.in_words[:1])
        return max(firsts, key=_moment)

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result, by unit and each newest first, then those in words."""
        return (*(r for series in self.series for r in series.results), *self.in_words)

    @property
    def count(self) -> int:
        """How many results there are."""
        return sum(len(series.results) for series in self.series) + len(self.in_words)


@dataclass(frozen=True, slots=True)
class Point:
    """A number on an axis of time. `day` is the first day of what is known of the date."""

    result: Result
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Band:
    """Limits that hold from `start` to `end`, as the laboratory gave them with those results."""

    start: date
    end: date
    low: float | None
    high: float | None


def trends_of(results: Iterable[Result]) -> tuple[Trend, ...]:
    """Every test that has a value, the one with the newest result first."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.quantity is not None or result.value:
            groups.setdefault(_name(result), []).append(result)
    found = [_trend(name, group) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda trend: _moment(trend.latest), reverse=True))


def _trend(name: str, group: list[Result]) -> Trend:
    words = sorted((r for r in group if r.quantity is None), key=_moment, reverse=True)
    newest = max(group, key=_moment)
    return Trend(key_of(name), newest.title, result_series(group), tuple(words))


def _name(result: Result) -> str:
    return next((f"{c.system}|{c.code}" for c in result.codes if c.code), result.title)


def _moment(result: Result) -> tuple[int, int, int, str]:
    return result.date.sort_key if result.date else (0, 0, 0, "")


def points(series: ResultSeries, months: int | None = None) -> tuple[Point, ...]:
    """The dated results, oldest first; with `months`, those of so long before the newest."""
    found = [
        Point(result, day, float(result.quantity.value))
        for result in reversed(series.results)
        if result.quantity is not None and (day := first_day(result.date)) is not None
    ]
    if not found or months is None:
        return tuple(found)
    earliest = found[-1].day - timedelta(days=round(months * 30.44) + 7)
    return tuple(point for point in found if point.day >= earliest)


def first_day(given: FhirDate | None) -> date | None:
    """The first day of what is known of a date; None where not even the year is."""
    if given is None or not given.year:
        return None
    try:
        return date(given.year, given.month or 1, given.day or 1)
    except ValueError:
        return date(given.year, given.month or 1, 1) if 1 <= given.year <= 9999 else None


def limits_of(result: Result) -> tuple[float | None, float | None]:
    """(low, high) of the first range in the result's own unit; None where there is no limit."""
    for given in result.reference_ranges:
        low, high = _in_unit(given.low, result.quantity), _in_unit(given.high, result.quantity)
        if low is not None or high is not None:
            return low, high
    return None, None


def _in_unit(limit: Quantity | None, of: Quantity | None) -> float | None:
    if limit is None or of is None:
        return None
    same = not limit.unit or limit.unit == of.unit or (limit.code and limit.code == of.code)
    return float(limit.value) if same else None


def bands(found: tuple[Point, ...]) -> tuple[Band, ...]:
    """The limits along the points: each result's own, up to half way to its neighbours."""
    shown: list[Band] = []
    for place, point in enumerate(found):
        low, high = limits_of(point.result)
        start = _between(found[place - 1].day, point.day) if place else point.day
        end = _between(point.day, found[place + 1].day) if place + 1 < len(found) else point.day
        if low is None and high is None:
            continue
        last = shown[-1] if shown else None
        if last is not None and last.end == start and (last.low, last.high) == (low, high):
            shown[-1] = Band(last.start, end, low, high)
        else:
            shown.append(Band(start, end, low, high))
    return tuple(shown)


def _between(one: date, other: date) -> date:
    return one + (other - one) / 2


def movement(found: tuple[Point, ...]) -> Movement:
    """Which way the numbers went, of three results or more; nothing where they went both ways."""
    values = [point.value for point in found]
    if len(values) < 3:
        return ""
    steps = [after - before for before, after in pairwise(values)]
    if all(step == 0 for step in steps):
        return "steady"
    if all(step <= 0 for step in steps):
        return "falling"
    return "rising" if all(step >= 0 for step in steps) else ""
