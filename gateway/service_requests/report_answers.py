"""Reports on the wire: GeoReport v2's fields, with this city's additions under
`extended_attributes`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel


class CodeAndName(BaseModel):
    """A ward or an agency by code and name."""

    code: str
    name: str


class Media(BaseModel):
    """One photo or document, shown `before` or `after` the work. Its addresses need a token,
    except those of a `cleared` photo's public copy, on which `boxes` are blurred ([x, y, width,
    height] as fractions; the public does not get them).
    """

    media_id: str
    url: str
    thumbnail_url: str
    description: str
    stage: Literal["before", "after"]
    kind: Literal["photo", "document"]
    cleared: bool
    boxes: list[list[float]] = []


class Overdue(BaseModel):
    """How many working days an open report is late (0 on the day itself), and why."""

    working_days: int
    reason: str


class GivenReason(BaseModel):
    """Why a report was refused or handed on, and how to object."""

    code: str
    text: str
    objection: str


class Rating(BaseModel):
    """What the resident thinks of the result."""

    value: Literal["satisfied", "acceptable", "unsatisfied"]
    comment: str


class Reporter(BaseModel):
    """Who sent it, for the officers alone; an api_key holder's residents are not known."""

    name: str | None
    phone: str | None
    submitter: str


class Colleague(BaseModel):
    """An officer: a key that does not tell who it is elsewhere, and the name."""

    subject_key: str
    name: str


class LogEntry(BaseModel):
    """Who of the desk did what, and when."""

    datetime: datetime
    name: str
    agency: str
    act: str
    before: str
    after: str
    detail: str


class Seen(BaseModel):
    """An officer who has the report open, and when that was last said."""

    name: str
    seen: datetime


class Extension(BaseModel):
    """What this city adds to a GeoReport service request. The last five are for officers alone."""

    status_code: str
    urgency: str
    hide_name: bool
    ward: CodeAndName
    media: list[Media]
    working_days: list[date]
    updates_url: str
    revision: int
    extension_url: str
    public_url: str
    attributes: dict[str, Any]
    mine: bool
    following: bool
    followers: int
    acts: list[str]
    act_until: dict[str, datetime]
    question: str | None
    paused_since: datetime | None
    overdue: Overdue | None
    escalation: int
    reason: GivenReason | None
    rating: Rating | None
    merged_into: str | None
    split_from: str | None
    split_into: list[str]
    agency: CodeAndName
    assigned: Colleague | None = None
    hoax: bool | None = None
    reporter: Reporter | None = None
    log: list[LogEntry] | None = None
    presence: list[Seen] | None = None


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
    """One entry of a report's timeline. `handed_to` is the agency a hand-over led to."""

    update_id: str
    status_code: str
    act: str
    datetime: datetime
    description: str
    agency: str
    actor: str
    actor_role: str
    reason_code: str
    handed_to: CodeAndName | None
    media: list[Media]


class Notice(BaseModel):
    """One line of the inbox; `kind` is the act that made it. It is about a report, or, with an
    empty `service_request_id`, about an application for a certificate or a bundle sent to support.
    """

    notice_id: str
    service_request_id: str
    application_id: str
    support_code: str
    kind: str
    description: str
    datetime: datetime
    read: bool


class Changes(BaseModel):
    """What changed for this caller after a cursor, the next cursor, and how much is unread."""

    cursor: str
    service_request_ids: list[str]
    unread: int


class NearbyRequest(ServiceRequest):
    """A report around a place, and the metres to where it is shown."""

    distance_m: int


class SimilarRequest(NearbyRequest):
    """An open report that may be about the same thing, and the days since it was sent."""

    age_days: int


class Uploaded(BaseModel):
    """A photo or document sent ahead: its id, and its addresses for whoever sent it."""

    media_id: str
    url: str
    thumbnail_url: str
