"""Where reports lie, for questions about a place: a grid of cells an index can answer from."""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, ceil, cos, floor, radians, sin, sqrt

CELL_DEGREES = 0.01
"""The side of a cell: about 1.1 km from south to north."""

FARTHEST_NORTH = 75
"""Degrees. Cells grow narrower towards the poles, where a circle touches them without end; no city
lies there.
"""

METRES_PER_DEGREE = 111_200
_EARTH_METRES = 6_371_000
_ROW = 100_000


def cell_of(lat: float | None, long: float | None) -> int | None:
    """The number of the cell a point (degrees, WGS 84) lies in; None without a point."""
    if lat is None or long is None:
        return None
    return _number(floor(lat / CELL_DEGREES), floor(long / CELL_DEGREES))


def cells_around(lat: float, long: float, metres: float) -> list[int]:
    """The cells that a circle around the point may touch, those nearest to it first; none near
    the poles.
    """
    if abs(lat) > FARTHEST_NORTH:
        return []
    column = long / CELL_DEGREES
    row = lat / CELL_DEGREES
    squeezed = cos(radians(lat))

    def away(cell: tuple[int, int]) -> float:
        return (cell[0] + 0.5 - row) ** 2 + ((cell[1] + 0.5 - column) * squeezed) ** 2

    return [_number(*cell) for cell in sorted(_cells_around(lat, long, metres), key=away)]


def _cells_around(lat: float, long: float, metres: float) -> Iterator[tuple[int, int]]:
    high = metres / METRES_PER_DEGREE
    wide = high / cos(radians(lat))
    for row in range(floor((lat - high) / CELL_DEGREES), ceil((lat + high) / CELL_DEGREES)):
        for column in range(
            floor((long - wide) / CELL_DEGREES), ceil((long + wide) / CELL_DEGREES)
        ):
            yield row, column


def metres_between(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """The distance of two points along the earth (haversine), in metres."""
    north, east = radians(other_lat - lat), radians(other_long - long)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(half))


def _number(row: int, column: int) -> int:
    return row * _ROW + column
