"""The log of who opened or checked a certificate, kept for the resident it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gateway.certificates.tables import certificates, reads

RESIDENT, ANYONE = "resident", "anyone"


def record(
    connection: Connection,
    number: str,
    kind: str,
    at: datetime,
    *,
    actor: str,
    verdict: str | None = None,
    name: str | None = None,
) -> None:
    """Note that it was opened (`certificate`, `page`, `credential`) or checked (`check`, and
    `presentation` with the name that the checker typed; both with the verdict).
    """
    connection.execute(
        insert(reads).values(
            number=number, kind=kind, at=at.timestamp(), actor=actor, verdict=verdict, name=name
        )
    )


def of_application(connection: Connection, application_id: str) -> list[Row[Any]]:
    """The reads of that application's certificate, newest first, 200 at most."""
    joined = reads.join(certificates, reads.c.number == certificates.c.number)
    these = select(reads).select_from(joined).where(certificates.c.application_id == application_id)
    return list(connection.execute(these.order_by(reads.c.read_id.desc()).limit(200)))
