"""The tables beside the reports: followers, notices, what changed, and the officers' desk."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from gateway.columns import Instant
from gateway.database import metadata
from gateway.service_requests.tables import of_service_request

follows = Table(
    "follows",
    metadata,
    Column("subject", String(255), primary_key=True),
    of_service_request(primary_key=True),
    Column("created", Instant, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("notice_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    of_service_request(nullable=True),
    Column("kind", String(20), nullable=False),
    Column("description", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("read_datetime", Instant),
    Column("application_id", String(20)),
    Column("support_code", String(12)),
    Index("ix_notices_inbox", "subject", "created"),
    Index("ix_notices_unread", "subject", "read_datetime"),
)
"""The inbox of each resident; `kind` is the act that made the notice. It is about a report, about
an application for a certificate, or about a bundle sent to support.
"""

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("service_request_id", String(20), nullable=False),
    Column("agency_code", String(40), nullable=False),
    Column("moment", Instant, nullable=False, index=True),
    Index("ix_changes_of_report", "service_request_id", "seq"),
    sqlite_autoincrement=True,
)
"""One row a change, numbered in the order in which they became visible; `agency_code` is where the
report was before it.
"""

desk_log = Table(
    "desk_log",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    of_service_request(),
    Column("moment", Instant, nullable=False),
    Column("actor_subject", String(255), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("agency_code", String(40), nullable=False),
    Column("act", String(20), nullable=False),
    Column("before_code", String(20), nullable=False),
    Column("after_code", String(20), nullable=False),
    Column("detail", Text, nullable=False),
)
"""Who of the desk did what, and when. Only officers read it."""

presence = Table(
    "presence",
    metadata,
    of_service_request(primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("seen", Instant, nullable=False),
)
"""Which officers have a report open, and when they were last seen with it."""
