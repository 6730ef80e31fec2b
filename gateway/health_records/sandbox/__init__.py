"""The sandbox's health register: a synthetic record for every synthetic resident."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection

from gateway.database import Database
from gateway.health_records.arrivals import Origin
from gateway.health_records.bundles import read_bundle
from gateway.health_records.keeping import keep
from gateway.health_records.sandbox.document import write_document
from gateway.health_records.sandbox.facilities import seed_facilities
from gateway.health_records.sandbox.visits import write_visits
from gateway.health_records.standing import stand_what_never_stood
from gateway.health_records.store import (
    find_patient,
    learn_names,
    main_patient,
    patient_of_subject,
)
from gateway.privacy.remembering import erased_at
from gateway.registers import population
from gateway.registers.population import Resident, sandbox_residents
from gateway.settings import Settings

SOURCE = "sandbox"
_FILE = Path(population.__file__).with_name("health_sandbox.json")

Plan = dict[str, Any]


def seed(settings: Settings, database: Database) -> None:
    """Index what was stored before the index, and in the sandbox write a record for every
    synthetic resident without one.
    """
    database.run_here(stand_what_never_stood)
    if settings.sandbox:
        database.run_here(lambda connection: _seed(connection, settings))


def _seed(connection: Connection, settings: Settings) -> None:
    seed_facilities(connection, register()["facilities"], settings.clock())
    for resident in sandbox_residents():
        if _is_new(connection, resident.subject, settings):
            patient_id = patient_of_subject(connection, resident.subject)
            for written in bundles_of(resident):
                bundle = read_bundle(json.dumps(written, ensure_ascii=False).encode())
                place = main_patient(bundle.entries)
                if place is not None:
                    learn_names(connection, patient_id, bundle.entries[place])
                keep(connection, patient_id, bundle, Origin(SOURCE, settings.clock()))


def _is_new(connection: Connection, subject: str, settings: Settings) -> bool:
    """Whether there is no record yet; one that was erased does not come again."""
    if find_patient(connection, subject) is not None:
        return False
    return erased_at(connection, settings, subject) is None


def bundles_of(resident: Resident) -> list[dict[str, Any]]:
    """All that the resident's record begins with: the summary, and what visits left behind."""
    document = document_of(resident)
    visits = write_visits(resident, _plan_of(resident), register(), document)
    return [document] + ([visits] if visits is not None else [])


def document_of(resident: Resident) -> dict[str, Any]:
    """The resident's summary as a document Bundle, the same at every call."""
    return write_document(resident, _plan_of(resident), register())


def _plan_of(resident: Resident) -> Plan:
    plans: dict[str, Plan] = register()["records"]
    return plans.get(resident.key) or _ordinary(resident)


@cache
def register() -> dict[str, Any]:
    """What health_sandbox.json holds: facilities, practitioners, concepts, tests and records."""
    text = unicodedata.normalize("NFC", _FILE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(text)
    return found


def _ordinary(resident: Resident) -> Plan:
    """A healthy adult's record: one check-up and some vaccinations, drawn with a fixed seed."""
    draw = Random(resident.key)
    day = f"2026-{draw.randint(3, 9):02}-{draw.randint(1, 28):02}"
    place, doctor = (
        draw.choice(["hoan-kiem", "hai-ba-trung", "cau-giay"]),
        draw.choice(["khoa", "nga"]),
    )
    height = draw.randint(155, 176)
    weight = round((height / 100) ** 2 * draw.uniform(20, 24), 1)
    glucose = round(draw.uniform(4.4, 5.6), 1)
    shots = [
        {
            "code": "covid",
            "date": f"202{1 + dose // 3}-{month:02}",
            "dose": str(dose),
            "place": place,
        }
        for dose, month in (
            (1, draw.randint(6, 8)),
            (2, draw.randint(9, 12)),
            (3, draw.randint(1, 6)),
        )
    ]
    return {
        "date": f"{day}T10:00:00+07:00",
        "author": place,
        "doctor": doctor,
        "allergies": {"none_confirmed_on": day},
        "conditions": {"none_confirmed_on": day},
        "medicines": {"none_confirmed_on": day},
        "immunizations": shots,
        "results": [{"test": "glucose", "values": [[day, glucose, "N"]]}],
        "vital_signs": [
            {"test": "height", "values": [[day, height, ""]]},
            {"test": "weight", "values": [[day, weight, ""]]},
        ],
        "blood_pressure": [[day, draw.randint(108, 126), draw.randint(68, 80)]],
        "visits": [
            {
                "code": "visit-checkup",
                "start": f"{day}T08:30:00+07:00",
                "end": f"{day}T09:30:00+07:00",
                "place": place,
                "doctor": doctor,
            }
        ],
    }
