"""Parking: stays, accounts and charges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "parking_0001"
down_revision = None
branch_labels = ("parking",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "parking_sessions",
        sa.Column("session_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("vehicle", sa.String(32), nullable=False),
        sa.Column("place_id", sa.String(32), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("amount", sa.BigInteger),
        sa.Column("receipt", sa.String(24), unique=True),
    )
    op.create_index("ix_parking_sessions_subject", "parking_sessions", ["subject"])
    op.create_index(
        "ix_parking_sessions_one_stay",
        "parking_sessions",
        ["subject", "plate"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "parking_accounts",
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("balance", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "parking_charges",
        sa.Column(
            "session_id",
            sa.String(32),
            sa.ForeignKey("parking_sessions.session_id"),
            primary_key=True,
        ),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("balance_after", sa.BigInteger, nullable=False),
        sa.Column("charged_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("parking_charges")
    op.drop_table("parking_accounts")
    op.drop_index("ix_parking_sessions_one_stay", "parking_sessions")
    op.drop_index("ix_parking_sessions_subject", "parking_sessions")
    op.drop_table("parking_sessions")
