"""Puts bundles into a patient's record, in batches, each resource word for word and once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, func, insert, select, update

from gateway.health_records.arrivals import (
    ALREADY_THERE,
    ANOTHER_PATIENT,
    BATCH,
    NO_TYPE,
    Head,
    Kept,
    Opened,
    Origin,
    Piece,
)
from gateway.health_records.bundles import CUT, Entry, ReadBundle
from gateway.health_records.indexing import Standing, place
from gateway.health_records.naming import Names
from gateway.health_records.standing import stand_as_stored, stand_bare_patient
from gateway.health_records.store import main_patient, names_of, reference_of
from gateway.health_records.tables import bundles, entries, patients, resources


def head_of(bundle: ReadBundle) -> Head:
    """The head of a bundle that was read whole."""
    main = main_patient(bundle.entries)
    patients = [(p, e) for p, e in enumerate(bundle.entries) if e.type == "Patient"]
    mine = names_of(bundle.entries[main]) if main is not None else set()
    others = {name for p, e in patients if p != main for name in names_of(e)}
    return Head(
        type=bundle.type,
        identifier=bundle.identifier,
        timestamp=bundle.timestamp,
        digest=bundle.digest,
        main=main,
        patient=frozenset(mine),
        others=frozenset(others - mine),
    )


def keep(connection: Connection, patient_id: str, bundle: ReadBundle, origin: Origin) -> Kept:
    """Store a bundle for a patient; a second time nothing new is kept."""
    opened = begin(connection, patient_id, head_of(bundle), origin, bundle.entries)
    if opened is None:
        return Kept(patient_id, Counter(), Counter({ALREADY_THERE: len(bundle.entries)}))
    *befores, tail = bundle.envelope.split(CUT)
    pieces = (
        Piece(*found) for found in zip(range(len(befores)), befores, bundle.entries, strict=True)
    )
    kept = Kept(patient_id, Counter(), Counter())
    for batch in batches(pieces):
        kept.add(keep_batch(connection, opened, batch))
    finish(connection, opened, tail)
    return kept


def batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces in lists of at most `BATCH`."""
    waiting = iter(pieces)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def begin(
    connection: Connection,
    patient_id: str,
    head: Head,
    origin: Origin,
    whole: Sequence[Entry] = (),
) -> Opened | None:
    """Open a bundle for storing; None when it is stored already.

    `whole`: its entries, where they are all at hand, so that loose references find each other.
    """
    names = Names(patient_id, head.scope, head.patient, origin.sender)
    inside: dict[str, str] = {}
    for entry in whole:
        for name in names_of(entry):
            inside.setdefault(name, names.of_entry(entry))
    names = Names(patient_id, head.scope, head.patient, origin.sender, inside)
    # Two writers of one record come one after the other.
    lock = select(patients.c.patient_id).where(patients.c.patient_id == patient_id)
    connection.execute(lock.with_for_update())
    query = select(bundles.c.bundle_id, bundles.c.is_complete).where(
        bundles.c.patient_id == patient_id, bundles.c.digest == head.digest
    )
    row = connection.execute(query).one_or_none()
    if row is not None and row.is_complete and not head.is_export:
        return None
    stands = not _has_versions(connection, patient_id, head, origin)
    if row is not None:
        last = select(func.max(entries.c.position)).where(entries.c.bundle_id == row.bundle_id)
        done = connection.scalar(last)
        done = 0 if done is None else done + 1
        return Opened(row.bundle_id, patient_id, head, origin, names, done, stands)
    bundle_id = _insert_bundle(connection, patient_id, head, origin)
    if head.is_export:
        stand_bare_patient(connection, patient_id, bundle_id, origin.at)
    return Opened(bundle_id, patient_id, head, origin, names, 0, stands)


def _has_versions(connection: Connection, patient_id: str, head: Head, origin: Origin) -> bool:
    if not head.identifier:
        return False
    others = select(bundles.c.bundle_id).where(
        bundles.c.patient_id == patient_id,
        bundles.c.identifier == origin.sender + head.identifier,
        bundles.c.digest != head.digest,
    )
    return connection.scalar(others.limit(1)) is not None


