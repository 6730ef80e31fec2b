"""Taps by their moment: old ones are deleted each hour."""

from __future__ import annotations

from alembic import op

revision = "cards_0003"
down_revision = "cards_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_index("ix_taps_moment", "taps", ["moment"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_taps_moment", "taps")
