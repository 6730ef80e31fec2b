"""Privacy: every process asks each second which accounts were erased of late."""

from __future__ import annotations

from alembic import op

revision = "privacy_rights_0002"
down_revision = "privacy_rights_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_index("ix_privacy_erased_at", "privacy_erased", ["at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_privacy_erased_at", "privacy_erased")
