"""Indexes of the officers' queue: open reports alone, in the orders in which they are read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "desk_0001"
down_revision = None
branch_labels = ("desk",)
depends_on = ("service_requests_0002",)

_INDEXES = {
    "ix_service_requests_open_due": ["expected_datetime", "service_request_id"],
    "ix_service_requests_desk_due": ["agency_code", "expected_datetime", "service_request_id"],
    "ix_service_requests_desk_newest": ["agency_code", "requested_datetime", "service_request_id"],
}


def upgrade() -> None:
    """Create the indexes."""
    is_open = sa.text("closed_datetime IS NULL")
    for name, columns in _INDEXES.items():
        op.create_index(
            name, "service_requests", columns, sqlite_where=is_open, postgresql_where=is_open
        )


def downgrade() -> None:
    """Drop them."""
    for name in _INDEXES:
        op.drop_index(name, "service_requests")
