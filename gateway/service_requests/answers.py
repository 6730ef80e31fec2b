"""Reports on the wire: GeoReport v2's fields, with this city's additions under
`extended_attributes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import Row

from gateway.service_requests.services import services
from gateway.service_requests.tables import CLOSED_CODES
from gateway.service_requests.wards import wards
from gateway.working_time import HANOI


class ServiceExtension(BaseModel):
    """How long an answer may take: working hours for urgent services, working days for the
    others.
    """

    urgency: str
    working_days: int | None = None
    working_hours: int | None = None


class ServiceEntry(BaseModel):
    """One service of the GeoReport service list."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"]
    keywords: str
    group: str
    extended_attributes: ServiceExtension


class AttributeValue(BaseModel):
    """One value an attribute may have."""

    key: str
    name: str


class Attribute(BaseModel):
    """One attribute of a service definition."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str
    order: int
    description: str
    values: list[AttributeValue]


class ServiceDefinition(BaseModel):
    """What a report of this service may carry beyond the usual fields."""

    service_code: str
    attributes: list[Attribute]


class Receipt(BaseModel):
    """The answer to POST Service Request."""

    service_request_id: str
    service_notice: str
    account_id: str | None = None


class WardName(BaseModel):
    """A ward by code and name."""

    code: str
    name: str


class Media(BaseModel):
    """One photo: addresses that need the resident's token, and `before` or `after` the work."""

    url: str
    thumbnail_url: str
    description: str
    stage: Literal["before", "after"]


class Extension(BaseModel):
    """What this city adds to a GeoReport service request."""

    status_code: str
    urgency: str
    hide_name: bool
    ward: WardName
    media: list[Media]
    working_days: list[date]
    updates_url: str


class ServiceRequest(BaseModel):
    """A GeoReport v2 service request."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str
    service_name: str
    service_code: str
    description: str
    agency_responsible: str
    service_notice: str
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime
    address: str
    address_id: str
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None
    extended_attributes: Extension


class UpdateEntry(BaseModel):
    """One entry of a report's timeline."""

    update_id: str
    status_code: str
    datetime: datetime
    description: str
    agency: str
    actor: str


def service_request(row: Row[Any], photos: Sequence[Row[Any]], api: str) -> dict[str, Any]:
    """A stored report as JSON. `api` is the gateway's public address."""
    shown = [_media(photo, api) for photo in photos]
    return ServiceRequest(
        service_request_id=row.service_request_id,
        status="closed" if row.status_code in CLOSED_CODES else "open",
        status_notes=row.status_notes,
        service_name=_service_name(row.service_code),
        service_code=row.service_code,
        description=row.description,
        agency_responsible=row.agency_responsible,
        service_notice=row.service_notice,
        requested_datetime=row.requested_datetime.astimezone(HANOI),
        updated_datetime=row.updated_datetime.astimezone(HANOI),
        expected_datetime=row.expected_datetime.astimezone(HANOI),
        address=row.address,
        address_id=row.ward_code,
        zipcode=None,
        lat=row.lat,
        long=row.long,
        media_url=shown[0].url if shown else None,
        extended_attributes=_extension(row, shown, api),
    ).model_dump(mode="json")


def update_entry(row: Row[Any]) -> dict[str, Any]:
    """A stored update as JSON."""
    return UpdateEntry(
        update_id=row.update_id,
        status_code=row.status_code,
        datetime=row.datetime.astimezone(HANOI),
        description=row.description,
        agency=row.agency,
        actor=row.actor,
    ).model_dump(mode="json")


def _extension(row: Row[Any], shown: list[Media], api: str) -> Extension:
    ward = wards().get(row.ward_code)
    return Extension(
        status_code=row.status_code,
        urgency=row.urgency,
        hide_name=row.hide_name,
        ward=WardName(code=row.ward_code, name=ward.name if ward else ""),
        media=shown,
        working_days=row.working_days,
        updates_url=f"{api}/open311/v2/requests/{row.service_request_id}/updates.json",
    )


def _media(row: Row[Any], api: str) -> Media:
    url = f"{api}/media/{row.media_id}.jpg"
    return Media(
        url=url,
        thumbnail_url=f"{url}?size=thumbnail",
        description=row.description,
        stage=row.stage,
    )


def _service_name(code: str) -> str:
    """The present name of the service; a report outlives the list."""
    found = services().get(code)
    return found.service_name if found else code
