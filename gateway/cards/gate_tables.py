"""The tables of gates. Moments are UTC seconds since 1970, slots are hours, ids are hex.

None of them names a resident: a tap has a card id, which only `card_enrolments` leads further.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from gateway.database import metadata

gates = Table(
    "gates",
    metadata,
    Column("gate_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("place_id", String(64), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("last_upload_at", BigInteger),
    Column("refused_taps", BigInteger, nullable=False, server_default="0"),
)
"""Who may upload taps, and where it stands: `kind` is transit or parking."""

taps = Table(
    "taps",
    metadata,
    Column("tap_id", String(32), primary_key=True),
    Column("gate_id", String(64), ForeignKey("gates.gate_id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("place_id", String(64), nullable=False),
    Column("card_id", String(16), nullable=False),
    Column("slot", BigInteger, nullable=False),
    Column("step", Integer, nullable=False),
    Column("direction", String(3), nullable=False),
    Column("product", Integer, nullable=False),
    Column("fare_group", Integer, nullable=False),
    Column("moment", BigInteger, nullable=False),
    Column("payload", LargeBinary(99), nullable=False),
    Column("flagged", String(16)),
    Column("received_at", BigInteger, nullable=False),
    Index("ix_taps_card_id", "card_id", "slot"),
    Index("ix_taps_moment", "moment"),
)
"""Accepted codes as gates brought them, verified again. `direction` is in or out, `moment` the gate's
clock when it let the card pass, `flagged` is two_gates or nothing."""

issuer_public_keys = Table(
    "card_issuer_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("public_key", String(64), nullable=False),
    Column("first_slot", BigInteger, nullable=False),
    Column("last_slot", BigInteger, nullable=False),
)
"""The public half of every issuer key that may still be met, and the slots it signs."""

publications = Table(
    "card_publications",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("oldest_delta", BigInteger, nullable=False),
)
"""The version of what gates fetch (`keys`, `deny`): it goes up when the digest changes."""

deny_entries = Table(
    "card_deny_entries",
    metadata,
    Column("card_id", String(16), primary_key=True),
    Column("added_version", BigInteger, primary_key=True, autoincrement=False),
    Column("removed_version", BigInteger),
    Column("removed_at", BigInteger),
    Index("ix_card_deny_entries_removed_version", "removed_version"),
)
"""Refused cards, with the version of the list that first had them and the one that had them no more."""
