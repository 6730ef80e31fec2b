"""Hà Nội's 126 wards and communes: by name as people type it, and by place.

Boundaries are not shipped; a profile may name a file of them. Without one the unit of a place is
guessed by distance weighed with the unit's size, and the resident chooses among three.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.boundaries import BoundarySource

EARTH_RADIUS = 6_371_000.0
"""Metres."""
REACH = 1.8
"""How many radii of a circle of its area a unit reaches from its middle.

Of points spread over the true boundaries and 15 km around them, this takes all that are inside,
and 12 % of those outside.
"""
TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five tone marks as combining characters: huyền, sắc, ngã, hỏi, nặng."""


@dataclass(frozen=True, slots=True)
class Ward:
    """A commune-level unit: `name` without its kind, `kind` as written (Phường, Xã).

    `lat`, `long` is a point in its middle (WGS 84 degrees).
    """

    code: str
    name: str
    kind: str
    lat: float
    long: float
    area_km2: float

    @property
    def full_name(self) -> str:
        """Phường Hoàn Kiếm."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class NearbyWard:
    """A ward that a place may lie in, with the metres to its middle."""

    ward: Ward
    distance: float


@dataclass(frozen=True, slots=True)
class Located:
    """What is known of a place: its ward if the boundaries tell, else the likeliest three.

    `inside_city` is exact with boundaries and rough without; `exact` says which.
    """

    ward: Ward | None
    nearest: tuple[NearbyWard, ...]
    inside_city: bool
    exact: bool


class Wards:
    """The city's units; `all` has them in the order of their codes."""

    def __init__(self, wards: Iterable[Ward], source: BoundarySource | None = None) -> None:
        self.all = tuple(wards)
        self._by_code = {ward.code: ward for ward in self.all}
        self._source = source

    @classmethod
    def load(cls, path: Path) -> Wards:
        """Read `assets/wards.json`; raises OSError, ValueError or KeyError."""
        return cls(_ward(item) for item in json.loads(path.read_text(encoding="utf-8")))

    def bounded_by(self, source: BoundarySource | None) -> Wards:
        """Return the same units with the boundaries that a profile names."""
        return Wards(self.all, source)

    async def locate(self, lat: float, long: float) -> Located:
        """Say which ward a place lies in, or which three are likely, and whether in the city."""
        nearest = tuple(self.nearest(lat, long))
        boundaries = await self._source.get() if self._source else None
        if boundaries is None:
            return Located(None, nearest, self.inside_city(lat, long), exact=False)
        ward = self.find(boundaries.code_at(lat, long) or "")
        inside = ward is not None or boundaries.near(lat, long)
        return Located(ward, nearest, inside, exact=True)

    def find(self, code: str) -> Ward | None:
        """Return the unit of a code, None when the city has none."""
        return self._by_code.get(code)

    def search(self, text: str) -> list[Ward]:
        """Return the units whose name holds every word typed, the best fit first.

        Marks and capitals may be left out and tones stand on either vowel (hòa, hoà); names
        spelled as typed come first. An empty text finds every unit.
        """
        words = fold(text).split()
        found = [ward for ward in self.all if all(word in fold(ward.full_name) for word in words)]
        return sorted(found, key=lambda ward: _fit(ward, text))

    def nearest(self, lat: float, long: float, n: int = 3) -> list[NearbyWard]:
        """Return the `n` units a place most likely lies in, by distance over √area."""
        nearby = [NearbyWard(ward, distance(lat, long, ward.lat, ward.long)) for ward in self.all]
        return sorted(nearby, key=lambda one: one.distance / math.sqrt(one.ward.area_km2))[:n]

    def inside_city(self, lat: float, long: float) -> bool:
        """Say roughly whether a place is in the city: within reach of some unit's middle."""
        return any(
            distance(lat, long, ward.lat, ward.long)
            <= REACH * 1000 * math.sqrt(ward.area_km2 / math.pi)
            for ward in self.all
        )


def distance(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Return the metres between two places in WGS 84 degrees (haversine)."""
    one, other = math.radians(lat), math.radians(other_lat)
    half = math.radians(other_long - long) / 2
    square = math.sin((other - one) / 2) ** 2
    square += math.cos(one) * math.cos(other) * math.sin(half) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, square)))


def fold(text: str) -> str:
    """Return text without marks and capitals, đ as d: what a hurried typist means."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def spelled(text: str) -> str:
    """Return text with each word's tone at its end, so that hòa and hoà are the same."""
    return " ".join(_tone_last(word) for word in text.casefold().split())


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in TONES)
    return "".join(letter for letter in letters if letter not in TONES) + tones


def _fit(ward: Ward, text: str) -> tuple[bool, bool, bool, str]:
    """Sort key: spelled as typed, then beginning as typed, then beginning but for marks."""
    names = (ward.name, ward.full_name)
    as_typed, roughly = spelled(text), fold(text).strip()
    return (
        all(as_typed not in spelled(name) for name in names),
        not any(spelled(name).startswith(as_typed) for name in names),
        not any(fold(name).startswith(roughly) for name in names),
        ward.code,
    )


def _ward(item: dict[str, Any]) -> Ward:
    kind, _, name = unicodedata.normalize("NFC", item["name"]).partition(" ")
    return Ward(item["code"], name, kind, item["lat"], item["lon"], item["km2"])
