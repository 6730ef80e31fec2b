"""The log of what staff did to residents' cards. Moments are UTC seconds since 1970."""

from sqlalchemy import BigInteger, Column, String, Table

from gateway.database import metadata

card_staff_acts = Table(
    "card_staff_acts",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("actor", String(255), nullable=False),
    Column("act", String(16), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""One row an act; `subject` is whose card it was, `actor` who did it: looked_up or blocked."""
