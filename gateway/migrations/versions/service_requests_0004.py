"""Indexes for a city of a million reports: the desk's queue by time, what is late for the clock,
one service around a place, and one report's changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0004"
down_revision = "service_requests_0003"
branch_labels = None
depends_on = None

_INDEXES = (
    (
        "ix_service_requests_queue_newest",
        "service_requests",
        ["agency_code", "status_code", "requested_datetime"],
    ),
    (
        "ix_service_requests_cell_service",
        "service_requests",
        ["cell", "service_code", "requested_datetime"],
    ),
    ("ix_changes_of_report", "changes", ["service_request_id", "seq"]),
)
_OF_OPEN_REPORTS = {
    "ix_service_requests_open_newest": ["requested_datetime", "service_request_id"],
    "ix_service_requests_late": ["escalation", "expected_datetime"],
}


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    is_open = sa.text("closed_datetime IS NULL")
    for name, columns in _OF_OPEN_REPORTS.items():
        op.create_index(
            name, "service_requests", columns, sqlite_where=is_open, postgresql_where=is_open
        )


def downgrade() -> None:
    """Take them away."""
    for name in _OF_OPEN_REPORTS:
        op.drop_index(name, "service_requests")
    for name, table, _columns in _INDEXES:
        op.drop_index(name, table)
