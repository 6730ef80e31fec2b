"""A record stored before the index is served after the upgrade, word for word."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import gateway.migrations
from gateway.database import Database
from gateway.health_records import seed
from gateway.health_records.bundles import read_bundle
from gateway.settings import Settings
from tests.gateway.conftest import HeadersFor
from tests.gateway.health_records.samples import document

OLD = "health_records@health_records_0001"
PATIENT = "00000000-0000-4000-8000-0000000000aa"


def move(database: Database, revision: str) -> None:
    config = Config()
    folder = Path(next(iter(gateway.migrations.__path__)))
    config.set_main_option("script_location", str(folder))
    with database.alone() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == OLD else command.upgrade)(config, revision)


def store_as_before(database: Database) -> str:
    """A bundle as the first version stored it: its envelope in one piece, no names, no index."""
    words = json.dumps(document(), ensure_ascii=False, indent=1)
    bundle = read_bundle(words.encode())
    with database.transaction() as connection:

        def add(table: str, **row: object) -> None:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

        add("health_patients", patient_id=PATIENT, subject="test-minh-anh")
        at = "2026-10-02 03:00:00+00:00"
        add("health_bundles", bundle_id=1, patient_id=PATIENT, digest=bundle.digest, source="old",
            type=bundle.type, identifier=bundle.identifier, timestamp=bundle.timestamp,
            received_at=at, envelope=bundle.envelope)  # fmt: skip
        for place, entry in enumerate(bundle.entries):
            add("health_resources", row_id=place + 1, patient_id=PATIENT, type=entry.type,
                id=entry.id, digest=entry.digest, raw=entry.raw)  # fmt: skip
            add("health_entries", bundle_id=1, position=place, full_url=entry.full_url,
                row_id=place + 1)  # fmt: skip
    return words


@pytest.mark.postgresql
async def test_a_record_of_before_is_found_and_read(
    gateway: httpx.AsyncClient, database: Database, settings: Settings, headers_for: HeadersFor
) -> None:
    """An upgrade that shows an empty record would be read as "you have no allergy"."""
    move(database, OLD)
    words = store_as_before(database)
    move(database, "heads")
    seed(settings, database)
    headers = headers_for("test-minh-anh", "health")
    summary = await gateway.get(f"/fhir/R4/Patient/{PATIENT}/$summary", headers=headers)
    assert summary.text == words
    found = await gateway.get("/fhir/R4/AllergyIntolerance", headers=headers)
    [allergy] = [entry["resource"] for entry in found.json()["entry"]]
    assert allergy["code"]["text"] == "Penicillin"
    assert allergy["patient"] == {"reference": f"Patient/{PATIENT}"}
    patient = await gateway.get("/fhir/R4/Patient", headers=headers)
    assert patient.json()["entry"][0]["resource"]["name"] == [{"text": "Nguyễn Minh Anh"}]
