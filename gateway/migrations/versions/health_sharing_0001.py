"""Shared health links: who shares what until when, the encrypted file, who opened it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "health_sharing_0001"
down_revision = None
branch_labels = ("health_sharing",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "health_shares",
        sa.Column("share_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("passcode_hash", sa.String(128)),
        sa.Column("sections", sa.Text, nullable=False),
        sa.Column("since", sa.String(10)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.String(16)),
        sa.Column("wrong_passcodes", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("share_id", name="pk_health_shares"),
        sa.UniqueConstraint("token_hash", name="uq_health_shares_token_hash"),
    )
    op.create_index("ix_health_shares_subject", "health_shares", ["subject"])
    op.create_index("ix_health_shares_ended_at_ends_at", "health_shares", ["ended_at", "ends_at"])
    op.create_table(
        "health_share_files",
        _share_id("health_share_files"),
        sa.Column("jwe", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("share_id", name="pk_health_share_files"),
    )
    op.create_table(
        "health_share_openings",
        sa.Column("opening_id", sa.Integer, nullable=False),
        _share_id("health_share_openings"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("opening_id", name="pk_health_share_openings"),
    )
    op.create_index(
        "ix_health_share_openings_share_id_at", "health_share_openings", ["share_id", "at"]
    )
    op.create_table(
        "health_share_tickets",
        sa.Column("ticket_hash", sa.String(64), nullable=False),
        _share_id("health_share_tickets"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_health_share_tickets"),
    )


def _share_id(table: str) -> sa.Column[str]:
    name = f"fk_{table}_share_id_health_shares"
    key = sa.ForeignKey("health_shares.share_id", name=name)
    return sa.Column("share_id", sa.String(36), key, nullable=False)


def downgrade() -> None:
    """Take it away again."""
    for table in ("share_tickets", "share_openings", "share_files", "shares"):
        op.drop_table(f"health_{table}")
