"""What is remembered of a sign-in: no address of the network, no whole name of a browser, and the
provider's name for it only as a digest.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Column, Index, String, Table

from gateway.columns import Instant
from gateway.database import metadata

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("signed_in", Instant),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("ended", Instant),
    Index("ix_sessions_ended", "ended"),
    Index("ix_sessions_last_seen", "last_seen"),
)
"""One sign-in each: `signed_in` as its tokens say, `last_seen` to five minutes."""


def session_id_of(subject: str, sid: str) -> str:
    """The gateway's own name of the sign-in that the provider calls `sid`."""
    return hashlib.sha256(f"{subject}\n{sid}".encode()).hexdigest()[:32]
