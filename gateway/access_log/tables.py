"""The looks of staff that no other log of a feature has."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from gateway.columns import Instant
from gateway.database import metadata

staff_looks = Table(
    "staff_looks",
    metadata,
    Column("look_no", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(255), nullable=False),
    Column("actor_subject", String(255), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("office", String(200), nullable=False),
    Column("service", String(16), nullable=False),
    Column("act", String(24), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("request_id", String(64), nullable=False),
    Index("ix_staff_looks_subject", "subject", "at"),
    Index("ix_staff_looks_actor_subject", "actor_subject", "reference", "at"),
    sqlite_autoincrement=True,
)
"""One of the staff looked at something of `subject`: which office, what they did, at which report or
application (`reference`).
"""
