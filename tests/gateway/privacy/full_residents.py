"""Two residents with a row of every kind in every table, made from the tables themselves: a table
that is added tomorrow is full too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
)

from gateway.columns import Instant
from gateway.database import metadata
from gateway.privacy.inventory import BY_TABLE
from gateway.privacy.lines import AnyOf, By, Line, Through
from gateway.privacy.owned import erasing_order, table_of
from tests.gateway.conftest import RESIDENT, STRANGER

AT = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
KINDS = (0, 1)
"""Of every table a row of the kind that stays for a reason, and one of the kind that goes."""

SPECIAL: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "service_requests": (
        {"status_code": "done", "service_code": "pothole", "ward_code": "00070"},
        {"status_code": "withdrawn", "service_code": "pothole", "ward_code": "00070"},
    ),
    "service_request_updates": (
        {"status_code": "waiting", "actor_role": "resident", "actor_subject": None},
        {"status_code": "waiting", "actor_role": "officer", "actor_subject": "an-officer"},
    ),
    "media": (
        {"cleared": True, "kind": "photo", "stage": "before"},
        {"cleared": False, "kind": "photo", "stage": "before"},
    ),
    "certificate_applications": ({"status": "ready"}, {"status": "refused"}),
    "certificate_payments": ({"status": "paid"}, {"status": "expired"}),
    "parking_sessions": ({}, {"receipt": None, "amount": None}),
    "privacy_erasures": ({"state": "done", "subject": None}, {"state": "done", "subject": None}),
}
"""What must have a meaning of its own. The kind that goes has no certificate."""

ONLY_FIRST = {"certificates", "certificate_reads", "parking_accounts", "card_blocks"}
ONLY_FIRST |= {"health_patients", "identity_passcode_failures", "parking_charges"}
"""Tables in which a resident has one row, or whose row makes the other kind of thing above it."""


def fill(connection: Connection) -> None:
    """Give both residents a row of each kind in each table, and the city its own rows."""
    for line in reversed(erasing_order()):
        for subject in (RESIDENT, STRANGER) if line.whose else ("the-city",):
            for kind in KINDS[:1] if line.table in ONLY_FIRST or not line.whose else KINDS:
                connection.execute(insert(table_of(line)).values(row_of(line, subject, kind)))


def row_of(line: Line, subject: str, kind: int) -> dict[str, Any]:
    """One row: every column has a value of its own, keys lead to the same resident's rows. Where a
    row is somebody's in several ways, the second kind is theirs in the last way only.
    """
    table = table_of(line)
    found = {column.name: value_of(table, column, subject, kind) for column in table.columns}
    found |= {one.column: "another" for one in line.mentions}
    ways = line.whose.ways if isinstance(line.whose, AnyOf) else (line.whose,)
    found |= {way.column: "another" for way in ways[:-1] if isinstance(way, By)}
    way = ways[-1] if kind else ways[0]
    if isinstance(way, By):
        found[way.column] = subject
    elif isinstance(way, Through):
        found[way.column] = key_in(way.table, way.key or way.column, subject, kind)
    return found | dict(SPECIAL.get(line.table, ({}, {}))[kind])


def key_in(table: str, column: str, subject: str, kind: int) -> Any:
    """The value that leads to that resident's row of the kind in another table."""
    above = metadata.tables[table]
    return value_of(above, above.c[column], subject, 0 if table in ONLY_FIRST else kind)


def value_of(table: Table, column: Column[Any], subject: str, kind: int) -> Any:
    """A value of the column's kind that no other cell has; texts say whose they are."""
    for key in column.foreign_keys:
        target = key.column.table
        owner = subject if BY_TABLE[target.name].whose else "the-city"
        return key_in(target.name, key.column.name, owner, kind if owner == subject else 0)
    number = int(hashlib.sha256(f"{table}.{column.name}.{subject}.{kind}".encode()).hexdigest(), 16)
    if isinstance(column.type, Instant):
        return AT
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return date(2026, 10, 12)
    if isinstance(column.type, Integer):
        return number % 2_000_000_000 + 1
    if isinstance(column.type, Double | Float):
        return float(number % 1_000_000)
    text = words_of(table, column.name, subject, kind)
    if isinstance(column.type, JSON):
        return {"text": text}
    if isinstance(column.type, LargeBinary):
        return text.encode()[:90]
    length = getattr(column.type, "length", None) or 200
    return text if length >= len(text) else hashlib.sha256(text.encode()).hexdigest()[:length]


def words_of(table: Table, column: str, subject: str, kind: int) -> str:
    """What a resident is to be found by in a text."""
    return f"{subject}.{table.name}.{column}.{kind}"


def everything(connection: Connection, subject: str) -> dict[str, list[Any]]:
    """All rows, by table, in which that resident's words or subject stand, as they are."""
    found = {}
    for line in erasing_order():
        rows = [tuple(row) for row in connection.execute(select(table_of(line)))]
        found[line.table] = sorted((row for row in rows if _names(row, subject)), key=repr)
    return found


def _names(row: tuple[Any, ...], subject: str) -> bool:
    return any(subject in str(cell) for cell in row)
