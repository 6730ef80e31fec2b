"""The tables of the reports, their updates and their photos."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from gateway.columns import Instant
from gateway.database import metadata

STATUS_CODES = (
    "waiting",
    "in_progress",
    "needs_resident",
    "transferred",
    "done",
    "rejected",
    "reopened",
    "withdrawn",
)
CLOSED_CODES = frozenset({"done", "rejected", "withdrawn"})
"""The status codes that are `closed` in GeoReport's own two words."""

service_request_numbers = Table(
    "service_request_numbers",
    metadata,
    Column("month", String(4), primary_key=True),
    Column("last", Integer, nullable=False),
)

service_requests = Table(
    "service_requests",
    metadata,
    Column("service_request_id", String(20), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("service_code", String(40), nullable=False),
    Column("description", Text, nullable=False),
    Column("status_code", String(20), nullable=False),
    Column("status_notes", Text, nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("agency_responsible", String(200), nullable=False),
    Column("service_notice", Text, nullable=False),
    Column("requested_datetime", Instant, nullable=False),
    Column("updated_datetime", Instant, nullable=False),
    Column("expected_datetime", Instant, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("address", Text, nullable=False),
    Column("ward_code", String(5), nullable=False),
    Column("lat", Float),
    Column("long", Float),
    Column("hide_name", Boolean, nullable=False),
    CheckConstraint(f"status_code IN {STATUS_CODES}", name="status_code"),
    Index("ix_service_requests_mine", "subject", "requested_datetime"),
)

service_request_updates = Table(
    "service_request_updates",
    metadata,
    Column("update_id", String(32), primary_key=True),
    Column(
        "service_request_id",
        ForeignKey("service_requests.service_request_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("status_code", String(20), nullable=False),
    Column("datetime", Instant, nullable=False),
    Column("description", Text, nullable=False),
    Column("agency", String(200), nullable=False),
    Column("actor", String(200), nullable=False),
    CheckConstraint(f"status_code IN {STATUS_CODES}", name="status_code"),
)

media = Table(
    "media",
    metadata,
    Column("media_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column(
        "service_request_id",
        ForeignKey("service_requests.service_request_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("position", Integer, nullable=False),
    Column("stage", String(10), nullable=False),
    Column("description", Text, nullable=False),
    Column("created", Instant, nullable=False),
)
