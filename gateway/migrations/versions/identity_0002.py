"""Pushed authorization requests, and codes and grants that are bound to a device's key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the columns; grants that stand stay without a key."""
    op.create_table(
        "identity_pushed_requests",
        sa.Column("request_hash", sa.String(64), primary_key=True),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
    )
    op.add_column("identity_codes", sa.Column("jkt", sa.String(64)))
    op.add_column("identity_grants", sa.Column("jkt", sa.String(64)))


def downgrade() -> None:
    """Drop them; who has a bound token has to sign in again."""
    op.drop_column("identity_grants", "jkt")
    op.drop_column("identity_codes", "jkt")
    op.drop_table("identity_pushed_requests")
