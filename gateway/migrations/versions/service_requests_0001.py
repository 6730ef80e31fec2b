"""Reports, their updates and photos, and the keys that make a repeated write happen once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0001"
down_revision = None
branch_labels = ("service_requests",)
depends_on = None

_STATUS_CODES = (
    "status_code IN ('waiting', 'in_progress', 'needs_resident', 'transferred', 'done',"
    " 'rejected', 'reopened', 'withdrawn')"
)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _create_service_requests()
    _create_updates()
    _create_media()
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False, index=True),
    )


def _create_service_requests() -> None:
    op.create_table(
        "service_request_numbers",
        sa.Column("month", sa.String(4), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "service_requests",
        sa.Column("service_request_id", sa.String(20), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("service_code", sa.String(40), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status_code", sa.String(20), nullable=False),
        sa.Column("status_notes", sa.Text, nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("agency_responsible", sa.String(200), nullable=False),
        sa.Column("service_notice", sa.Text, nullable=False),
        sa.Column("requested_datetime", _MOMENT, nullable=False),
        sa.Column("updated_datetime", _MOMENT, nullable=False),
        sa.Column("expected_datetime", _MOMENT, nullable=False),
        sa.Column("working_days", sa.JSON, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("long", sa.Float),
        sa.Column("hide_name", sa.Boolean, nullable=False),
        sa.CheckConstraint(_STATUS_CODES, name="status_code"),
    )
    op.create_index(
        "ix_service_requests_mine", "service_requests", ["subject", "requested_datetime"]
    )


def _create_updates() -> None:
    op.create_table(
        "service_request_updates",
        sa.Column("update_id", sa.String(32), primary_key=True),
        _of_service_request(),
        sa.Column("status_code", sa.String(20), nullable=False),
        sa.Column("datetime", _MOMENT, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.CheckConstraint(_STATUS_CODES, name="status_code"),
    )


def _create_media() -> None:
    op.create_table(
        "media",
        sa.Column("media_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        _of_service_request(),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
    )


def _of_service_request() -> sa.Column[str]:
    return sa.Column(
        "service_request_id",
        sa.String(20),
        sa.ForeignKey("service_requests.service_request_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "idempotency_keys",
        "media",
        "service_request_updates",
        "service_requests",
        "service_request_numbers",
    ):
        op.drop_table(table)
