"""The 126 wards and communes of the city, and which of them a point probably lies in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians, sqrt
from pathlib import Path

_FILE = Path(__file__).parent.parent / "registers" / "wards.json"
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward (phường) or commune (xã): its code, its name, a point in it (degrees) and its area."""

    code: str
    name: str
    lat: float
    long: float
    km2: float

    @property
    def agency(self) -> str:
        """The people's committee that answers for it: "UBND phường Hoàn Kiếm"."""
        return f"UBND {self.name[0].lower()}{self.name[1:]}"


@cache
def wards() -> dict[str, Ward]:
    """Every ward by its code."""
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return {item["code"]: Ward(**item) for item in found}


def probable_ward(lat: float, long: float) -> Ward:
    """The ward whose point is nearest for its size: right four times in five, which is why it can
    be re-routed.
    """
    return min(wards().values(), key=lambda ward: _distance(ward, lat, long) / sqrt(ward.km2))


def _distance(ward: Ward, lat: float, long: float) -> float:
    """Kilometres on a flat map, exact enough inside one city."""
    east = (long - ward.long) * cos(radians(lat))
    return _KM_PER_DEGREE * hypot(lat - ward.lat, east)
