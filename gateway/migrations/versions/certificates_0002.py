"""Form No. 2, children, payments, questions, letters, the SD-JWT twin, archives, presentations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "certificates_0002"
down_revision = "certificates_0001"
branch_labels = None
depends_on = None

APPLICATIONS, CERTIFICATES = "certificate_applications", "certificates"
INDEX = "ix_certificate_applications_one_in_process"
BEFORE = "status IN ('submitted', 'received', 'checking', 'signing')"
AFTER = "status IN ('unpaid', 'submitted', 'received', 'checking', 'signing')"


def upgrade() -> None:
    """Add columns and tables; one application in process is now counted by whom it is about."""
    for column in _application_columns():
        op.add_column(APPLICATIONS, column)
    op.execute("UPDATE certificate_applications SET person = subject")
    op.drop_index(INDEX, APPLICATIONS)
    _one_in_process("person", AFTER)
    for column in _certificate_columns():
        op.add_column(CERTIFICATES, column)
    for name in ("status_index", "archive_sha256"):
        op.create_index(f"uq_certificates_{name}", CERTIFICATES, [name], unique=True)
    op.add_column("certificate_reads", sa.Column("name", sa.String(80)))
    _payments()
    _messages_and_letters()
    _presentations()


def downgrade() -> None:
    """Take them away; applications that the earlier schema does not know are closed."""
    for name in ("presentation_checks", "presentations", "openings", "letters", "messages"):
        op.drop_table(f"certificate_{name}")
    for name in ("payment_events", "payments"):
        op.drop_table(f"certificate_{name}")
    op.drop_column("certificate_reads", "name")
    for name in ("status_index", "archive_sha256"):
        op.drop_index(f"uq_certificates_{name}", CERTIFICATES)
    for column in _certificate_columns():
        op.drop_column(CERTIFICATES, column.name)
    op.execute("UPDATE certificate_applications SET status = 'refused' WHERE status = 'unpaid'")
    op.drop_index(INDEX, APPLICATIONS)
    _one_in_process("subject", BEFORE)
    for column in _application_columns():
        op.drop_column(APPLICATIONS, column.name)


def _one_in_process(column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        INDEX, APPLICATIONS, [column], unique=True, sqlite_where=where, postgresql_where=where
    )


def _application_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("person", sa.String(255), nullable=False, server_default=""),
        sa.Column("relation", sa.String(16), nullable=False, server_default="self"),
        sa.Column("former_names", sa.JSON),
        sa.Column("former_addresses", sa.JSON),
        sa.Column("holder_key", sa.JSON),
        sa.Column("renews", sa.String(32)),
        sa.Column("refusal_text", sa.Text),
        sa.Column("decision", sa.String(16)),
        sa.Column("passcode", sa.String(200)),
        sa.Column("passcode_failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("passcode_locked_until", sa.Double, nullable=False, server_default="0"),
    ]


def _certificate_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("ended_reason", sa.String(32)),
        sa.Column("credential", sa.Text),
        sa.Column("status_index", sa.BigInteger),
        sa.Column("archive", sa.LargeBinary),
        sa.Column("archive_sha256", sa.String(64)),
    ]


def _payments() -> None:
    op.create_table(
        "certificate_payments",
        sa.Column("payment_id", sa.String(32), primary_key=True),
        _application(),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("qr", sa.Text, nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("paid_at", sa.Double),
    )
    _by_application("payments")
    op.create_table(
        "certificate_payment_events",
        sa.Column("event_id", sa.String(64), primary_key=True),
        _reference("payment_id", "certificate_payments"),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )


def _messages_and_letters() -> None:
    op.create_table(
        "certificate_messages",
        sa.Column("message_id", sa.Integer, primary_key=True, autoincrement=True),
        _application(),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    _by_application("messages")
    op.create_table(
        "certificate_letters",
        _application(primary_key=True),
        sa.Column("letter", sa.Integer, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("due_before", sa.Double, nullable=False),
        sa.Column("due_after", sa.Double, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )


def _presentations() -> None:
    op.create_table(
        "certificate_openings",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _application(),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    _by_application("openings")
    op.create_table(
        "certificate_presentations",
        sa.Column("presentation_id", sa.String(32), primary_key=True),
        _application(),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("secret_hash", sa.String(64), unique=True),
        sa.Column("claims", sa.JSON),
        sa.Column("presentation", sa.Text),
    )
    _by_application("presentations")
    op.create_table(
        "certificate_presentation_checks",
        sa.Column("check_id", sa.Integer, primary_key=True, autoincrement=True),
        _reference("presentation_id", "certificate_presentations"),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
    )
    op.create_index(
        "ix_certificate_presentation_checks_presentation_id",
        "certificate_presentation_checks",
        ["presentation_id"],
    )


def _by_application(table: str) -> None:
    name = f"certificate_{table}"
    op.create_index(f"ix_{name}_application_id", name, ["application_id"])


def _application(**options: Any) -> sa.Column[str]:
    return _reference("application_id", APPLICATIONS, **options)


def _reference(name: str, table: str, **options: Any) -> sa.Column[str]:
    target = sa.ForeignKey(f"{table}.{name}", ondelete="CASCADE")
    return sa.Column(name, sa.String(32), target, nullable=False, **options)
