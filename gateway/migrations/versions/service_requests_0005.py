"""An index of open reports of one service around a place: those that may be about the same thing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0005"
down_revision = "service_requests_0004"
branch_labels = None
depends_on = None

_NAME = "ix_service_requests_open_cell"


def upgrade() -> None:
    """Add the index."""
    is_open = sa.text("closed_datetime IS NULL")
    op.create_index(
        _NAME,
        "service_requests",
        ["cell", "service_code", "requested_datetime"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index(_NAME, "service_requests")
