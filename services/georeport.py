"""The records of Open311 GeoReport v2, read from JSON as cities really answer it.

What is not in the standard stands in `extended_attributes`. Only an id has to be there. XML is
brought into the same form by `georeport_xml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.errors import GatewayUnavailable
from services.reading import (
    CITY_TIME,
    count,
    day,
    degrees,
    mapping,
    metres,
    moment,
    moment_of,
    objects,
    one_object,
    sequence,
    text,
    texts,
    words,
    yes,
)
from services.report_parts import Agency, Media, Overdue, Rating, Reason, Update, media_of
from services.service_definitions import (
    Attribute,
    AttributeValue,
    Service,
    ServiceDefinition,
    services_of,
)

__all__ = [
    "CITY_TIME",
    "Agency",
    "Attribute",
    "AttributeValue",
    "Media",
    "Nearby",
    "Overdue",
    "Rating",
    "Reason",
    "Receipt",
    "Service",
    "ServiceDefinition",
    "ServiceRequest",
    "Similar",
    "Update",
    "nearby_of",
    "objects",
    "service_request_of",
    "service_requests_of",
    "services_of",
    "similar_of",
    "updates_of",
]


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One report: the standard's fields, then the extension's (docs/reports-extension.md).

    `lat` and `long` are WGS 84 degrees. `status` is open or closed; `status_code` is the finer
    word, derived where a city has none. `working_days` run from the day after sending to the
    deadline. `acts` are what this resident may do now, some only until `act_until`.
    """

    service_request_id: str
    status: str
    status_code: str
    service_code: str = ""
    service_name: str = ""
    description: str = field(default="", repr=False)
    status_notes: str = ""
    agency_responsible: str = ""
    service_notice: str = ""
    requested_datetime: datetime | None = None
    updated_datetime: datetime | None = None
    expected_datetime: datetime | None = None
    address: str = field(default="", repr=False)
    address_id: str = ""
    zipcode: str = ""
    lat: float | None = field(default=None, repr=False)
    long: float | None = field(default=None, repr=False)
    media_url: str | None = None
    urgency: str = ""
    ward_code: str = ""
    ward_name: str = ""
    media: tuple[Media, ...] = ()
    working_days: tuple[date, ...] = ()
    hide_name: bool = False
    revision: int = 0
    extension_url: str = ""
    public_url: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    mine: bool = False
    following: bool = False
    followers: int = 0
    acts: tuple[str, ...] = ()
    act_until: Mapping[str, datetime] = field(default_factory=dict)
    question: str = field(default="", repr=False)
    paused_since: datetime | None = None
    overdue: Overdue | None = None
    escalation: int = 0
    reason: Reason | None = None
    rating: Rating | None = None
    merged_into: str = ""
    split_from: str = ""
    split_into: tuple[str, ...] = ()
    agency: Agency = field(default_factory=Agency)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ServiceRequest:
        """Read one element of GET requests."""
        more = mapping(item.get("extended_attributes"))
        ward = mapping(more.get("ward"))
        status = "closed" if words(item, "status").lower() == "closed" else "open"
        return cls(
            service_request_id=words(item, "service_request_id"),
            status=status,
            status_code=text(more, "status_code") or ("done" if status == "closed" else "waiting"),
            service_code=words(item, "service_code"),
            service_name=words(item, "service_name"),
            description=words(item, "description"),
            status_notes=words(item, "status_notes"),
            agency_responsible=words(item, "agency_responsible"),
            service_notice=words(item, "service_notice"),
            requested_datetime=moment(item, "requested_datetime"),
            updated_datetime=moment(item, "updated_datetime"),
            expected_datetime=moment(item, "expected_datetime"),
            address=words(item, "address"),
            address_id=words(item, "address_id"),
            zipcode=words(item, "zipcode"),
            lat=degrees(item.get("lat"), 90),
            long=degrees(item.get("long"), 180),
            media_url=text(item, "media_url"),
            urgency=words(more, "urgency"),
            ward_code=words(ward, "code") or words(item, "address_id"),
            ward_name=words(ward, "name"),
            media=_media(item, more),
            working_days=tuple(filter(None, map(day, sequence(more.get("working_days"))))),
            **_extension(more),
        )


