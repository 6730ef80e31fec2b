"""Cards: enrolments, grants and blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "cards_0001"
down_revision = None
branch_labels = ("cards",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "card_enrolments",
        sa.Column("card_id", sa.String(16), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("device_name", sa.String(60), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("idempotency_key", sa.String(255), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("subject", "idempotency_key"),
    )
    op.create_index(
        "ix_card_enrolments_one_device",
        "card_enrolments",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "card_grants",
        sa.Column(
            "card_id", sa.String(16), sa.ForeignKey("card_enrolments.card_id"), nullable=False
        ),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("anchor", sa.String(32), nullable=False),
        sa.Column("header", sa.String(36), nullable=False),
        sa.Column("grant", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("card_id", "slot"),
    )
    op.create_table(
        "card_blocks",
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("blocked_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("card_blocks")
    op.drop_table("card_grants")
    op.drop_index("ix_card_enrolments_one_device", "card_enrolments")
    op.drop_table("card_enrolments")