def _insert_bundle(connection: Connection, patient_id: str, head: Head, origin: Origin) -> int:
    row = {
        "patient_id": patient_id,
        "source": origin.source[:255],
        "facility_id": origin.facility_id,
        "received_at": origin.at,
        "digest": head.digest,
        "type": head.type[:32],
        "identifier": (origin.sender + head.identifier if head.identifier else "")[:512],
        "scope": head.scope,
        "patient_names": json.dumps(sorted(head.patient), ensure_ascii=False),
        "timestamp": head.timestamp[:64],
        "envelope": "",
        "is_complete": head.is_export,
    }
    key = connection.execute(insert(bundles).values(row)).inserted_primary_key
    return int(key[0]) if key else 0


def keep_batch(connection: Connection, opened: Opened, batch: Sequence[Piece]) -> Kept:
    """Store a batch of a bundle's entries, and let them stand."""
    earlier = sum(piece.position < opened.done for piece in batch)
    batch = [piece for piece in batch if piece.position >= opened.done]
    kept = Kept(opened.patient_id, Counter(), Counter())
    if earlier:
        kept.left[ALREADY_THERE] += earlier
    reasons = {p.position: _reason(opened.head, p) for p in batch}
    wanted = {p.entry.digest: p.entry for p in batch if not reasons[p.position]}
    rows = _rows(connection, opened.patient_id, list(wanted))
    missing = [entry for digest, entry in wanted.items() if digest not in rows]
    rows |= _insert_resources(connection, opened.patient_id, missing)
    kept.new.update(entry.type for entry in missing)
    new = {entry.digest for entry in missing}
    places, standing = [], []
    for piece in batch:
        reason = reasons[piece.position]
        if not reason and piece.entry.digest not in new:
            kept.left[ALREADY_THERE] += 1
        new.discard(piece.entry.digest)
        if reason:
            kept.left[reason] += 1
        row_id = None if reason else rows[piece.entry.digest]
        logical_id = None if reason else opened.names.of_entry(piece.entry)
        places.append(_entry_row(opened, piece, row_id, logical_id))
        if row_id is not None and logical_id is not None:
            standing.append(
                Standing(piece.entry, logical_id, row_id, opened.bundle_id, opened.origin.at)
            )
    if places:
        connection.execute(insert(entries), places)
    if opened.stands:
        place(connection, opened.names, standing)
    return kept


def finish(connection: Connection, opened: Opened, tail: str) -> None:
    """Close the bundle: only now it counts as stored."""
    closed = update(bundles).where(bundles.c.bundle_id == opened.bundle_id)
    connection.execute(closed.values(envelope=tail, is_complete=True))
    if not opened.stands:
        stand_as_stored(connection, opened.patient_id)
    stand_bare_patient(connection, opened.patient_id, opened.bundle_id, opened.origin.at)


def _reason(head: Head, piece: Piece) -> str:
    entry = piece.entry
    if not entry.type:
        return NO_TYPE
    if head.is_export:
        return ""
    if entry.type == "Patient":
        return "" if piece.position == head.main else ANOTHER_PATIENT
    holders = (entry.resource.get("subject"), entry.resource.get("patient"))
    return ANOTHER_PATIENT if head.others.intersection(map(reference_of, holders)) else ""


def _entry_row(
    opened: Opened, piece: Piece, row_id: int | None, logical_id: str | None
) -> dict[str, object]:
    return {
        "bundle_id": opened.bundle_id,
        "position": piece.position,
        "full_url": piece.entry.full_url,
        "row_id": row_id,
        "logical_id": logical_id,
        "before": piece.before,
    }


def _rows(connection: Connection, patient_id: str, digests: list[str]) -> dict[str, int]:
    query = select(resources.c.digest, resources.c.row_id).where(
        resources.c.patient_id == patient_id, resources.c.digest.in_(digests)
    )
    return {row.digest: row.row_id for row in connection.execute(query)}


def _insert_resources(
    connection: Connection, patient_id: str, missing: list[Entry]
) -> dict[str, int]:
    if not missing:
        return {}
    rows = [
        {
            "patient_id": patient_id,
            "type": entry.type[:64],
            "id": entry.id[:255],
            "digest": entry.digest,
            "raw": entry.raw,
        }
        for entry in missing
    ]
    new = insert(resources).returning(resources.c.digest, resources.c.row_id)
    return {row.digest: row.row_id for row in connection.execute(new, rows)}
