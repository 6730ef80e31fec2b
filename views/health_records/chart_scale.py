"""Where a value and a day lie in a chart: round ticks, a frame around the points, no drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from services.health_records.trends import Band, Point

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis from `low` to `high` with its ticks; `decimals` is what they need."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's edges in dp, and what lies on them."""

    left: float
    top: float
    right: float
    bottom: float
    axis: Axis
    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day lies; a single day lies in the middle."""
        span = (self.last - self.first).days
        if span <= 0:
            return (self.left + self.right) / 2
        inner = self.right - self.left - 2 * EDGE
        return self.left + EDGE + inner * (day - self.first).days / span

    def y(self, value: float) -> float:
        """Where a value lies, never outside the frame."""
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))


EDGE = 16
"""In dp: how far the first and last points stay from the frame."""


def axis_of(points: tuple[Point, ...], bands: tuple[Band, ...]) -> Axis:
    """Round ticks around every value, with the limits where they lie near."""
    values = [point.value for point in points]
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) * 0.2 or 1.0
    for band in bands:
        for limit in (band.low, band.high):
            # A limit ten spreads away would press the line flat.
            if limit is not None and low - 3 * spread <= limit <= high + 3 * spread:
                values.append(limit)
    low, high = min(values), max(values)
    margin = ((high - low) or spread) * 0.12
    below = low - margin if low < 0 or low - margin > 0 else 0.0
    step = _step((high + margin - below) / 3)
    first = math.floor(below / step + 1e-9)
    count = max(1, math.ceil((high + margin) / step - 1e-9) - first)
    ticks = tuple((first + n) * step for n in range(count + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    decimals += (
        1 if decimals and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6 else 0
    )
    decimals = max(decimals, 1 if step < 1 or not float(step).is_integer() else 0)
    return Axis(ticks[0], ticks[-1], ticks, decimals)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(power * step for step in STEPS if power * step >= rough * (1 - 1e-9))


def labelled_days(points: tuple[Point, ...], frame: Frame, width: float) -> tuple[date, ...]:
    """The days to write below the chart: the last and the first, then what fits between."""
    days = sorted({point.day for point in points})
    chosen = [days[-1]]
    for day in (days[0], *reversed(days[1:-1])):
        if all(abs(frame.x(day) - frame.x(other)) >= width for other in chosen):
            chosen.append(day)
    return tuple(sorted(chosen))
