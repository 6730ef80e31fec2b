"""What of a report everybody may see: a place near a home is shown to 50 m, without its number."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Row

from gateway.service_requests.places import METRES_PER_DEGREE, cell_of
from gateway.service_requests.services import services
from gateway.service_requests.tables import service_requests
from gateway.service_requests.wards import wards

_METRES = 50


def public_point(row: Row[Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude as everybody may see them, in degrees."""
    return _shown_point(row.service_code, row.lat, row.long)


def public_cell(service_code: str, lat: float | None, long: float | None) -> int | None:
    """The cell of the place everybody may see: a question about a place never tells more."""
    return cell_of(*_shown_point(service_code, lat, long))


def public_address(row: Row[Any]) -> str:
    """The address as everybody may see it: the ward alone for a service that is often at a home."""
    if not is_home_like(row.service_code):
        return str(row.address)
    ward = wards().get(row.ward_code)
    return ward.name if ward else ""


def is_home_like(service_code: str) -> bool:
    """Whether reports of that service are often about somebody's home; one that has left the list
    is taken to be.
    """
    found = services().get(service_code)
    return found is None or found.home_like


def _shown_point(
    service_code: str, lat: float | None, long: float | None
) -> tuple[float | None, float | None]:
    if lat is None or long is None or not is_home_like(service_code):
        return lat, long
    north = _METRES / METRES_PER_DEGREE
    shown = round(lat / north) * north
    east = north / cos(radians(shown))
    return round(shown, 6), round(round(long / east) * east, 6)


def is_hidden(row: Row[Any]) -> bool:
    """Whether a report is taken back or a hoax: who follows it learns that, and reads it no more."""
    return row.status_code == "withdrawn" or bool(row.hoax)


def is_public() -> ColumnElement[bool]:
    """What narrows reports to those everybody may see: not taken back, and no hoax."""
    columns = service_requests.c
    return (columns.status_code != "withdrawn") & ~columns.hoax
