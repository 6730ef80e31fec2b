"""Puts bundles into a patient's record and finds them again, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, RowMapping, Select, insert, select

from gateway.health_records.bundles import Entry, identifier_of
from gateway.health_records.tables import bundles, entries, patient_names, patients, resources


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A stored resource where it stood in its bundle."""

    full_url: str
    type: str
    id: str
    digest: str
    raw: str = field(repr=False)
    before: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """A stored bundle with the entries that were kept, in order; `whole` when none was left."""

    type: str
    identifier: str = field(repr=False)
    timestamp: str
    received_at: datetime
    digest: str
    sender: str
    tail: str = field(repr=False)
    entries: tuple[StoredEntry, ...] = field(repr=False)
    whole: bool

    @property
    def text(self) -> str:
        """The bundle's own text; only for a whole one."""
        return "".join(entry.before + entry.raw for entry in self.entries) + self.tail


def find_patient(connection: Connection, subject: str) -> str | None:
    """The logical id of this resident's own record, or None when there is none."""
    query = select(patients.c.patient_id).where(patients.c.subject == subject)
    return connection.scalar(query)


def patient_of_subject(connection: Connection, subject: str) -> str:
    """The logical id of this resident's record, begun when there is none."""
    found = find_patient(connection, subject)
    return found or _begin(connection, subject=subject)


def patient_named(connection: Connection, patient: Entry, *, learn: bool = True) -> str:
    """The logical id of the record a bundle's own Patient names, begun unclaimed when there is none.

    `learn`: remember its other identifiers for a record that was there already.
    Raises ValueError when its identifiers name several records: guessing would mix two people.
    """
    names = identifiers_of(patient)
    found = set(connection.scalars(_records_named(names)))
    if len(found) > 1:
        raise ValueError("its identifiers name several records")
    patient_id = next(iter(found)) if found else _begin(connection, identifier=names[0][:512])
    if learn or not found:
        learn_names(connection, patient_id, patient)
    return patient_id


def learn_names(connection: Connection, patient_id: str, patient: Entry) -> None:
    """Remember that these identifiers mean this record; one that means another stays as it is."""
    names = identifiers_of(patient)
    known = set(
        connection.scalars(select(patient_names.c.name).where(patient_names.c.name.in_(names)))
    )
    new = [{"name": name, "patient_id": patient_id} for name in names if name not in known]
    if new:
        connection.execute(insert(patient_names), new)


def identifiers_of(patient: Entry) -> list[str]:
    """`system|value` of each identifier, else the one address this Patient has; never empty."""
    found = patient.resource.get("identifier")
    said = [identifier_of(one) for one in (found if isinstance(found, list) else [found])]
    usable = list(dict.fromkeys(name for name in said if name and not name.startswith("|")))
    absolute = patient.full_url.startswith(("urn:", "http://", "https://"))
    return usable or [patient.full_url[:512] if absolute else f"Patient/{patient.digest}"]


def _records_named(names: list[str]) -> Select[str]:
    return select(patient_names.c.patient_id).where(patient_names.c.name.in_(names)).distinct()


def stored_bundles(connection: Connection, patient_id: str) -> tuple[StoredBundle, ...]:
    """Every whole bundle of a patient, in the order they came."""
    query = (
        select(bundles)
        .where(bundles.c.patient_id == patient_id, bundles.c.is_complete)
        .order_by(bundles.c.bundle_id)
    )
    found = connection.execute(query).mappings().all()
    inside: dict[int, list[Row[Any]]] = {row["bundle_id"]: [] for row in found}
    for entry in connection.execute(_entries_of(patient_id)):
        if entry.bundle_id in inside:
            inside[entry.bundle_id].append(entry)
    return tuple(_stored(row, inside[row["bundle_id"]]) for row in found)


def _entries_of(patient_id: str) -> Select[Any]:
    return (
        select(entries.c.bundle_id, entries.c.full_url, entries.c.before, resources)
        .join(bundles, bundles.c.bundle_id == entries.c.bundle_id)
        .outerjoin(resources, entries.c.row_id == resources.c.row_id)
        .where(bundles.c.patient_id == patient_id)
        .order_by(entries.c.bundle_id, entries.c.position)
    )


def _begin(connection: Connection, **names: str) -> str:
    patient_id = str(uuid4())
    connection.execute(insert(patients).values(patient_id=patient_id, **names))
    return patient_id


def main_patient(found: tuple[Entry, ...]) -> int | None:
    """The place of the Patient a bundle is about: the Composition's subject, else the first one."""
    places = [place for place, entry in enumerate(found) if entry.type == "Patient"]
    composition = next((entry for entry in found if entry.type == "Composition"), None)
    subject = reference_of(composition.resource.get("subject")) if composition else ""
    named = [place for place in places if subject and subject in names_of(found[place])]
    return next(iter(named + places), None)


def names_of(entry: Entry) -> set[str]:
    """Every way a reference in the same bundle may name this entry."""
    names = {entry.full_url, "/".join(entry.full_url.split("/")[-2:])}
    if entry.id:
        names |= {f"{entry.type}/{entry.id}", f"urn:uuid:{entry.id}"}
    return names - {""}


def reference_of(value: object) -> str:
    """The address in a Reference, or nothing."""
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _stored(row: RowMapping, found: list[Row[Any]]) -> StoredBundle:
    kept = [r for r in found if r.raw is not None]
    return StoredBundle(
        type=row["type"],
        identifier=row["identifier"],
        timestamp=row["timestamp"],
        received_at=row["received_at"],
        digest=row["digest"],
        sender=row["facility_id"] or "",
        tail=row["envelope"],
        entries=tuple(
            StoredEntry(r.full_url, r.type, r.id, r.digest, r.raw, r.before) for r in kept
        ),
        whole=len(kept) == len(found),
    )
