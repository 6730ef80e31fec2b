"""The tables of parking. Moments are UTC seconds since 1970, money is VND."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, text

from gateway.database import metadata

parking_sessions = Table(
    "parking_sessions",
    metadata,
    Column("session_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("plate", String(16), nullable=False),
    Column("vehicle", String(32), nullable=False),
    Column("place_id", String(32), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("amount", BigInteger),
    Column("receipt", String(24), unique=True),
)
"""One row a stay; `ended_at`, `amount` and `receipt` come together, in the moment it is paid."""

Index(
    "ix_parking_sessions_one_stay",
    parking_sessions.c.subject,
    parking_sessions.c.plate,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

accounts = Table(
    "parking_accounts",
    metadata,
    Column("subject", String(255), primary_key=True),
    Column("balance", BigInteger, nullable=False),
)
"""The resident's account: the sandbox's stand-in for the bank."""

charges = Table(
    "parking_charges",
    metadata,
    Column(
        "session_id",
        String(32),
        ForeignKey("parking_sessions.session_id"),
        primary_key=True,
    ),
    Column("subject", String(255), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("balance_after", BigInteger, nullable=False),
    Column("charged_at", BigInteger, nullable=False),
)
"""What was taken from an account. Its key is the stay: none can be charged twice."""
