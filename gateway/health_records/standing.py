"""Builds the index of a record anew from what is stored: which version of what stands today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, select

from gateway.health_records.bundles import Entry, parsed
from gateway.health_records.dates import FOREVER
from gateway.health_records.indexing import Standing, forget, place
from gateway.health_records.naming import Names
from gateway.health_records.store import names_of
from gateway.health_records.tables import bundles, current, entries, patients, resources

_AT_ONCE = 500


def stand_as_stored(connection: Connection, patient_id: str) -> None:
    """Index a record from its bundles in the order they came.

    Of bundles with the same identifier only the newest stands.
    """
    forget(connection, patient_id)
    query = select(bundles).where(bundles.c.patient_id == patient_id).order_by(bundles.c.bundle_id)
    found = connection.execute(query).all()
    newest: dict[str, Any] = {}
    for bundle in found:
        other = newest.setdefault(bundle.identifier, bundle)
        newest[bundle.identifier] = max(other, bundle, key=lambda b: str(b.timestamp))
    for bundle in found:
        if not bundle.identifier or newest[bundle.identifier] is bundle:
            _stand(connection, bundle)


def stand_bare_patient(
    connection: Connection, patient_id: str, bundle_id: int, at: datetime
) -> None:
    """A record has a Patient, also where no bundle brought one."""
    known = select(current.c.current_id).where(current.c.logical_id == patient_id)
    if connection.scalar(known) is None:
        row = {
            "patient_id": patient_id,
            "type": "Patient",
            "logical_id": patient_id,
            "bundle_id": bundle_id,
            "full_url": "",
            "updated": at,
            "day": -FOREVER,
        }
        connection.execute(insert(current).values(row))


def stand_what_never_stood(connection: Connection) -> int:
    """Index records of before the index; how many there were."""
    indexed = exists().where(current.c.patient_id == patients.c.patient_id)
    stored = select(bundles.c.bundle_id).where(bundles.c.patient_id == patients.c.patient_id)
    query = select(patients.c.patient_id).where(~indexed, stored.exists())
    found = list(connection.scalars(query))
    for patient_id in found:
        _complete_entries(connection, patient_id)
        stand_as_stored(connection, patient_id)
        newest = select(bundles.c.bundle_id, bundles.c.received_at).where(
            bundles.c.patient_id == patient_id
        )
        last = connection.execute(newest.order_by(bundles.c.bundle_id.desc()).limit(1)).one()
        stand_bare_patient(connection, patient_id, last.bundle_id, last.received_at)
    return len(found)


def _complete_entries(connection: Connection, patient_id: str) -> None:
    """Give the bundles of before the index their patient's names and their entries their ids."""
    query = select(bundles).where(bundles.c.patient_id == patient_id)
    for bundle in connection.execute(query).all():
        rows = [row for batch in _batches(connection, bundle) for row in batch]
        patient = next((r for r in rows if r.type == "Patient"), None)
        called = sorted(names_of(_entry(patient))) if patient is not None else []
        scope = bundle.identifier or bundle.digest
        said = {"patient_names": json.dumps(called, ensure_ascii=False), "scope": scope}
        connection.execute(
            bundles.update().where(bundles.c.bundle_id == bundle.bundle_id).values(said)
        )
        names = Names(patient_id, scope, frozenset(called))
        for row in rows:
            connection.execute(
                entries.update()
                .where(entries.c.bundle_id == bundle.bundle_id)
                .where(entries.c.position == row.position)
                .values(logical_id=names.of_entry(_entry(row)))
            )


def _stand(connection: Connection, bundle: Row[Any]) -> None:
    sender = f"facility:{bundle.facility_id}#" if bundle.facility_id else ""
    called = frozenset(json.loads(bundle.patient_names))
    inside: dict[str, str] = {}
    names = Names(bundle.patient_id, bundle.scope, called, sender, inside)
    for batch in _batches(connection, bundle):
        for row in batch:
            for name in names_of(_entry(row)):
                inside.setdefault(name, row.logical_id)
    for batch in _batches(connection, bundle):
        standing = [
            Standing(_entry(r), r.logical_id, r.row_id, bundle.bundle_id, bundle.received_at)
            for r in batch
        ]
        place(connection, names, standing)


def _batches(connection: Connection, bundle: Row[Any]) -> Iterator[list[Row[Any]]]:
    query = (
        select(entries.c.position, entries.c.full_url, entries.c.logical_id, resources)
        .join(resources, entries.c.row_id == resources.c.row_id)
        .where(entries.c.bundle_id == bundle.bundle_id)
        .order_by(entries.c.position)
        .limit(_AT_ONCE)
    )
    last = -1
    while rows := list(connection.execute(query.where(entries.c.position > last)).all()):
        yield rows
        last = rows[-1].position


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.full_url, parsed(row.raw), row.raw)
