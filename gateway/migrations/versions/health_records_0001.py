"""Health records: patients, their bundles and resources word for word, and who looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "health_records_0001"
down_revision = None
branch_labels = ("health_records",)
depends_on = None


def upgrade() -> None:
    """Create what this revision brings."""
    op.create_table(
        "health_patients",
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255)),
        sa.Column("identifier", sa.String(512)),
        sa.PrimaryKeyConstraint("patient_id", name="pk_health_patients"),
        sa.UniqueConstraint("subject", name="uq_health_patients_subject"),
        sa.UniqueConstraint("identifier", name="uq_health_patients_identifier"),
    )
    op.create_table(
        "health_bundles",
        sa.Column("bundle_id", sa.Integer, nullable=False),
        _patient_id("health_bundles"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("identifier", sa.String(512), nullable=False),
        sa.Column("timestamp", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("bundle_id", name="pk_health_bundles"),
        sa.UniqueConstraint("patient_id", "digest", name="uq_health_bundles_patient_id"),
    )
    op.create_table(
        "health_resources",
        sa.Column("row_id", sa.Integer, nullable=False),
        _patient_id("health_resources"),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_health_resources"),
        sa.UniqueConstraint("patient_id", "digest", name="uq_health_resources_patient_id"),
    )
    _create_entries_and_accesses()


def _create_entries_and_accesses() -> None:
    op.create_table(
        "health_entries",
        sa.Column("bundle_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("full_url", sa.Text, nullable=False),
        sa.Column("row_id", sa.Integer),
        sa.PrimaryKeyConstraint("bundle_id", "position", name="pk_health_entries"),
        sa.ForeignKeyConstraint(
            ["bundle_id"],
            ["health_bundles.bundle_id"],
            name="fk_health_entries_bundle_id_health_bundles",
        ),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["health_resources.row_id"],
            name="fk_health_entries_row_id_health_resources",
        ),
    )
    op.create_table(
        "health_accesses",
        sa.Column("access_id", sa.Integer, nullable=False),
        _patient_id("health_accesses"),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("interaction", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("access_id", name="pk_health_accesses"),
    )
    op.create_index("ix_health_accesses_patient_id_at", "health_accesses", ["patient_id", "at"])


def _patient_id(table: str) -> sa.Column[str]:
    name = f"fk_{table}_patient_id_health_patients"
    key = sa.ForeignKey("health_patients.patient_id", name=name)
    return sa.Column("patient_id", sa.String(64), key, nullable=False)


def downgrade() -> None:
    """Take it away again."""
    for table in ("accesses", "entries", "resources", "bundles", "patients"):
        op.drop_table(f"health_{table}")
