"""Keeps a patient's consents in their record as FHIR Consents, so that the FHIR server serves them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from gateway.health_people.fhir_consent import consents_of
from gateway.health_records.arrivals import Origin, Piece
from gateway.health_records.bundles import CUT, read_bundle
from gateway.health_records.keeping import batches, begin, finish, head_of, keep_batch

SOURCE = "consents"


def publish(connection: Connection, patient_id: str, now: datetime) -> None:
    """Store every decided consent as it stands now: a newer version of the one bundle of them.

    Earlier versions stay stored; the newest is what is searched and read.
    """
    found = consents_of(connection, patient_id)
    if not found:
        return
    document = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ihanoi:consents", "value": patient_id},
        "type": "collection",
        "timestamp": now.isoformat(),
        "entry": [
            {"fullUrl": f"urn:ihanoi:consent:{consent['id']}", "resource": consent}
            for consent in found
        ],
    }
    bundle = read_bundle(json.dumps(document, ensure_ascii=False).encode())
    # The bundle holds no Patient of its own: this record's is meant.
    head = replace(head_of(bundle), patient=frozenset({f"Patient/{patient_id}"}))
    opened = begin(connection, patient_id, head, Origin(SOURCE, now), bundle.entries)
    if opened is None:
        return
    *befores, tail = bundle.envelope.split(CUT)
    pieces = (Piece(*one) for one in zip(range(len(befores)), befores, bundle.entries, strict=True))
    for batch in batches(pieces):
        keep_batch(connection, opened, batch)
    finish(connection, opened, tail)
