"""Support: bundles with their threads, and the log of the staff's acts; the inbox tells of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "support_0001"
down_revision = None
branch_labels = ("support",)
depends_on = "service_requests_0006"


def upgrade() -> None:
    """Create what this revision brings."""
    _cases()
    _messages()
    _openings()
    op.add_column("notices", sa.Column("support_code", sa.String(12)))


def downgrade() -> None:
    """Take it away again."""
    op.execute("DELETE FROM notices WHERE support_code IS NOT NULL")
    op.drop_column("notices", "support_code")
    for table in ("support_openings", "support_messages", "support_cases"):
        op.drop_table(table)


def _cases() -> None:
    op.create_table(
        "support_cases",
        sa.Column("case_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("code", sa.String(12), nullable=False, unique=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("bundle", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("error_reference", sa.String(64), nullable=False, server_default=""),
        sa.Column("created", Instant, nullable=False),
        sa.Column("expires", Instant, nullable=False),
        sa.Column("answer_by", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
        sa.Column("handed_over", Instant),
    )
    op.create_index("ix_support_cases_subject", "support_cases", ["subject", "created"])
    op.create_index("ix_support_cases_updated", "support_cases", ["updated"])


def _messages() -> None:
    case = sa.ForeignKey("support_cases.case_id", ondelete="CASCADE")
    op.create_table(
        "support_messages",
        sa.Column("message_id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), case, nullable=False),
        sa.Column("author", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False, server_default=""),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_support_messages_case_id", "support_messages", ["case_id", "at"])


def _openings() -> None:
    op.create_table(
        "support_openings",
        sa.Column("entry_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("actor_subject", sa.String(255), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    for name, columns in {
        "subject": ["subject", "at"],
        "case_id": ["case_id"],
        "opening_id": ["opening_id"],
        "at": ["at"],
    }.items():
        op.create_index(f"ix_support_openings_{name}", "support_openings", columns)
