"""Keeps the index: the resources that stand today, and the values they are found by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gateway.health_records import dates
from gateway.health_records.bundles import Entry, text
from gateway.health_records.naming import Names
from gateway.health_records.parameters import PARAMETERS, Parameter, day_values, values_at
from gateway.health_records.sections import section_of
from gateway.health_records.tables import current, search_values

_LONGEST = 255
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One resource that is to stand in the record."""

    entry: Entry = field(repr=False)
    logical_id: str
    row_id: int
    bundle_id: int
    updated: datetime


def place(connection: Connection, names: Names, standing: list[Standing]) -> None:
    """Let these resources stand, each in the place of what had its logical id before.

    Of several Patients the first stays. Types that are not served stay in the store.
    """
    served = {s.logical_id: s for s in standing if s.entry.type in PARAMETERS}
    if not served:
        return
    query = select(current.c.logical_id, current.c.current_id, current.c.row_id)
    found = connection.execute(query.where(current.c.logical_id.in_(served)))
    old = {row.logical_id: row for row in found}
    new: list[Standing] = []
    changed: list[tuple[int, Standing]] = []
    for logical_id, item in served.items():
        row = old.get(logical_id)
        if row is None:
            new.append(item)
        elif row.row_id != item.row_id and (item.entry.type != "Patient" or row.row_id is None):
            changed.append((row.current_id, item))
    _renew(connection, names, changed)
    _begin(connection, names, new)


def _renew(connection: Connection, names: Names, changed: list[tuple[int, Standing]]) -> None:
    ids = [current_id for current_id, _ in changed]
    if ids:
        connection.execute(delete(search_values).where(search_values.c.current_id.in_(ids)))
    for current_id, item in changed:
        these = update(current).where(current.c.current_id == current_id)
        connection.execute(these.values(_row(names, item)))
    _write_values(connection, names, changed)


def _begin(connection: Connection, names: Names, new: list[Standing]) -> None:
    if not new:
        return
    connection.execute(insert(current), [_row(names, item) for item in new])
    query = select(current.c.logical_id, current.c.current_id)
    wanted = [item.logical_id for item in new]
    found = connection.execute(query.where(current.c.logical_id.in_(wanted)))
    ids = {row.logical_id: row.current_id for row in found}
    _write_values(connection, names, [(ids[item.logical_id], item) for item in new])


def _row(names: Names, item: Standing) -> Row:
    day = next((s for v in day_values(item.entry.resource) if (s := dates.of_value(v))), None)
    return {
        "patient_id": names.patient_id,
        "type": item.entry.type,
        "logical_id": item.logical_id,
        "row_id": item.row_id,
        "bundle_id": item.bundle_id,
        "full_url": item.entry.full_url,
        "updated": item.updated,
        "section": section_of(item.entry.resource),
        "day": _bounded(day) if day else -dates.FOREVER,
    }


def _bounded(day: dates.Span) -> float:
    return day[0] if day[0] > -dates.FOREVER else day[1]


def _write_values(connection: Connection, names: Names, items: list[tuple[int, Standing]]) -> None:
    rows = [
        {"current_id": current_id, "patient_id": names.patient_id, "type": item.entry.type, **value}
        for current_id, item in items
        for value in values_of(item.entry, names)
    ]
    if rows:
        connection.execute(insert(search_values), rows)


def values_of(entry: Entry, names: Names) -> Iterator[Row]:
    """Every value of every search parameter of the resource's type, each once."""
    seen = set()
    for parameter in PARAMETERS[entry.type].values():
        for path in parameter.paths:
            for value in values_at(entry.resource, path):
                for row in _rows(parameter, value, entry, names):
                    key = tuple(row.values())
                    if key not in seen:
                        seen.add(key)
                        yield row


def _rows(parameter: Parameter, value: Any, entry: Entry, names: Names) -> Iterator[Row]:
    if parameter.kind == "token":
        yield from (_value(parameter.name, *pair) for pair in tokens(value))
        words = text(value.get("text")) if isinstance(value, dict) else ""
        if words:
            yield _value(f"{parameter.name}:text", "", plain(words))
    elif parameter.kind == "date":
        span = dates.of_value(value)
        if span is not None:
            yield {**_value(parameter.name, "", ""), "low": span[0], "high": span[1]}
    elif parameter.kind == "string":
        if isinstance(value, str):
            yield _value(parameter.name, value, plain(value))
    elif isinstance(value, dict) and text(value.get("reference")):
        target = names.of_reference(value["reference"], entry.full_url)
        yield _value(parameter.name, text(value.get("type")), target)


def _value(name: str, system: str, code: str) -> Row:
    cut = slice(_LONGEST)
    return {"name": name, "system": system[cut], "code": code[cut], "low": None, "high": None}


def tokens(value: Any) -> Iterator[tuple[str, str]]:
    """System and code of a CodeableConcept, Coding, Identifier, code or boolean."""
    if isinstance(value, bool):
        yield "", str(value).lower()
    elif isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        codings = value.get("coding")
        for item in codings if isinstance(codings, list) else [value]:
            code = (item.get("code") or item.get("value")) if isinstance(item, dict) else None
            if isinstance(code, str):
                yield text(item.get("system")), text(code)


def plain(words: str) -> str:
    """Small letters without accents, as FHIR compares strings."""
    parts = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def forget(connection: Connection, patient_id: str) -> None:
    """Empty a record's index; the store stays."""
    for table in (search_values, current):
        connection.execute(delete(table).where(table.c.patient_id == patient_id))
