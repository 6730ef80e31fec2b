"""What the device kept when a recording began, reduced: who was signed in, drafts, what waits, copies for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.diagnostics.classes import STORED
from services.diagnostics.classification import Area, classes
from services.diagnostics.reducing import HOST, Reducer
from services.diagnostics.waiting import ROWS
from services.errors import ServiceError
from services.identity import Person
from services.offline import TABLE as SAVED
from services.vault import SubjectVault

TOLD = ("subject", "name", "given_name", "birthdate", "acr", "ward_code")
CONSTANT = ("form_1",)
"""Keys that are the app's own words."""
LARGEST = 256 * 1024
"""Bytes of a snapshot as JSON; a saved copy that would pass it is left out."""


PERSON = Area(
    "person",
    (),
    classes(
        keep="acr roles ward_code",
        reference="subject",
        name="name given_name",
        birthdate="birthdate",
    ),
)
"""Who was signed in."""


def person_of(person: Person | None, reducer: Reducer) -> dict[str, Any]:
    """The stand-in of who is signed in; empty for nobody."""
    if person is None:
        return {}
    found: dict[str, Any] = reducer.json(
        {name: getattr(person, name) for name in TOLD} | {"roles": list(person.roles)}, PERSON
    )
    return found


def again(state: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """A recorded state as the reducer gives it once more, such as under another secret."""
    found: dict[str, Any] = {}
    for table, rows in state.items():
        if table == "person":
            found[table] = reducer.json(rows, PERSON)
        elif table == SAVED:
            found[table] = dict(_copies(rows, reducer))
        elif table in STORED:
            found[table] = _table(table, rows, reducer)
        elif table in ROWS:
            found[table] = ROWS[table](rows, reducer)
    return found


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
        for table, told in ROWS.items():
            found[table] = told(await rows.list(table), reducer)
        found[SAVED] = _saved(await rows.list(SAVED), reducer, began)
    except ServiceError:
        return {}
    return {table: kept for table, kept in found.items() if kept}


def _table(table: str, rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    area, of = STORED[table], reducer.stand_ins.of
    return {
        key if key in CONSTANT else str(of("reference", key)): reducer.json(value, area)
        for key, value in rows.items()
    }


def _saved(rows: Mapping[str, Any], reducer: Reducer, began: datetime) -> dict[str, Any]:
    there, left = {}, LARGEST
    for key, row in rows.items():
        left -= len(str(row.get("value")))
        if left >= 0 and _before(row.get("as_of"), began):
            there[key] = row
    return dict(_copies(there, reducer))


def _copies(rows: Mapping[str, Any], reducer: Reducer) -> Iterator[tuple[str, Any]]:
    """Saved copies are answers: a copy's key is the path it was read from."""
    for key, row in rows.items():
        url = reducer.url_of(key)
        if place := reducer.place(url):
            # The app asks for the same key again, without the gateway's own address.
            path = reducer.url(url).removeprefix(HOST)
            kept = {"value": reducer.json(row.get("value"), place.area), "as_of": row.get("as_of")}
            yield path if key.startswith("/") else path.lstrip("/"), kept | {"etag": ""}


def _before(moment: Any, began: datetime) -> bool:
    """Whether a copy was there already: the first answers come in while the rows are read."""
    try:
        return datetime.fromisoformat(moment) <= began
    except (TypeError, ValueError):
        return False
