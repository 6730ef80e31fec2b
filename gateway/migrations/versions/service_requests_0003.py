"""Reports by cell of a grid, so that those around a place are read from an index; keys of other
submitters.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0003"
down_revision = "service_requests_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; rows that exist get the cell of their own place."""
    op.add_column("service_requests", sa.Column("cell", sa.Integer))
    op.execute(
        "UPDATE service_requests SET cell = CAST(lat * 100 AS INTEGER) * 100000"
        " + CAST(long * 100 AS INTEGER) WHERE lat IS NOT NULL AND long IS NOT NULL"
        if op.get_bind().dialect.name == "sqlite"
        else "UPDATE service_requests SET cell = FLOOR(lat * 100)::int * 100000"
        " + FLOOR(long * 100)::int WHERE lat IS NOT NULL AND long IS NOT NULL"
    )
    op.create_table(
        "api_keys",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("answers_tokens", sa.Boolean, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True)),
    )
    op.drop_index("ix_service_requests_nearby", "service_requests")
    op.create_index("ix_service_requests_cell", "service_requests", ["cell", "requested_datetime"])


def downgrade() -> None:
    """Take the column away."""
    op.drop_index("ix_service_requests_cell", "service_requests")
    op.create_index("ix_service_requests_nearby", "service_requests", ["lat", "long"])
    op.drop_table("api_keys")
    op.drop_column("service_requests", "cell")
