"""The records of Open311 GeoReport v2, read from JSON as cities really answer it.

Numbers come as strings, fields are missing or null, and what is not in the standard stands in
`extended_attributes`. Only an id has to be there. XML is read elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from services.errors import GatewayUnavailable

CITY_TIME = timezone(timedelta(hours=7))
"""What a time without an offset means: Asia/Ho_Chi_Minh has had no other since 1975."""


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of problem that can be reported.

    `working_days` or `working_hours` is the time a city allows itself, where it says so.
    """

    service_code: str
    service_name: str
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()
    type: str = "realtime"
    metadata: bool = False
    working_days: int | None = None
    working_hours: int | None = None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Service:
        """Read one element of GET services."""
        more = _mapping(item.get("extended_attributes"))
        keywords = (_text(item, "keywords") or "").split(",")
        return cls(
            service_code=_text(item, "service_code") or "",
            service_name=_text(item, "service_name") or "",
            description=_text(item, "description") or "",
            group=_text(item, "group") or "",
            keywords=tuple(word.strip() for word in keywords if word.strip()),
            type=_text(item, "type") or "realtime",
            metadata=str(item.get("metadata")).lower() == "true",
            working_days=_count(more, "working_days"),
            working_hours=_count(more, "working_hours"),
        )


@dataclass(frozen=True, slots=True)
class Media:
    """One photo of a service request: its address, a smaller one, and what it shows.

    `stage` is before or after the work; before where a city does not say.
    """

    url: str
    thumbnail_url: str | None = None
    description: str = ""
    stage: str = "before"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Media:
        """Read one element of `extended_attributes.media`."""
        return cls(
            url=_text(item, "url") or "",
            thumbnail_url=_text(item, "thumbnail_url"),
            description=_text(item, "description") or "",
            stage=_text(item, "stage") or "before",
        )


@dataclass(frozen=True, slots=True)
class Update:
    """One step in the life of a service request."""

    update_id: str
    status_code: str
    datetime: datetime | None
    description: str = field(default="", repr=False)
    agency: str = ""
    actor: str = ""

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Update:
        """Read one element of GET requests/{id}/updates."""
        return cls(
            update_id=_text(item, "update_id") or "",
            status_code=_text(item, "status_code") or "",
            datetime=_moment(item, "datetime"),
            description=_text(item, "description") or "",
            agency=_text(item, "agency") or "",
            actor=_text(item, "actor") or "",
        )


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One report: the standard's fields, then this gateway's `extended_attributes`.

    `lat` and `long` are WGS 84 degrees. `status` is open or closed; `status_code` is the finer
    word, derived where a city has none. `working_days` run from the day after sending to the
    deadline.
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

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ServiceRequest:
        """Read one element of GET requests."""
        more = _mapping(item.get("extended_attributes"))
        ward = _mapping(more.get("ward"))
        status = "closed" if (_text(item, "status") or "").lower() == "closed" else "open"
        return cls(
            service_request_id=_text(item, "service_request_id") or "",
            status=status,
            status_code=_text(more, "status_code") or ("done" if status == "closed" else "waiting"),
            service_code=_text(item, "service_code") or "",
            service_name=_text(item, "service_name") or "",
            description=_text(item, "description") or "",
            status_notes=_text(item, "status_notes") or "",
            agency_responsible=_text(item, "agency_responsible") or "",
            service_notice=_text(item, "service_notice") or "",
            requested_datetime=_moment(item, "requested_datetime"),
            updated_datetime=_moment(item, "updated_datetime"),
            expected_datetime=_moment(item, "expected_datetime"),
            address=_text(item, "address") or "",
            address_id=_text(item, "address_id") or "",
            zipcode=_text(item, "zipcode") or "",
            lat=_degrees(item.get("lat"), 90),
            long=_degrees(item.get("long"), 180),
            media_url=_text(item, "media_url"),
            urgency=_text(more, "urgency") or "",
            ward_code=_text(ward, "code") or _text(item, "address_id") or "",
            ward_name=_text(ward, "name") or "",
            media=_media(item, more),
            working_days=tuple(filter(None, map(_day, _sequence(more.get("working_days"))))),
        )


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
            service_request_id=_text(item, "service_request_id"),
            token=_text(item, "token"),
            service_notice=_text(item, "service_notice") or "",
        )
        if receipt.service_request_id is None and receipt.token is None:
            raise GatewayUnavailable("broken_answer")
        return receipt


def objects(body: Any) -> list[Mapping[str, Any]]:
    """Return the objects of an answer that should be a list; GatewayUnavailable if it is not."""
    if not isinstance(body, list):
        raise GatewayUnavailable("broken_answer")
    return [item for item in body if isinstance(item, Mapping)]


def services_of(body: Any) -> list[Service]:
    """Read GET services; an entry without a code is left out."""
    return [one for one in map(Service.from_json, objects(body)) if one.service_code]


def service_requests_of(body: Any) -> list[ServiceRequest]:
    """Read GET requests; an entry that has only a token yet is left out."""
    return [one for one in map(ServiceRequest.from_json, objects(body)) if one.service_request_id]


def updates_of(body: Any) -> list[Update]:
    """Read GET requests/{id}/updates."""
    return [Update.from_json(item) for item in objects(body)]


def _media(item: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[Media, ...]:
    listed = [Media.from_json(one) for one in _sequence(more.get("media")) if _mapping(one)]
    alone = _text(item, "media_url")
    if not listed and alone:
        listed = [Media(alone)]
    return tuple(one for one in listed if one.url)


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    if value is None or isinstance(value, (Mapping, list, bool)):
        return None
    return str(value).strip() or None


def _count(item: Mapping[str, Any], name: str) -> int | None:
    text = _text(item, name) or ""
    return int(text) if text.isascii() and text.isdigit() else None


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(item, name) or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=CITY_TIME)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _degrees(value: Any, most: int) -> float | None:
    try:
        degrees = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return degrees if -most <= degrees <= most else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
