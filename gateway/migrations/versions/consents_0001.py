"""Consents: the ledger of what residents agreed to, refused and withdrew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "consents_0001"
down_revision = None
branch_labels = ("consents",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "consent_decisions",
        sa.Column("decision_no", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("decided_by", sa.String(255), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("text_version", sa.String(32), nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("device", sa.String(16), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("decided", Instant, nullable=False),
        sa.Column("received", Instant, nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_consent_decisions_purpose", "consent_decisions", ["subject", "purpose", "decided"]
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("consent_decisions")
