"""What a stay costs: the moments at which its price steps up, by the tariff of its first day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from gateway.registers.tariffs import Row, tariff

HOUR = 3600
DAY = 24 * HOUR
# A fixed offset, because a machine without time zone files has to know the city's day too.
CITY = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Line:
    """`count` units at `price` VND each; `unit` is hour, day, night or full_day."""

    count: int
    unit: str
    price: int


@dataclass(frozen=True, slots=True)
class Step:
    """From just after `after` (UTC seconds) on the stay costs `amount`, made of `lines`."""

    after: int
    amount: int
    lines: tuple[Line, ...]


def city_day(at: int) -> date:
    """The city's calendar day of a moment."""
    return datetime.fromtimestamp(at, CITY).date()


def schedule(vehicle: str, started_at: int, through: int) -> list[Step]:
    """Every step of the price from the start through a moment; the first holds at once.

    Raises LookupError when no tariff is in force for that vehicle.
    """
    row = tariff("parking", city_day(started_at), vehicle=vehicle)
    steps = _hourly(row, started_at) if row["kind"] == "hourly" else _by_day(row, started_at)
    found: list[Step] = []
    for step in steps:
        if found and step.after >= through:
            break
        found.append(step)
    return found


def price_at(steps: Sequence[Step], at: int) -> Step:
    """The step in force at a moment; a begun unit counts whole, a moment before the start is it."""
    return next((step for step in reversed(steps) if step.after < at), steps[0])


def _hourly(row: Row, started_at: int) -> Iterator[Step]:
    hour = 1
    counts: dict[int, int] = {}
    while True:
        rate = [s["fee"] for s in row["steps"] if s["from_hour"] <= hour][-1]
        counts[rate] = counts.get(rate, 0) + 1
        lines = tuple(Line(count, "hour", price) for price, count in counts.items())
        amount = sum(line.count * line.price for line in lines)
        yield Step(started_at + (hour - 1) * HOUR, amount, lines)
        hour += 1


def _by_day(row: Row, started_at: int) -> Iterator[Step]:
    """Whole days of 24 hours, and of the rest its day, its night, or a whole day for both."""
    whole = 0
    while True:
        begin = started_at + whole * DAY
        before = (Line(whole, "full_day", row["full_day"]),) if whole else ()
        base = whole * row["full_day"]
        first = _is_day(row, begin)
        unit = "day" if first else "night"
        yield Step(begin, base + row[unit], (*before, Line(1, unit, row[unit])))
        total = (Line(whole + 1, "full_day", row["full_day"]),)
        yield Step(_next_change(row, begin), base + row["full_day"], total)
        whole += 1


def _is_day(row: Row, at: int) -> bool:
    hour = datetime.fromtimestamp(at, CITY).hour
    return bool(row["day_from"] <= hour < row["night_from"])


def _next_change(row: Row, at: int) -> int:
    """The next hour at which day turns to night or night to day."""
    there = datetime.fromtimestamp(at, CITY)
    hours = [row["day_from"], row["night_from"], row["day_from"] + 24]
    ahead: int = next(hour for hour in hours if hour > there.hour)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp() + ahead * HOUR)
