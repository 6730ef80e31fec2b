"""What belongs to an application: payments, letters, messages, openings and presentations.

Times are Unix seconds.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from gateway.database import metadata


def _application(**options: Any) -> Column[str]:
    target = ForeignKey("certificate_applications.application_id", ondelete="CASCADE")
    return Column("application_id", target, nullable=False, **options)


payments = Table(
    "certificate_payments",
    metadata,
    Column("payment_id", String(32), primary_key=True),
    _application(index=True),
    Column("amount", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("qr", Text, nullable=False),
    Column("provider", String(32), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("paid_at", Double),
)
"""One payment of a fee in VND. `status` is pending, paid, failed, expired or refund_due."""

payment_events = Table(
    "certificate_payment_events",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column(
        "payment_id",
        ForeignKey("certificate_payments.payment_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("outcome", String(16), nullable=False),
    Column("at", Double, nullable=False),
)
"""What the bank said, each event once however often it says so."""

messages = Table(
    "certificate_messages",
    metadata,
    Column("message_id", Integer, primary_key=True, autoincrement=True),
    _application(index=True),
    Column("author", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
)
"""Questions and answers between the resident and the agency."""

letters = Table(
    "certificate_letters",
    metadata,
    _application(primary_key=True),
    Column("letter", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("due_before", Double, nullable=False),
    Column("due_after", Double, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""Letters of apology: signed PDF, the day that was missed and the new one."""

openings = Table(
    "certificate_openings",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _application(index=True),
    Column("expires_at", Double, nullable=False),
)
"""For how long a certificate is open after its passcode was given; the token itself is not kept."""

presentations = Table(
    "certificate_presentations",
    metadata,
    Column("presentation_id", String(32), primary_key=True),
    _application(index=True),
    Column("status", String(16), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("secret_hash", String(64), unique=True),
    Column("claims", JSON),
    Column("presentation", Text),
)
"""Chosen claims shown by a link. `status` is draft, active or stopped; `presentation` is the
SD-JWT with key binding, gone once it is stopped; the link's secret is not kept."""

presentation_checks = Table(
    "certificate_presentation_checks",
    metadata,
    Column("check_id", Integer, primary_key=True, autoincrement=True),
    Column(
        "presentation_id",
        ForeignKey("certificate_presentations.presentation_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("name", String(80), nullable=False),
    Column("at", Double, nullable=False),
    Column("verdict", String(16), nullable=False),
)
"""Who opened a link: the name is what they typed, verified by nobody."""
