"""What the gateway keeps of shared links: never a key, never a link's address, never plain text."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from gateway.columns import Instant
from gateway.database import metadata

shares = Table(
    "health_shares",
    metadata,
    Column("share_id", String(36), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("patient_id", String(64), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("passcode_hash", String(128)),
    Column("sections", Text, nullable=False),
    Column("since", String(10)),
    Column("created_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("ended_at", Instant),
    Column("end_reason", String(16)),
    Column("wrong_passcodes", Integer, nullable=False, server_default="0"),
    Index("ix_health_shares_ended_at_ends_at", "ended_at", "ends_at"),
)
"""One SMART Health Link each. `token_hash` is SHA-256 of its address's 256-bit part; `sections` a
JSON list of LOINC codes; without `ends_at` it runs until it is stopped; `end_reason` is stopped,
expired or locked."""

files = Table(
    "health_share_files",
    metadata,
    Column("share_id", ForeignKey(shares.c.share_id), primary_key=True),
    Column("jwe", LargeBinary, nullable=False),
)
"""The encrypted file of a link that runs (a compact JWE, RFC 7516); it goes when the link ends."""

openings = Table(
    "health_share_openings",
    metadata,
    Column("opening_id", Integer, primary_key=True),
    Column("share_id", ForeignKey(shares.c.share_id), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recipient", String(100), nullable=False),
    Column("outcome", String(16), nullable=False),
    Index("ix_health_share_openings_share_id_at", "share_id", "at"),
)
"""Who opened a link, by the name they typed, which nobody checked: `opened` or `wrong_passcode`."""

tickets = Table(
    "health_share_tickets",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    Column("share_id", ForeignKey(shares.c.share_id), nullable=False),
    Column("until", Instant, nullable=False),
)
"""A file's short-lived address, good for one reading; SHA-256 of its 256-bit part."""
