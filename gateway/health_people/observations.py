"""What residents measured or noted themselves, and how it reads as FHIR R4 `Observation`.

Bounds keep out slips of the finger (a weight of 655 kg), not unusual people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.health_people.tables import own_observations
from gateway.health_records.sections import LOINC
from gateway.health_records.tables import patients
from gateway.problems import FieldError, Problem, invalid

MOST = 5000
"""How many lines one record may hold; the oldest are never dropped silently, a new one is refused."""
SHOWN = 1000
AHEAD = timedelta(minutes=10)
"""How far a device's clock may run ahead."""
NOTE = "note"
_UCUM = "http://unitsofmeasure.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
OWN_TAG = {"system": "urn:ihanoi:source", "code": "patient-reported", "display": "Bạn tự ghi"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: its LOINC code and words, and per unit (UCUM) what is plausible, both included."""

    name: str
    code: str
    words: str
    units: Mapping[str, tuple[Decimal, Decimal]]
    optional: bool = False


def _between(low: str, high: str) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)


_PULSE = {"/min": _between("20", "260")}
KINDS: Mapping[str, tuple[Measure, ...]] = {
    "blood_pressure": (
        Measure("systolic", "8480-6", "Huyết áp tâm thu", {"mm[Hg]": _between("50", "300")}),
        Measure("diastolic", "8462-4", "Huyết áp tâm trương", {"mm[Hg]": _between("20", "200")}),
        Measure("pulse", "8867-4", "Nhịp tim", _PULSE, optional=True),
    ),
    "pulse": (Measure("pulse", "8867-4", "Nhịp tim", _PULSE),),
    "weight": (Measure("weight", "29463-7", "Cân nặng", {"kg": _between("0.5", "400")}),),
    "glucose": (
        Measure(
            "glucose",
            "15074-8",
            "Đường huyết",
            {"mmol/L": _between("0.5", "60"), "mg/dL": _between("9", "1080")},
        ),
    ),
    NOTE: (),
}
_CODES = {
    "blood_pressure": ("85354-9", "Huyết áp"),
    "pulse": ("8867-4", "Nhịp tim"),
    "weight": ("29463-7", "Cân nặng"),
    "glucose": ("15074-8", "Đường huyết"),
    NOTE: ("48767-8", "Ghi chú của bạn"),
}
_GLUCOSE_MASS = "2339-0"


@dataclass(frozen=True, slots=True)
class Own:
    """One line: numbers as they were typed, their unit by name, when it was, and words."""

    kind: str
    values: Mapping[str, str] = field(repr=False)
    unit: str
    effective: datetime
    note: str = field(repr=False)


def check(own: Own, now: datetime) -> None:
    """Raise a 422 `Problem` naming what is missing, out of bounds or in the future."""
    measures = {measure.name: measure for measure in KINDS[own.kind]}
    errors = [error for measure in measures.values() for error in _wrong(own, measure)]
    errors += [FieldError(field=n, code="unknown") for n in own.values if n not in measures]
    if own.kind == "blood_pressure" and not errors and _crossed(own.values):
        errors.append(FieldError(field="diastolic", code="not_below_systolic"))
    if own.kind == NOTE and not own.note:
        errors.append(FieldError(field="note", code="missing"))
    if own.effective > now + AHEAD:
        errors.append(FieldError(field="effective", code="in_the_future"))
    if errors:
        raise invalid(errors)


def _wrong(own: Own, measure: Measure) -> list[FieldError]:
    typed = own.values.get(measure.name, "")
    if not typed:
        return [] if measure.optional else [FieldError(field=measure.name, code="missing")]
    unit = own.unit if len(measure.units) > 1 else next(iter(measure.units))
    if unit not in measure.units:
        return [FieldError(field="unit", code="unknown")]
    low, high = measure.units[unit]
    plausible = low <= Decimal(typed) <= high
    return [] if plausible else [FieldError(field=measure.name, code="not_plausible")]


def _crossed(values: Mapping[str, str]) -> bool:
    return Decimal(values["systolic"]) <= Decimal(values["diastolic"])


def put(
    connection: Connection, place: tuple[str, str], subject: str, own: Own, now: datetime
) -> None:
    """Write a line at (patient id, observation id), new or changed.

    Raises a 409 `Problem` when the record holds too many.
    """
    patient_id, observation_id = place
    content = json.dumps(
        {"values": dict(own.values), "unit": own.unit, "note": own.note}, ensure_ascii=False
    )
    row = {
        "subject": subject,
        "kind": own.kind,
        "content": content,
        "effective": own.effective,
        "updated": now,
    }
    here = _at(patient_id, observation_id)
    if connection.execute(update(own_observations).where(*here).values(row)).rowcount:
        return
    count = select(func.count()).where(own_observations.c.patient_id == patient_id)
    if (connection.scalar(count) or 0) >= MOST:
        raise Problem(409, "too-many-observations", "The record holds too many own lines")
    try:
        with connection.begin_nested():
            connection.execute(
                insert(own_observations).values(
                    patient_id=patient_id, observation_id=observation_id, **row
                )
            )
    except IntegrityError:  # The same one came by another request in this moment.
        connection.execute(update(own_observations).where(*here).values(row))


def remove(connection: Connection, place: tuple[str, str]) -> None:
    """Delete a line for good; none there is no error: deleting twice is deleting once."""
    connection.execute(delete(own_observations).where(*_at(*place)))


def find(connection: Connection, place: tuple[str, str]) -> Row[Any]:
    """The line at (patient id, observation id)."""
    return connection.execute(select(own_observations).where(*_at(*place))).one()


def owner_of(connection: Connection, patient_id: str) -> str | None:
    """Whose record it is."""
    return connection.scalar(select(patients.c.subject).where(patients.c.patient_id == patient_id))


def own_rows(connection: Connection, patient_id: str) -> Sequence[Row[Any]]:
    """The lines of one record, the newest measurement first."""
    theirs = select(own_observations).where(own_observations.c.patient_id == patient_id)
    newest = (own_observations.c.effective.desc(), own_observations.c.observation_id)
    return connection.execute(theirs.order_by(*newest).limit(SHOWN)).all()


def own_observations_of(connection: Connection, patient_id: str) -> list[dict[str, Any]]:
    """The lines of one record as FHIR Observations, the newest first, each marked as the
    patient's own: `performer` is the patient (or says that a parent wrote it), tag `OWN_TAG`.
    """
    return [as_fhir(row) for row in own_rows(connection, patient_id)]


def as_fhir(row: Row[Any]) -> dict[str, Any]:
    """One line as an Observation. Glucose keeps the unit in which it was typed."""
    content = json.loads(row.content)
    code, words = _CODES[row.kind]
    if content["unit"] == "mg/dL":
        code = _GLUCOSE_MASS
    category = "survey" if row.kind == NOTE else "vital-signs"
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "id": row.observation_id,
        "meta": {"lastUpdated": _instant(row.updated), "tag": [OWN_TAG]},
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": category}]}],
        "code": _concept(code, words),
        "subject": {"reference": f"Patient/{row.patient_id}"},
        "effectiveDateTime": _instant(row.effective),
        "performer": [{"reference": f"Patient/{row.patient_id}", "display": "Bạn tự ghi"}],
    }
    if row.kind == NOTE:
        return {**found, "valueString": content["note"]}
    if content["note"]:
        found["note"] = [{"text": content["note"]}]
    measured = [
        (measure, content["values"][measure.name])
        for measure in KINDS[row.kind]
        if content["values"].get(measure.name)
    ]
    if row.kind == "blood_pressure":
        found["component"] = [
            {"code": _concept(m.code, m.words), "valueQuantity": _quantity(typed, _unit(m, ""))}
            for m, typed in measured
        ]
    else:
        [(measure, typed)] = measured
        found["valueQuantity"] = _quantity(typed, _unit(measure, content["unit"]))
    return found


def _at(patient_id: str, observation_id: str) -> tuple[Any, Any]:
    columns = own_observations.c
    return columns.patient_id == patient_id, columns.observation_id == observation_id


def _unit(measure: Measure, chosen: str) -> str:
    return chosen if chosen in measure.units else next(iter(measure.units))


def _concept(code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": words}], "text": words}


def _quantity(typed: str, unit: str) -> dict[str, Any]:
    shown = {"mm[Hg]": "mmHg", "/min": "lần/phút"}.get(unit, unit)
    number: int | float = int(typed) if typed.isdigit() else float(typed)
    return {"value": number, "unit": shown, "system": _UCUM, "code": unit}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
