"""A transaction Bundle that a facility sends (FHIR R4, section 3.1.0.11.2): all of it or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.health_records.accesses import Look, record
from gateway.health_records.arrivals import Origin
from gateway.health_records.bundles import BrokenBundleError, Entry, ReadBundle, read_bundle, text
from gateway.health_records.keeping import head_of, keep
from gateway.health_records.parameters import OF_PATIENT, PARAMETERS
from gateway.health_records.serving import instant
from gateway.health_records.store import identifiers_of, names_of, patient_named, reference_of
from gateway.health_records.tables import bundles, entries
from gateway.problems import FieldError, Problem
from gateway.problems import invalid as unacceptable

MOST_ENTRIES = 5000
_OWNERS = ("subject", "patient", "beneficiary")


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that may be stored: its bundle and its one Patient."""

    bundle: ReadBundle = field(repr=False)
    patient: Entry = field(repr=False)


def read_transaction(content: bytes) -> Sent:
    """Read and check a transaction, before anything is stored.

    Raises a 400 `Problem` for what is no Bundle, a 422 one for what this server does not take.
    """
    try:
        bundle = read_bundle(content)
    except BrokenBundleError as error:
        raise Problem(400, "malformed-body", "The body is no Bundle", str(error)) from error
    if bundle.type != "transaction":
        raise _refused("Bundle.type", "not-a-transaction")
    if not bundle.entries or bundle.without_resource or len(bundle.entries) > MOST_ENTRIES:
        raise _refused("Bundle.entry", "entries")
    for place, request in enumerate(_requests(content)):
        _check_request(place, request, bundle.entries[place])
    patients = [entry for entry in bundle.entries if entry.type == "Patient"]
    if len(patients) != 1 or "|" not in identifiers_of(patients[0])[0]:
        raise _refused("Patient.identifier", "one-patient")
    names = names_of(patients[0])
    for place, entry in enumerate(bundle.entries):
        _check_owner(place, entry, names)
    return Sent(bundle, patients[0])


def _requests(content: bytes) -> list[Any]:
    return [entry.get("request") for entry in json.loads(content)["entry"]]


def _check_request(place: int, request: Any, entry: Entry) -> None:
    said = request if isinstance(request, dict) else {}
    method, url = text(said.get("method")), text(said.get("url"))
    fits = url == entry.type if method == "POST" else url == f"{entry.type}/{entry.id}"
    if method not in {"POST", "PUT"} or not fits:
        raise _refused(f"Bundle.entry[{place}].request", "request")
    if entry.type not in PARAMETERS:
        raise _refused(f"Bundle.entry[{place}].resource", "type")


def _check_owner(place: int, entry: Entry, names: set[str]) -> None:
    """What is about a patient is about the bundle's own one, and says so."""
    if entry.type not in OF_PATIENT:
        return
    said = [reference_of(entry.resource.get(name)) for name in _OWNERS if name in entry.resource]
    if not set(said) <= names or (not said and entry.type != "Appointment"):
        raise _refused(f"Bundle.entry[{place}].resource", "another-patient")


def store(connection: Connection, sent: Sent, facility: Row[Any], look: Look) -> dict[str, Any]:
    """Store it in the record its Patient's identifiers name; the transaction-response.

    Sent again it changes nothing and is answered alike. Raises a 422 `Problem` when the
    identifiers name several records.
    """
    try:
        patient_id = patient_named(connection, sent.patient, learn=False)
    except ValueError:
        raise _refused("Patient.identifier", "several-patients") from None
    origin = Origin(f"facility:{facility.facility_id}", look.at, facility.facility_id)
    kept = keep(connection, patient_id, sent.bundle, origin)
    record(connection, patient_id, look)
    return _response(connection, patient_id, sent, bool(kept.new))


def _response(connection: Connection, patient_id: str, sent: Sent, is_new: bool) -> dict[str, Any]:
    query = (
        select(entries.c.logical_id, entries.c.row_id, bundles.c.received_at)
        .join(bundles, bundles.c.bundle_id == entries.c.bundle_id)
        .where(bundles.c.patient_id == patient_id)
        .where(bundles.c.digest == head_of(sent.bundle).digest)
        .order_by(entries.c.position)
    )
    rows = connection.execute(query).all()
    return {
        "resourceType": "Bundle",
        "type": "transaction-response",
        "entry": [
            {
                "response": {
                    "status": "201 Created" if is_new and entry.type != "Patient" else "200 OK",
                    "location": f"{entry.type}/{row.logical_id}/_history/{row.row_id}",
                    "etag": f'W/"{row.row_id}"',
                    "lastModified": instant(row.received_at),
                }
            }
            for entry, row in zip(sent.bundle.entries, rows, strict=True)
        ],
    }


def _refused(where: str, code: str) -> Problem:
    return unacceptable([FieldError(field=where, code=code)])
