"""Boundaries of wards from a file that the profile names: which ward a place lies in.

None are shipped. Read are GeoJSON (a FeatureCollection of polygons, the ward's code in a property
`code`, `ward_code` or `ma_xa`, or as the feature's id) and a plain list of `{"c": code, "p": rings}`.
Pure Python: a box, then a ray; rings count by turns, so holes and islands need no order.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.clock import ServerClock
from services.errors import ServiceError
from services.flights import Flights
from services.transport import CALL, exchange

CODES = ("code", "ward_code", "ma_xa")
NEAR = 250.0
"""Metres by which simplified boundaries may leave a gap between two wards."""
METRES_A_DEGREE = 111_195.0

Ring = tuple[tuple[float, float], ...]
"""Corners as (long, lat)."""


@dataclass(frozen=True, slots=True)
class Area:
    """One ward's area: its rings, and the box around them as (west, south, east, north)."""

    code: str
    rings: tuple[Ring, ...] = field(repr=False)
    box: tuple[float, float, float, float]

    @classmethod
    def of(cls, code: str, rings: Iterable[Sequence[Any]]) -> Area:
        """Make an area of rings of [long, lat]; ValueError for one that is none."""
        read = tuple(tuple((float(one[0]), float(one[1])) for one in ring) for ring in rings)
        corners = [corner for ring in read for corner in ring]
        if not code or len(corners) < 3 or not all(map(_is_place, corners)):
            raise ValueError("an area needs a code and rings of [long, lat]")
        longs, lats = zip(*corners, strict=True)
        return cls(code, read, (min(longs), min(lats), max(longs), max(lats)))

    def holds(self, lat: float, long: float) -> bool:
        """Whether the place lies inside."""
        west, south, east, north = self.box
        if not (west <= long <= east and south <= lat <= north):
            return False
        crossed = [_crosses(one, other, lat, long) for one, other in self._edges()]
        return sum(crossed) % 2 == 1

    def distance(self, lat: float, long: float) -> float:
        """Return the metres to the nearest edge; only right for places close by."""
        shrink = math.cos(math.radians(lat))
        return min(
            _to_edge(
                ((one[0] - long) * shrink, one[1] - lat), ((two[0] - long) * shrink, two[1] - lat)
            )
            for one, two in self._edges()
        )

    def _edges(self) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        for ring in self.rings:
            yield from zip(ring, (*ring[1:], ring[0]), strict=True)


class Boundaries:
    """The areas of a city's wards."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(areas)
        if not self.areas:
            raise ValueError("the file holds no areas")

    @classmethod
    def read(cls, content: bytes) -> Boundaries:
        """Read a file; ValueError says what is wrong with it."""
        document = json.loads(content)
        try:
            items = document["features"] if isinstance(document, dict) else document
            return cls(_feature(item) if "geometry" in item else _plain(item) for item in items)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError("this is neither GeoJSON nor a list of areas") from error

    def code_at(self, lat: float, long: float) -> str | None:
        """Return the code of the ward that holds the place."""
        return next((area.code for area in self.areas if area.holds(lat, long)), None)

    def near(self, lat: float, long: float) -> bool:
        """Whether the place is inside or in a gap between two simplified boundaries."""
        slack = 2 * NEAR / METRES_A_DEGREE
        return any(
            area.holds(lat, long) or area.distance(lat, long) <= NEAR
            for area in self.areas
            if area.box[0] - slack <= long <= area.box[2] + slack
            and area.box[1] - slack <= lat <= area.box[3] + slack
        )


class BoundarySource:
    """The boundaries a profile names by path or https address, read once for the whole process.

    What an address gave is kept in `cache`, and used when it is out of reach.
    """

    def __init__(
        self, where: str, http: httpx.AsyncClient, clock: ServerClock, cache: Path
    ) -> None:
        self._where = where
        self._http = http
        self._clock = clock
        self._cache = cache
        self._flights = Flights()
        self._read: Boundaries | None = None

    async def get(self) -> Boundaries | None:
        """Return the boundaries; None while there are none to be had, and the wards are guessed."""
        if self._read is None:
            with suppress(ServiceError, OSError, ValueError):
                self._read = await self._flights.fly("read", self._fetch)
        return self._read

    async def _fetch(self) -> Boundaries:
        if "://" not in self._where:
            return Boundaries.read(await asyncio.to_thread(Path(self._where).read_bytes))
        with suppress(ServiceError, ValueError):
            timeout = {"timeout": CALL.as_dict()}
            request = httpx.Request("GET", self._where, extensions=timeout)
            answer = await exchange(self._http, request, self._clock)
            if answer.status == 200:
                found = await asyncio.to_thread(Boundaries.read, answer.content)
                with suppress(OSError):
                    await asyncio.to_thread(self._cache.write_bytes, answer.content)
                return found
        return Boundaries.read(await asyncio.to_thread(self._cache.read_bytes))


def _feature(item: Any) -> Area:
    shape, properties = item["geometry"], item.get("properties") or {}
    code = next((properties[name] for name in CODES if properties.get(name)), item.get("id"))
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    if shape["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError("a ward's geometry is a Polygon or a MultiPolygon")
    return Area.of(str(code or ""), [ring for polygon in polygons for ring in polygon])


def _plain(item: Any) -> Area:
    return Area.of(str(item["c"]), item["p"])


def _is_place(corner: tuple[float, float]) -> bool:
    return -180 <= corner[0] <= 180 and -90 <= corner[1] <= 90


def _crosses(one: tuple[float, float], two: tuple[float, float], lat: float, long: float) -> bool:
    """Whether a ray from the place to the east crosses the edge."""
    if (one[1] > lat) == (two[1] > lat):
        return False
    return long < one[0] + (lat - one[1]) / (two[1] - one[1]) * (two[0] - one[0])


def _to_edge(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Return the metres from the origin to an edge; corners in degrees of latitude."""
    across, up = two[0] - one[0], two[1] - one[1]
    length = across * across + up * up
    along = -(one[0] * across + one[1] * up) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return METRES_A_DEGREE * math.hypot(one[0] + along * across, one[1] + along * up)
