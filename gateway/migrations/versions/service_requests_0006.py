"""A line of the inbox may be about an application for a certificate instead of a report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0006"
down_revision = "service_requests_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the report be absent, and name the application."""
    with op.batch_alter_table("notices") as batch:
        batch.alter_column("service_request_id", existing_type=sa.String(20), nullable=True)
        batch.add_column(sa.Column("application_id", sa.String(20)))


def downgrade() -> None:
    """Drop what is about applications."""
    op.execute("DELETE FROM notices WHERE service_request_id IS NULL")
    with op.batch_alter_table("notices") as batch:
        batch.drop_column("application_id")
        batch.alter_column("service_request_id", existing_type=sa.String(20), nullable=False)
