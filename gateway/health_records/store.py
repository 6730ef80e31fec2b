"""Puts bundles into a patient's record and finds them again, inside the caller's transaction."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, Table, insert, select

from gateway.health_records.bundles import Entry, ReadBundle, identifier_of, rebuild
from gateway.health_records.tables import bundles, entries, patients, resources

Left = Counter[str]
"""Why resources were not kept, with how many of them."""

ALREADY_THERE = "already stored"
ANOTHER_PATIENT = "about another patient"
NO_TYPE = "no resourceType"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import did: new resources by type, and what was left and why."""

    patient_id: str
    new: Counter[str]
    left: Left


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A stored resource where it stood in its bundle."""

    full_url: str
    type: str
    id: str
    digest: str
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """A stored bundle with the entries that were kept, in order; `whole` when none was left."""

    type: str
    identifier: str = field(repr=False)
    timestamp: str
    received_at: datetime
    envelope: str = field(repr=False)
    entries: tuple[StoredEntry, ...] = field(repr=False)
    whole: bool

    @property
    def text(self) -> str:
        """The bundle's own text; only for a whole one."""
        return rebuild(self.envelope, [entry.raw for entry in self.entries])


def find_patient(connection: Connection, subject: str) -> str | None:
    """The logical id of this resident's own record, or None when there is none."""
    query = select(patients.c.patient_id).where(patients.c.subject == subject)
    return connection.scalar(query)


def patient_of_subject(connection: Connection, subject: str) -> str:
    """The logical id of this resident's record, begun when there is none."""
    found = find_patient(connection, subject)
    return found or _begin(connection, subject=subject)


def unclaimed_patient(connection: Connection, patient: Entry) -> str:
    """The logical id of the record nobody has claimed that a bundle's own Patient names."""
    identifier = identifier_of(patient.resource.get("identifier"))
    if not identifier:
        identifier = f"Patient/{patient.id or patient.digest}"[:512]
    query = select(patients.c.patient_id).where(patients.c.identifier == identifier)
    return connection.scalar(query) or _begin(connection, identifier=identifier)


def keep(
    connection: Connection, patient_id: str, bundle: ReadBundle, source: str, at: datetime
) -> Kept:
    """Store a bundle for a patient; a second time nothing new is kept."""
    found = select(bundles.c.bundle_id).where(
        bundles.c.patient_id == patient_id, bundles.c.digest == bundle.digest
    )
    if connection.scalar(found) is not None:
        return Kept(patient_id, Counter(), Counter({ALREADY_THERE: len(bundle.entries)}))
    row = {
        "patient_id": patient_id,
        "source": source[:255],
        "received_at": at,
        "digest": bundle.digest,
        "type": bundle.type[:32],
        "identifier": bundle.identifier,
        "timestamp": bundle.timestamp[:64],
        "envelope": bundle.envelope,
    }
    bundle_id = _insert(connection, bundles, row)
    return _keep_entries(connection, patient_id, bundle_id, bundle)


def stored_bundles(connection: Connection, patient_id: str) -> tuple[StoredBundle, ...]:
    """Every bundle of a patient, in the order they came."""
    query = select(bundles).where(bundles.c.patient_id == patient_id).order_by(bundles.c.bundle_id)
    return tuple(_stored(connection, row) for row in connection.execute(query).mappings())


def patient_resource(connection: Connection, patient_id: str) -> dict[str, Any]:
    """The Patient of a record under its logical id; a bare one when no bundle brought any."""
    query = (
        select(resources.c.raw)
        .where(resources.c.patient_id == patient_id, resources.c.type == "Patient")
        .order_by(resources.c.row_id)
        .limit(1)
    )
    raw = connection.scalar(query)
    found = json.loads(raw) if raw else {"resourceType": "Patient"}
    return {**found, "id": patient_id}


def _begin(connection: Connection, **names: str) -> str:
    patient_id = str(uuid4())
    connection.execute(insert(patients).values(patient_id=patient_id, **names))
    return patient_id


def _keep_entries(
    connection: Connection, patient_id: str, bundle_id: int, bundle: ReadBundle
) -> Kept:
    about_others = _about_others(bundle.entries)
    query = select(resources.c.digest, resources.c.row_id).where(
        resources.c.patient_id == patient_id
    )
    rows: dict[str, int] = {row.digest: row.row_id for row in connection.execute(query)}
    new: Counter[str] = Counter()
    left: Left = Counter()
    places = []
    for position, entry in enumerate(bundle.entries):
        reason = NO_TYPE if not entry.type else ""
        reason = ANOTHER_PATIENT if position in about_others else reason
        if not reason and entry.digest in rows:
            left[ALREADY_THERE] += 1
        elif reason:
            left[reason] += 1
        else:
            rows[entry.digest] = _insert_resource(connection, patient_id, entry)
            new[entry.type] += 1
        row_id = None if reason else rows[entry.digest]
        places.append({"position": position, "full_url": entry.full_url, "row_id": row_id})
    if places:
        connection.execute(insert(entries), [{"bundle_id": bundle_id, **p} for p in places])
    return Kept(patient_id, new, left)


def _insert_resource(connection: Connection, patient_id: str, entry: Entry) -> int:
    row = {
        "patient_id": patient_id,
        "type": entry.type[:64],
        "id": entry.id[:255],
        "digest": entry.digest,
        "raw": entry.raw,
    }
    return _insert(connection, resources, row)


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    return int(key[0]) if key else 0


def main_patient(found: tuple[Entry, ...]) -> int | None:
    """The place of the Patient a bundle is about: the Composition's subject, else the first one."""
    places = [place for place, entry in enumerate(found) if entry.type == "Patient"]
    composition = next((entry for entry in found if entry.type == "Composition"), None)
    subject = _reference(composition.resource.get("subject")) if composition else ""
    named = [place for place in places if subject and subject in names_of(found[place])]
    return next(iter(named + places), None)


def _about_others(found: tuple[Entry, ...]) -> set[int]:
    """The places of other Patients and of resources whose subject or patient is one of them."""
    main = main_patient(found)
    others = {p for p, entry in enumerate(found) if entry.type == "Patient" and p != main}
    names = {name for place in others for name in names_of(found[place])}
    names -= names_of(found[main]) if main is not None else set()
    for place, entry in enumerate(found):
        holders = (entry.resource.get("subject"), entry.resource.get("patient"))
        if names.intersection(map(_reference, holders)):
            others.add(place)
    return others


def names_of(entry: Entry) -> set[str]:
    """Every way a reference in the same bundle may name this entry."""
    names = {entry.full_url, "/".join(entry.full_url.split("/")[-2:])}
    if entry.id:
        names |= {f"{entry.type}/{entry.id}", f"urn:uuid:{entry.id}"}
    return names - {""}


def _reference(value: object) -> str:
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _stored(connection: Connection, row: RowMapping) -> StoredBundle:
    query = (
        select(entries.c.full_url, entries.c.row_id, resources)
        .outerjoin(resources, entries.c.row_id == resources.c.row_id)
        .where(entries.c.bundle_id == row["bundle_id"])
        .order_by(entries.c.position)
    )
    found = connection.execute(query).all()
    kept = [r for r in found if r.raw is not None]
    return StoredBundle(
        type=row["type"],
        identifier=row["identifier"],
        timestamp=row["timestamp"],
        received_at=row["received_at"],
        envelope=row["envelope"],
        entries=tuple(StoredEntry(r.full_url, r.type, r.id, r.digest, r.raw) for r in kept),
        whole=len(kept) == len(found),
    )
