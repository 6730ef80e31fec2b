"""What stops when a consent is withdrawn: done in the transaction that writes the withdrawal down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete

from gateway.health_sharing import shares
from gateway.health_sharing.tables import shares as health_shares
from gateway.service_requests.handling_tables import follows
from gateway.support.cases import expire_all

Stop = Callable[[Connection, str, datetime], None]


def _end_shares(connection: Connection, subject: str, now: datetime) -> None:
    shares.end(connection, health_shares.c.subject == subject, "stopped", now)


def _unfollow_all(connection: Connection, subject: str, now: datetime) -> None:
    connection.execute(delete(follows).where(follows.c.subject == subject))


STOPS: Mapping[str, Stop] = {
    "health_share": _end_shares,
    "follow_notices": _unfollow_all,
    "support_bundle": expire_all,
}
"""By purpose. The others have nothing running on the gateway: what would begin is refused by
`ledger.demand`, or it happens on the device alone (see docs/consents.md).
"""


def stop(connection: Connection, subject: str, purpose: str, now: datetime) -> None:
    """End what runs by that consent."""
    if (found := STOPS.get(purpose)) is not None:
        found(connection, subject, now)
