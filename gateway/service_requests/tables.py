"""The tables of the reports, their updates and their photos; who follows them stands in
`handling_tables.py`.
"""

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
    false,
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
    "merged",
)
CLOSED_CODES = frozenset({"done", "rejected", "withdrawn", "merged"})
"""The status codes that are `closed` in GeoReport's own two words."""
OPEN_CODES = tuple(code for code in STATUS_CODES if code not in CLOSED_CODES)

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
    Column("agency_code", String(40), nullable=False, server_default=""),
    Column("assigned_subject", String(255)),
    Column("assigned_name", String(200), nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("paused_since", Instant),
    Column("closed_datetime", Instant),
    Column("merged_into", String(20)),
    Column("split_from", String(20)),
    Column("reason_code", String(40), nullable=False, server_default=""),
    Column("overdue_reason", Text, nullable=False, server_default=""),
    Column("escalation", Integer, nullable=False, server_default="0"),
    Column("rating", String(20)),
    Column("rating_comment", Text, nullable=False, server_default=""),
    Column("hoax", Boolean, nullable=False, server_default=false()),
    Column("attributes", JSON, nullable=False, server_default="{}"),
    Column("token", String(64), unique=True),
    Column("submitter", String(100), nullable=False, server_default="resident"),
    Column("question", Text, nullable=False, server_default=""),
    Column("cell", Integer),
    CheckConstraint(f"status_code IN {STATUS_CODES}", name="status_code"),
    Index("ix_service_requests_mine", "subject", "requested_datetime"),
    Index("ix_service_requests_newest", "requested_datetime", "service_request_id"),
    Index("ix_service_requests_by_service", "service_code", "requested_datetime"),
    Index("ix_service_requests_by_status", "status_code", "requested_datetime"),
    Index("ix_service_requests_due", "status_code", "expected_datetime"),
    Index("ix_service_requests_queue", "agency_code", "status_code", "expected_datetime"),
    Index("ix_service_requests_queue_newest", "agency_code", "status_code", "requested_datetime"),
    Index("ix_service_requests_cell", "cell", "requested_datetime"),
    Index("ix_service_requests_cell_service", "cell", "service_code", "requested_datetime"),
    Index("ix_service_requests_split_from", "split_from"),
    Index("ix_service_requests_merged_into", "merged_into"),
)
"""`revision` rises by one at each change. `subject` is the resident who sent it; `submitter` is
`resident`, or the name of the api_key holder who sent it for somebody. `token` stands for the id
for submitters who take tokens; `cell` is the grid's, of the place everybody may see.
"""

_columns = service_requests.c
for _name, _of in {
    "open_newest": (_columns.requested_datetime, _columns.service_request_id),
    "open_cell": (_columns.cell, _columns.service_code, _columns.requested_datetime),
    "late": (_columns.escalation, _columns.expected_datetime),
    "open_due": (_columns.expected_datetime, _columns.service_request_id),
    "desk_due": (_columns.agency_code, _columns.expected_datetime, _columns.service_request_id),
    "desk_newest": (
        _columns.agency_code,
        _columns.requested_datetime,
        _columns.service_request_id,
    ),
}.items():
    _is_open = _columns.closed_datetime.is_(None)
    Index(f"ix_service_requests_{_name}", *_of, sqlite_where=_is_open, postgresql_where=_is_open)
"""The queue, the clock and who looks for a similar one read open reports in order; closed ones, by far the most, are not in
these indexes.
"""


def of_service_request(*, nullable: bool = False, primary_key: bool = False) -> Column[str]:
    """The column of a table whose rows belong to one report."""
    return Column(
        "service_request_id",
        ForeignKey("service_requests.service_request_id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
        index=True,
    )


service_request_updates = Table(
    "service_request_updates",
    metadata,
    Column("update_id", String(32), primary_key=True),
    of_service_request(),
    Column("status_code", String(20), nullable=False),
    Column("datetime", Instant, nullable=False),
    Column("description", Text, nullable=False),
    Column("agency", String(200), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("act", String(20), nullable=False, server_default=""),
    Column("reason_code", String(40), nullable=False, server_default=""),
    Column("actor_subject", String(255)),
    Column("actor_role", String(20), nullable=False, server_default=""),
    Column("agency_code", String(40), nullable=False, server_default=""),
    CheckConstraint(f"status_code IN {STATUS_CODES}", name="status_code"),
)

media = Table(
    "media",
    metadata,
    Column("media_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    of_service_request(nullable=True),
    Column("position", Integer, nullable=False),
    Column("stage", String(10), nullable=False),
    Column("description", Text, nullable=False),
    Column("created", Instant, nullable=False, index=True),
    Column("kind", String(10), nullable=False, server_default="photo"),
    Column("update_id", String(32)),
    Column("cleared", Boolean, nullable=False, server_default=false()),
    Column("boxes", JSON, nullable=False, server_default="[]"),
    Column("content_type", String(100), nullable=False, server_default="image/jpeg"),
)
"""`subject` sent it. Without a report it was uploaded and not yet attached. `kind` is `photo` or
`document`; `cleared` by an officer for the public, with `boxes` blurred (fractions of the photo:
x, y, width, height).
"""
