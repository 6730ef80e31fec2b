"""Services and receipts on the wire, as GeoReport v2 has them; reports are in
`report_answers.py`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


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
    """The answer to POST Service Request: an id, or for submitters who take tokens a token."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str
    account_id: str | None = None


class TokenEntry(BaseModel):
    """The answer to GET service_request_id from a token."""

    service_request_id: str
    token: str


class Endpoint(BaseModel):
    """One endpoint of the discovery document."""

    specification: str
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(BaseModel):
    """GeoReport's service discovery."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]
