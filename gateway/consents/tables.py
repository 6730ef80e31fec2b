"""The ledger of consents: one row a decision, never changed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from gateway.columns import Instant
from gateway.database import metadata

consent_decisions = Table(
    "consent_decisions",
    metadata,
    Column("decision_no", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(255), nullable=False),
    Column("decided_by", String(255), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("text_version", String(32), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("way", String(16), nullable=False),
    Column("device", String(16), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("decided", Instant, nullable=False),
    Column("received", Instant, nullable=False),
    Column("request_id", String(64), nullable=False),
    Index("ix_consent_decisions_purpose", "subject", "purpose", "decided"),
    sqlite_autoincrement=True,
)
"""Who (`decided_by`: the resident, or a child's representative) decided what about whose data
(`subject`), when (`decided` by the device's clock, `received` by ours), by which text (its SHA-256
in `language`), which way and on what kind of device. `decision` is agreed, refused or withdrawn.
"""
