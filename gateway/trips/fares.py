"""What a ride costs and why: by the kilometres outside the free zone, in the tariffs of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gateway.registers.network import Line, Stop
from gateway.registers.tariffs import find_tariff, tariff

Reason = Literal["free_group", "pass", "free_zone", "distance"]


@dataclass(frozen=True, slots=True)
class Holds:
    """What the code said when it was taken: product and fare class."""

    product: int
    group: int


@dataclass(frozen=True, slots=True)
class Fare:
    """VND and why; `km` is the ride's length, `free_km` what the free zone takes off it.

    `free_until` is the last day of that zone, in ISO 8601.
    """

    amount: int
    reason: Reason
    km: float
    free_km: float
    free_until: str | None = None


def fare(line: Line, start: Stop, end: Stop, holds: Holds, on: date) -> Fare:
    """The fare of a ride. Raises LookupError when no tariff is in force for that line."""
    km, inside = line.distance(start, end)
    zone = find_tariff("free_zones", on, zone="ring_road_1")
    free_km = inside if zone else 0.0
    if find_tariff("free_groups", on, group=holds.group):
        return Fare(0, "free_group", km, free_km)
    held = find_tariff("passes", on, product=holds.product)
    if held and line.mode in held["covers"]:
        return Fare(0, "pass", km, free_km)
    charged = round(km - free_km, 3)
    if charged <= 0 and free_km > 0:
        return Fare(0, "free_zone", km, free_km, zone["valid_until"] if zone else None)
    amount = _bus(charged, on) if line.mode == "bus" else _metro(line, charged, on)
    return Fare(amount, "distance", km, free_km)


def _bus(km: float, on: date) -> int:
    bands = tariff("bus_single", on)["bands"]
    return int(next(b["fare"] for b in bands if b["below_km"] is None or km < b["below_km"]))


def _metro(line: Line, km: float, on: date) -> int:
    row = tariff("metro_single", on, line=line.line)
    share = min(1.0, km / float(row["line_km"]))
    lowest, highest = int(row["lowest"]), int(row["highest"])
    return round(lowest + (highest - lowest) * share)
