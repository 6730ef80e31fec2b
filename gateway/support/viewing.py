"""Cases as their resident and the staff see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.support import cases, wire


def summaries(db: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[wire.Case]:
    """Cases for a list."""
    last = cases.last_authors(db, [row.case_id for row in rows])
    return [wire.Case(**wire.case_fields(row, last.get(row.case_id), now)) for row in rows]


def whole(db: Connection, row: Row[Any], now: datetime) -> dict[str, Any]:
    """The fields of one case with its thread and the acts of the staff."""
    thread = cases.thread(db, row.case_id)
    acts = cases.acts_on(db, row.subject, row.case_id)
    last = thread[-1].author if thread else None
    return {
        **wire.case_fields(row, last, now),
        "messages": [wire.message(one) for one in thread],
        "openings": [wire.opening(one) for one in acts],
    }
