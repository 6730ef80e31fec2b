"""What the device kept when a recording began, reduced: who was signed in, drafts, copies for reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.diagnostics.classes import STORED
from services.diagnostics.reducing import HOST, Reducer
from services.errors import ServiceError
from services.identity import Person
from services.offline import TABLE as SAVED
from services.vault import SubjectVault

LARGEST = 256 * 1024
"""Bytes of a snapshot as JSON; a saved copy that would pass it is left out."""


def person_of(person: Person | None, reducer: Reducer) -> dict[str, Any]:
    """The stand-in of who is signed in; empty for nobody."""
    if person is None:
        return {}
    of = reducer.stand_ins.of
    return {
        "subject": of("reference", person.subject),
        "name": of("name", person.name),
        "given_name": of("name", person.given_name),
        "birthdate": of("birthdate", person.birthdate),
        "acr": person.acr,
        "roles": list(person.roles),
        "ward_code": person.ward_code,
    }


async def stored(
    rows: SubjectVault, reducer: Reducer, began: datetime
) -> dict[str, dict[str, Any]]:
    """The rows stored when a recording began, table by table, as far as a replay needs them.

    Never raises: what cannot be read is not there.
    """
    if not rows.present:
        return {}
    found: dict[str, dict[str, Any]] = {}
    try:
        for table in STORED:
            found[table] = _table(table, await rows.list(table), reducer)
        found[SAVED] = _saved(await rows.list(SAVED), reducer, began)
    except ServiceError:
        return {}
    return {table: kept for table, kept in found.items() if kept}


def _table(table: str, rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    area = STORED[table]
    return {
        str(reducer.stand_ins.of("reference", key)): reducer.json(value, area)
        for key, value in rows.items()
    }


def _saved(rows: Mapping[str, Any], reducer: Reducer, began: datetime) -> dict[str, Any]:
    """Saved copies are answers: a copy's key is the path it was read from."""
    found, left = {}, LARGEST
    for key, row in rows.items():
        url, value = reducer.url_of(key), row.get("value")
        place = reducer.place(url)
        left -= len(str(value))
        if place is None or left < 0 or not _before(row.get("as_of"), began):
            continue
        kept = {"value": reducer.json(value, place.area), "as_of": row.get("as_of"), "etag": ""}
        # The app asks for the same key again, without the gateway's own address.
        path = reducer.url(url).removeprefix(HOST)
        found[path if key.startswith("/") else path.lstrip("/")] = kept
    return found


def _before(moment: Any, began: datetime) -> bool:
    """Whether a copy was there already: the first answers come in while the rows are read."""
    try:
        return datetime.fromisoformat(moment) <= began
    except (TypeError, ValueError):
        return False
