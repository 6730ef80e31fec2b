"""What the gateway keeps of exports, erasures and requests about one's data."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from gateway.columns import Instant
from gateway.database import metadata

exports = Table(
    "privacy_exports",
    metadata,
    Column("export_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("created", Instant, nullable=False),
    Column("expires", Instant),
    Column("size", BigInteger),
    Column("sha256", String(64)),
)
"""One export each: `waiting`, `ready` or `failed`; `done` of `total` parts are written. The file lies
in the media store under `export_id` until `expires`."""

erasures = Table(
    "privacy_erasures",
    metadata,
    Column("erasure_id", String(32), primary_key=True),
    Column("subject", String(255), index=True),
    Column("pseudonym", String(64), nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    Column("asked", Instant, nullable=False),
    Column("finished", Instant),
    Column("receipt", JSON, nullable=False),
)
"""One erasure each: `waiting` or `done`. Once it is done `subject` and `pseudonym` are gone, and the
receipt says what went and what stayed, in numbers. Its id is the secret that reads it."""

erased = Table(
    "privacy_erased",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
"""That somebody's account was erased, and when last: a keyed hash of the subject. Registers of the
sandbox are not copied again for them, and their other devices drop what they kept."""

requests = Table(
    "privacy_requests",
    metadata,
    Column("request_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("area", String(16), nullable=False),
    Column("description", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("created", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("answered", Instant),
    Column("answered_by", String(255)),
    Index("ix_privacy_requests_subject", "subject", "created"),
    Index("ix_privacy_requests_state", "state", "due"),
)
"""What residents ask about their data: `kind` is correct, restrict or object; `state` is open,
granted or refused; it is answered within two working days (Decree 356/2025)."""
