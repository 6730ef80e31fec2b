"""Applications for criminal record certificates, the issued files, and the log of who read them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "certificates_0001"
down_revision = None
branch_labels = ("certificates",)
depends_on = None

IN_PROCESS = sa.text("status IN ('submitted', 'received', 'checking', 'signing')")


def upgrade() -> None:
    """Create the tables, and the index that allows one application in process at a time."""
    _applications()
    _history()
    _certificates()
    _reads()
    op.create_table(
        "certificate_counters",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("counters", "reads"):
        op.drop_table(f"certificate_{name}")
    op.drop_table("certificates")
    for name in ("history", "applications"):
        op.drop_table(f"certificate_{name}")


def _applications() -> None:
    op.create_table(
        "certificate_applications",
        sa.Column("application_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("certificate_type", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("contact_phone", sa.String(20), nullable=False),
        sa.Column("delivery", sa.String(16), nullable=False),
        sa.Column("fee", sa.BigInteger, nullable=False),
        sa.Column("identity", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("note", sa.String(32)),
        sa.Column("reason", sa.String(32)),
        sa.Column("submitted_at", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("working_days", sa.JSON, nullable=False),
        sa.Column("convictions", sa.JSON),
        sa.Column("number", sa.String(32), unique=True),
        sa.Column("code", sa.String(16), unique=True),
    )
    op.create_index(
        "ix_certificate_applications_one_in_process",
        "certificate_applications",
        ["subject"],
        unique=True,
        sqlite_where=IN_PROCESS,
        postgresql_where=IN_PROCESS,
    )


def _history() -> None:
    op.create_table(
        "certificate_history",
        _application(primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor", sa.String(16), nullable=False),
    )


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("number", sa.String(32), primary_key=True),
        _application(nullable=False, unique=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("issued_at", sa.Double, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("covered_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )


def _reads() -> None:
    op.create_table(
        "certificate_reads",
        sa.Column("read_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "number",
            sa.String(32),
            sa.ForeignKey("certificates.number", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16)),
    )
    op.create_index("ix_certificate_reads_number", "certificate_reads", ["number"])


def _application(**options: Any) -> sa.Column[str]:
    target = sa.ForeignKey("certificate_applications.application_id", ondelete="CASCADE")
    return sa.Column("application_id", sa.String(32), target, **options)
