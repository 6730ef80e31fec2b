"""Inspection: the log of what staff did to residents' cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "inspection_0001"
down_revision = None
branch_labels = ("inspection",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "card_staff_acts",
        sa.Column("act_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_card_staff_acts_subject", "card_staff_acts", ["subject"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_card_staff_acts_subject", "card_staff_acts")
    op.drop_table("card_staff_acts")
