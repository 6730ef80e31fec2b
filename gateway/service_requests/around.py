"""Public reports around a place, and those that may be about the same thing.

Both measure from the place everybody may see: the exact one could be found from three distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, union_all

from gateway.service_requests.places import METRES_PER_DEGREE, cells_around, metres_between
from gateway.service_requests.publicity import is_public, public_point
from gateway.service_requests.services import Service
from gateway.service_requests.tables import service_requests

MOST = 100
"""The most reports one answer holds."""

FARTHEST_METRES = 5000
NEARBY_DAYS = 90
_MARGIN = 60
"""Metres: more than the place everybody may see is away from the exact one."""
_CANDIDATES = 600
_OF_A_CELL = 100
"""The most rows one question reads, and the most of them from one cell."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report and how many metres away it is shown."""

    row: Row[Any]
    distance_m: int


def nearby(
    connection: Connection,
    lat: float,
    long: float,
    radius: int,
    now: datetime,
    narrowed: Sequence[ColumnElement[bool]] = (),
) -> list[Found]:
    """Public reports of the last 90 days within `radius` metres, nearest first."""
    since = now - timedelta(days=NEARBY_DAYS)
    return _around(connection, lat, long, radius, since, narrowed)


def similar(
    connection: Connection, service: Service, lat: float, long: float, now: datetime
) -> list[Found]:
    """Open public reports of that service, as near and as young as the service says."""
    columns = service_requests.c
    narrowed = (columns.service_code == service.service_code, is_open())
    since = now - timedelta(days=service.similar_days)
    return _around(connection, lat, long, service.similar_metres, since, narrowed)


def is_open() -> ColumnElement[bool]:
    """What narrows reports to those still being handled."""
    return service_requests.c.closed_datetime.is_(None)


def _around(
    connection: Connection,
    lat: float,
    long: float,
    radius: int,
    since: datetime,
    narrowed: Iterable[ColumnElement[bool]],
) -> list[Found]:
    columns = service_requests.c
    cells = cells_around(lat, long, radius)
    if not cells:
        return []
    wanted = (columns.requested_datetime >= since, *_within(lat, long, radius), *narrowed)
    rows = connection.execute(_newest_in(cells, wanted)).all()
    found = []
    for row in rows:
        shown_lat, shown_long = public_point(row)
        if shown_lat is None or shown_long is None:
            continue
        distance = metres_between(lat, long, shown_lat, shown_long)
        if distance <= radius:
            found.append(Found(row, round(distance)))
    found.sort(key=lambda one: (one.distance_m, one.row.service_request_id))
    return found[:MOST]


def _within(lat: float, long: float, radius: int) -> Iterator[ColumnElement[bool]]:
    """A box around the circle: rows far outside are not read. It is wider by more than a shown
    place is off, for what decides is the distance to that.
    """
    columns = service_requests.c
    high = (radius + _MARGIN) / METRES_PER_DEGREE
    wide = high / cos(radians(lat))
    yield columns.lat.between(lat - high, lat + high)
    yield columns.long.between(long - wide, long + wide)


def _newest_in(cells: Sequence[int], narrowed: Iterable[ColumnElement[bool]]) -> Any:
    """The newest of each cell, the nearest cells first, read from the indexes of cell and time:
    the cost does not grow with the city's reports.
    """
    columns = service_requests.c
    wanted = (is_public(), *narrowed)
    parts = [
        select(
            select(service_requests)
            .where(columns.cell == cell, *wanted)
            .order_by(columns.requested_datetime.desc())
            .limit(_OF_A_CELL)
            .subquery()
        )
        for cell in cells
    ]
    return union_all(*parts).limit(_CANDIDATES)
