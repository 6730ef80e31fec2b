"""Trips: where residents say their rides ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "trips_0001"
down_revision = None
branch_labels = ("trips",)
depends_on = "cards_0002"


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "trip_corrections",
        sa.Column("tap_id", sa.String(32), sa.ForeignKey("taps.tap_id"), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("corrected_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_trip_corrections_subject", "trip_corrections", ["subject"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_trip_corrections_subject", "trip_corrections")
    op.drop_table("trip_corrections")
