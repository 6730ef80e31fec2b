"""The table of trips. Trips themselves are read from `taps`; only a resident's correction is kept."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from gateway.database import metadata

corrections = Table(
    "trip_corrections",
    metadata,
    Column("tap_id", String(32), ForeignKey("taps.tap_id"), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("place_id", String(64), nullable=False),
    Column("corrected_at", BigInteger, nullable=False),
)
"""Where the resident says a ride ended whose alighting no gate saw, by the tap it began with."""
