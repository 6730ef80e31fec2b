"""The tables of cards. Moments are UTC seconds since 1970, slots are hours, bytes are hex."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from gateway.database import metadata

enrolments = Table(
    "card_enrolments",
    metadata,
    Column("card_id", String(16), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("device_name", String(60), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("idempotency_key", String(255), nullable=False),
    Column("body_hash", String(64), nullable=False),
    UniqueConstraint("subject", "idempotency_key"),
)
"""One row each time a card is put on a device; `ended_at` is when another device took over."""

Index(
    "ix_card_enrolments_one_device",
    enrolments.c.subject,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

grants = Table(
    "card_grants",
    metadata,
    Column("card_id", String(16), ForeignKey("card_enrolments.card_id"), nullable=False),
    Column("slot", BigInteger, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("anchor", String(32), nullable=False),
    Column("header", String(36), nullable=False),
    Column("grant", String(128), nullable=False),
    PrimaryKeyConstraint("card_id", "slot"),
)
"""One anchor for each card and slot, with the grant it got."""

blocks = Table(
    "card_blocks",
    metadata,
    Column("subject", String(255), primary_key=True),
    Column("blocked_at", BigInteger, nullable=False),
)
"""Residents who had their card blocked: a lost phone."""
