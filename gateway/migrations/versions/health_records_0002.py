"""Health records: logical ids, an index for searching, facilities, and more about each look."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "health_records_0002"
down_revision = "health_records_0001"
branch_labels = None
depends_on = None

CUT = "\x1e"


def upgrade() -> None:
    """Create what this revision brings; the index itself is built at the next start."""
    _add("health_bundles", sa.Column("scope", sa.String(600), nullable=False, server_default=""))
    names = sa.Column("patient_names", sa.Text, nullable=False, server_default="[]")
    _add("health_bundles", names)
    _add("health_bundles", sa.Column("facility_id", sa.String(64)))
    whole = sa.Column("is_complete", sa.Boolean, nullable=False, server_default=sa.true())
    _add("health_bundles", whole)
    _add("health_entries", sa.Column("logical_id", sa.String(64)))
    _add("health_entries", sa.Column("before", sa.Text, nullable=False, server_default=""))
    for name, length in (("part", 255), ("purpose", 32), ("name", 255)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        _add("health_accesses", column)
    for table, *columns in (
        ("health_resources", "patient_id", "id"),
        ("health_entries", "row_id"),
        ("health_entries", "logical_id"),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    _create_index_tables()
    _create_others()
    _cut_envelopes()


def _add(table: str, column: sa.Column[Any]) -> None:
    op.add_column(table, column)


def _create_index_tables() -> None:
    op.create_table(
        "health_current",
        sa.Column("current_id", sa.Integer, nullable=False),
        _key("health_current", "patient_id", sa.String(64), "health_patients", nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("logical_id", sa.String(64), nullable=False),
        _key("health_current", "row_id", sa.Integer(), "health_resources"),
        _key("health_current", "bundle_id", sa.Integer(), "health_bundles", nullable=False),
        sa.Column("full_url", sa.Text, nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("section", sa.String(64)),
        sa.Column("day", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("current_id", name="pk_health_current"),
        sa.UniqueConstraint("logical_id", name="uq_health_current_logical_id"),
    )
    by_day = ["patient_id", "type", "day"]
    op.create_index("ix_health_current_patient_id_type_day", "health_current", by_day)
    by_update = ["patient_id", "updated"]
    op.create_index("ix_health_current_patient_id_updated", "health_current", by_update)
    table = "health_search_values"
    op.create_table(
        table,
        sa.Column("value_id", sa.Integer, nullable=False),
        _key(table, "current_id", sa.Integer(), "health_current", nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("system", sa.String(255), nullable=False),
        sa.Column("code", sa.String(255), nullable=False),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.PrimaryKeyConstraint("value_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_current_id", table, ["current_id"])
    op.create_index(f"ix_{table}_code", table, ["patient_id", "type", "name", "code"])
    op.create_index(f"ix_{table}_low", table, ["patient_id", "type", "name", "low"])


def _create_others() -> None:
    table = "health_patient_names"
    op.create_table(
        table,
        sa.Column("name", sa.String(600), nullable=False),
        _key(table, "patient_id", sa.String(64), "health_patients", nullable=False),
        sa.PrimaryKeyConstraint("name", name=f"pk_{table}"),
    )
    op.create_table(
        "health_search_pages",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_health_search_pages"),
    )
    op.create_index("ix_health_search_pages_created", "health_search_pages", ["created"])
    op.create_table(
        "health_facilities",
        sa.Column("facility_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("ward_code", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.String(64)),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("facility_id", name="pk_health_facilities"),
    )


def _cut_envelopes() -> None:
    """The text around the resources moves to the entries, so that a bundle of any size fits."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT bundle_id, digest, envelope FROM health_bundles"))
    for bundle_id, digest, envelope in rows.all():
        *pieces, tail = envelope.split(CUT)
        connection.execute(
            sa.text(
                "UPDATE health_bundles SET envelope = :tail, scope = :scope, patient_names = :names"
                " WHERE bundle_id = :id"
            ),
            {"tail": tail, "scope": digest, "names": json.dumps([]), "id": bundle_id},
        )
        for position, piece in enumerate(pieces):
            connection.execute(
                sa.text(
                    "UPDATE health_entries SET before = :before"
                    " WHERE bundle_id = :id AND position = :position"
                ),
                {"before": piece, "id": bundle_id, "position": position},
            )


def _key(
    table: str, column: str, kind: sa.types.TypeEngine[Any], target: str, nullable: bool = True
) -> sa.Column[Any]:
    name = f"fk_{table}_{column}_{target}"
    key = sa.ForeignKey(f"{target}.{column}", name=name)
    return sa.Column(column, kind, key, nullable=nullable)


def downgrade() -> None:
    """Take it away again."""
    for table in ("facilities", "search_pages", "patient_names", "search_values", "current"):
        op.drop_table(f"health_{table}")
    for table, *columns in (
        ("health_resources", "patient_id", "id"),
        ("health_entries", "row_id"),
        ("health_entries", "logical_id"),
    ):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    for table, names in (
        ("health_accesses", ("part", "purpose", "name")),
        ("health_entries", ("logical_id", "before")),
        ("health_bundles", ("scope", "patient_names", "facility_id", "is_complete")),
    ):
        for name in names:
            op.drop_column(table, name)
