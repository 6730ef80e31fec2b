"""What of a report everybody may see: a place near a home is shown to 50 m, without its number."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Row

from gateway.service_requests.tables import service_requests
from gateway.service_requests.wards import wards

HOME_LIKE = frozenset({"construction", "food-safety", "security", "urban-order"})
"""Services whose reports are often about somebody's home."""

_METRES = 50
_METRES_PER_DEGREE = 111_200


def public_point(row: Row[Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude as everybody may see them, in degrees."""
    if row.lat is None or row.long is None or row.service_code not in HOME_LIKE:
        return row.lat, row.long
    north = _METRES / _METRES_PER_DEGREE
    lat = round(row.lat / north) * north
    east = north / cos(radians(lat))
    return round(lat, 6), round(round(row.long / east) * east, 6)


def public_address(row: Row[Any]) -> str:
    """The address as everybody may see it: the ward alone for a service that is often at a home."""
    if row.service_code not in HOME_LIKE:
        return str(row.address)
    ward = wards().get(row.ward_code)
    return ward.name if ward else ""


def is_public() -> ColumnElement[bool]:
    """What narrows reports to those everybody may see: not taken back, and no hoax."""
    columns = service_requests.c
    return (columns.status_code != "withdrawn") & ~columns.hoax
