"""Health record, people: relations, consents of carers, own observations, corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.columns import Instant

revision = "health_people_0001"
down_revision = None
branch_labels = ("health_people",)
depends_on = "health_records_0001"


def upgrade() -> None:
    """Create what this revision brings."""
    patient = "health_patients.patient_id"
    op.create_table(
        "health_relations",
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("child", sa.String(255), primary_key=True),
        sa.Column("child_birthdate", sa.Date, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
    )
    op.create_index("ix_health_relations_child", "health_relations", ["child"])
    op.create_table(
        "health_consents",
        sa.Column("consent_id", sa.String(32), primary_key=True),
        sa.Column("patient_id", sa.String(64), sa.ForeignKey(patient), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("carer", sa.String(255)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code_hash", sa.String(64), unique=True),
        sa.Column("code_until", Instant, nullable=False),
        sa.Column("sections", sa.Text, nullable=False),
        sa.Column("until", Instant),
        sa.Column("text_version", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("decided", Instant),
        sa.Column("ended", Instant),
        sa.Column("ended_by", sa.String(16), nullable=False, server_default=""),
    )
    for column in ("subject", "carer", "patient_id"):
        op.create_index(f"ix_health_consents_{column}", "health_consents", [column])
    op.create_table(
        "health_code_failures",
        sa.Column("failure_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_health_code_failures_subject", "health_code_failures", ["subject", "at"])
    op.create_table(
        "health_own_observations",
        sa.Column("patient_id", sa.String(64), sa.ForeignKey(patient), primary_key=True),
        sa.Column("observation_id", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("effective", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
    )
    op.create_index(
        "ix_health_own_observations_effective",
        "health_own_observations",
        ["patient_id", "effective"],
    )
    op.create_table(
        "health_corrections",
        sa.Column("correction_id", sa.String(32), primary_key=True),
        sa.Column("patient_id", sa.String(64), sa.ForeignKey(patient), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("resource_type", sa.String(64), nullable=False),
        sa.Column("resource_id", sa.String(255), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("photos", sa.Text, nullable=False),
        sa.Column("facility", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
    )
    op.create_index(
        "ix_health_corrections_patient_id", "health_corrections", ["patient_id", "created"]
    )
    op.create_table(
        "health_proofs",
        sa.Column("proof_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("correction_id", sa.String(32)),
        sa.Column("created", Instant, nullable=False),
    )
    op.create_index("ix_health_proofs_subject", "health_proofs", ["subject", "created"])


def downgrade() -> None:
    """Take it away again."""
    tables = ("proofs", "corrections", "own_observations", "code_failures", "consents")
    for name in (*tables, "relations"):
        op.drop_table(f"health_{name}")
