"""Privacy rights: exports, erasures, who was erased, and requests about one's data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "privacy_rights_0001"
down_revision = None
branch_labels = ("privacy_rights",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "privacy_exports",
        sa.Column("export_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created", Instant, nullable=False),
        sa.Column("expires", Instant),
        sa.Column("size", sa.BigInteger),
        sa.Column("sha256", sa.String(64)),
    )
    op.create_index("ix_privacy_exports_subject", "privacy_exports", ["subject"])
    op.create_table(
        "privacy_erasures",
        sa.Column("erasure_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255)),
        sa.Column("pseudonym", sa.String(64), nullable=False, server_default=""),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", Instant, nullable=False),
        sa.Column("finished", Instant),
        sa.Column("receipt", sa.JSON, nullable=False),
    )
    op.create_index("ix_privacy_erasures_subject", "privacy_erasures", ["subject"])
    op.create_table(
        "privacy_erased",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "privacy_requests",
        sa.Column("request_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("area", sa.String(16), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        sa.Column("created", Instant, nullable=False),
        sa.Column("due", Instant, nullable=False),
        sa.Column("answered", Instant),
        sa.Column("answered_by", sa.String(255)),
    )
    op.create_index("ix_privacy_requests_subject", "privacy_requests", ["subject", "created"])
    op.create_index("ix_privacy_requests_state", "privacy_requests", ["state", "due"])


def downgrade() -> None:
    """Take it away again."""
    for table in ("requests", "erased", "erasures", "exports"):
        op.drop_table(f"privacy_{table}")
