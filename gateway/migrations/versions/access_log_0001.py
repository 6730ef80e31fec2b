"""Access log: the looks of staff that no other log has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "access_log_0001"
down_revision = None
branch_labels = ("access_log",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "staff_looks",
        sa.Column("look_no", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("actor_subject", sa.String(255), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("office", sa.String(200), nullable=False),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_staff_looks_subject", "staff_looks", ["subject", "at"])
    op.create_index(
        "ix_staff_looks_actor_subject", "staff_looks", ["actor_subject", "reference", "at"]
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("staff_looks")