@dataclass(frozen=True, slots=True)
class Nearby:
    """A report near a place, names hidden, with the metres to it."""

    request: ServiceRequest
    distance_m: float


@dataclass(frozen=True, slots=True)
class Similar:
    """An open report that may be about the same thing: how far away and how many days old."""

    request: ServiceRequest
    distance_m: float
    age_days: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What happened to a report that was sent: its id (or the city's token for it), or it waits."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str = ""
    queued: bool = False

    @classmethod
    def from_json(cls, body: Any) -> Receipt:
        """Read the answer to POST requests; GatewayUnavailable if it names no report."""
        item = next(iter(objects(body)), {})
        receipt = cls(
            service_request_id=text(item, "service_request_id"),
            token=text(item, "token"),
            service_notice=words(item, "service_notice"),
        )
        if receipt.service_request_id is None and receipt.token is None:
            raise GatewayUnavailable("broken_answer")
        return receipt

    def to_json(self) -> dict[str, Any]:
        """Write it as a city answers it."""
        return {
            "service_request_id": self.service_request_id,
            "token": self.token,
            "service_notice": self.service_notice,
        }


def service_requests_of(body: Any) -> list[ServiceRequest]:
    """Read GET requests; an entry that has only a token yet is left out."""
    return [one for one in map(ServiceRequest.from_json, objects(body)) if one.service_request_id]


def service_request_of(body: Any) -> ServiceRequest:
    """Read one report, bare or in GeoReport's list of one; GatewayUnavailable if there is none."""
    item = next(iter(objects(body)), {}) if isinstance(body, list) else one_object(body)
    found = ServiceRequest.from_json(item)
    if not found.service_request_id:
        raise GatewayUnavailable("broken_answer")
    return found


def updates_of(body: Any) -> list[Update]:
    """Read GET updates."""
    return [Update.from_json(item) for item in objects(body)]


def nearby_of(body: Any) -> list[Nearby]:
    """Read GET nearby."""
    return [Nearby(request, metres(more, "distance_m")) for request, more in _placed(body)]


def similar_of(body: Any) -> list[Similar]:
    """Read GET similar."""
    return [
        Similar(request, metres(more, "distance_m"), count(more, "age_days") or 0)
        for request, more in _placed(body)
    ]


def _placed(body: Any) -> list[tuple[ServiceRequest, Mapping[str, Any]]]:
    """Return reports with what stands beside them, in the report or in its extension."""
    read = [
        (ServiceRequest.from_json(item), {**item, **mapping(item.get("extended_attributes"))})
        for item in objects(body)
    ]
    return [(request, more) for request, more in read if request.service_request_id]


def _extension(more: Mapping[str, Any]) -> dict[str, Any]:
    answers, until = mapping(more.get("attributes")), mapping(more.get("act_until"))
    return {
        "hide_name": yes(more, "hide_name"),
        "revision": count(more, "revision") or 0,
        "extension_url": words(more, "extension_url"),
        "public_url": words(more, "public_url"),
        "attributes": {str(code): words(answers, code) for code in answers},
        "mine": yes(more, "mine"),
        "following": yes(more, "following"),
        "followers": count(more, "followers") or 0,
        "acts": texts(more.get("acts")),
        "act_until": {str(act): at for act in until if (at := moment_of(until[act]))},
        "question": words(more, "question"),
        "paused_since": moment(more, "paused_since"),
        "overdue": Overdue.from_json(more.get("overdue")),
        "escalation": count(more, "escalation") or 0,
        "reason": Reason.from_json(more.get("reason")),
        "rating": Rating.from_json(more.get("rating")),
        "merged_into": words(more, "merged_into"),
        "split_from": words(more, "split_from"),
        "split_into": texts(more.get("split_into")),
        "agency": Agency.from_json(more.get("agency")),
    }


def _media(item: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[Media, ...]:
    alone = text(item, "media_url")
    return media_of(more.get("media")) or ((Media(alone),) if alone else ())
