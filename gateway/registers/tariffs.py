"""The register of tariffs: what riding and parking cost on a day (tariffs.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

TARIFFS_FILE = Path(__file__).with_name("tariffs.json")

Row = Mapping[str, Any]


def tariff(table: str, on: date, **wanted: object) -> Row:
    """The row of a table valid on that day. Raises LookupError when there is none."""
    found = find_tariff(table, on, **wanted)
    if found is None:
        raise LookupError(f"{TARIFFS_FILE.name} has no such row in {table} on {on}")
    return found


def find_tariff(table: str, on: date, **wanted: object) -> Row | None:
    """The same, or None."""
    rows: list[Row] = document()[table]
    return next(
        (
            row
            for row in rows
            if covers(row, on) and all(row[name] == value for name, value in wanted.items())
        ),
        None,
    )


def rules(name: str) -> Row:
    """A table without dates: the rules of `trips` or of `parking_rules`."""
    found: Row = document()[name]
    return found


def covers(row: Row, on: date) -> bool:
    """Whether the row is valid on that day; both its dates are included."""
    begun = date.fromisoformat(row["valid_from"]) <= on
    return begun and (row["valid_until"] is None or on <= date.fromisoformat(row["valid_until"]))


@cache
def document() -> dict[str, Any]:
    """The whole file."""
    found: dict[str, Any] = json.loads(TARIFFS_FILE.read_text(encoding="utf-8"))
    return found
