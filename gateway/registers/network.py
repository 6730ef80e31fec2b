"""The register of the transport network: lines, their stops, and how far apart they are."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

NETWORK_FILE = Path(__file__).with_name("network_sandbox.json")


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of one line, `km` along it; `ring_1` is inside Ring Road 1. Names are vi and en."""

    place_id: str
    name: Mapping[str, str]
    km: float
    ring_1: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A bus or metro line with its stops in their order."""

    line: str
    mode: str
    name: Mapping[str, str]
    stops: tuple[Stop, ...]

    def stop(self, place_id: str) -> Stop | None:
        """The stop of that id, or None."""
        return next((stop for stop in self.stops if stop.place_id == place_id), None)

    def farthest(self, stop: Stop) -> Stop:
        """The end of the line that is farther away."""
        return max((self.stops[0], self.stops[-1]), key=lambda end: abs(end.km - stop.km))

    def distance(self, one: Stop, other: Stop) -> tuple[float, float]:
        """Kilometres between two stops, and how many of them lie inside Ring Road 1."""
        low, high = sorted((one.km, other.km))
        inside = 0.0
        for a, b in zip(self.stops, self.stops[1:], strict=False):
            if low <= a.km and b.km <= high and a.ring_1 and b.ring_1:
                inside += b.km - a.km
        return round(high - low, 3), round(inside, 3)


def line_of(place_id: str) -> tuple[Line, Stop] | None:
    """The line and the stop of a gate's place, or None for a place that is no stop."""
    return _by_place().get(place_id)


@cache
def document() -> dict[str, Any]:
    """The whole file."""
    text = unicodedata.normalize("NFC", NETWORK_FILE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _by_place() -> dict[str, tuple[Line, Stop]]:
    lines = [
        Line(row["line"], row["mode"], row["name"], tuple(Stop(**stop) for stop in row["stops"]))
        for row in document()["lines"]
    ]
    return {stop.place_id: (line, stop) for line in lines for stop in line.stops}
