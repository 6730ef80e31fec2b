"""The table of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "jobs_0001"
down_revision = None
branch_labels = ("jobs",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("run_at", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease", sa.String(64)),
        sa.Column("leased_until", sa.Double),
        sa.UniqueConstraint("kind", "reference", name="uq_jobs_kind"),
    )
    op.create_index("ix_jobs_run_at", "jobs", ["run_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("jobs")
