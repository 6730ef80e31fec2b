"""Sign-ins that the gateway has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "sessions_0001"
down_revision = None
branch_labels = ("sessions",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("signed_in", Instant),
        sa.Column("first_seen", Instant, nullable=False),
        sa.Column("last_seen", Instant, nullable=False),
        sa.Column("ended", Instant),
    )
    for column in ("subject", "ended", "last_seen"):
        op.create_index(f"ix_sessions_{column}", "sessions", [column])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("sessions")
