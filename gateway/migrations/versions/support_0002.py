"""Support: the faults a persona began with, in the log of the staff's acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "support_0002"
down_revision = "support_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    faults = sa.Column("faults", sa.Text, nullable=False, server_default="")
    op.add_column("support_openings", faults)


def downgrade() -> None:
    """Take it away again."""
    op.execute("DELETE FROM support_openings WHERE act = 'persona'")
    op.drop_column("support_openings", "faults")
