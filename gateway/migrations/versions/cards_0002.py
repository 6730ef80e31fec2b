"""Gates: their credentials, what was published to them, and the taps they bring."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "cards_0002"
down_revision = "cards_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "gates",
        sa.Column("gate_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("last_upload_at", sa.BigInteger),
        sa.Column("refused_taps", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "taps",
        sa.Column("tap_id", sa.String(32), primary_key=True),
        sa.Column("gate_id", sa.String(64), sa.ForeignKey("gates.gate_id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("card_id", sa.String(16), nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("product", sa.Integer, nullable=False),
        sa.Column("fare_group", sa.Integer, nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary(99), nullable=False),
        sa.Column("flagged", sa.String(16)),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_taps_card_id", "taps", ["card_id", "slot"])
    op.create_table(
        "card_issuer_keys",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("first_slot", sa.BigInteger, nullable=False),
        sa.Column("last_slot", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "card_publications",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("oldest_delta", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "card_deny_entries",
        sa.Column("card_id", sa.String(16), primary_key=True),
        sa.Column("added_version", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("removed_version", sa.BigInteger),
        sa.Column("removed_at", sa.BigInteger),
    )
    op.create_index(
        "ix_card_deny_entries_removed_version", "card_deny_entries", ["removed_version"]
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_card_deny_entries_removed_version", "card_deny_entries")
    op.drop_table("card_deny_entries")
    op.drop_table("card_publications")
    op.drop_table("card_issuer_keys")
    op.drop_index("ix_taps_card_id", "taps")
    op.drop_table("taps")
    op.drop_table("gates")
