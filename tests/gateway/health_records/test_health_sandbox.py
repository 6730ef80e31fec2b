"""The synthetic residents' records are real International Patient Summaries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.database import Database
from gateway.health_records import seed
from gateway.health_records.sandbox import document_of
from gateway.health_records.store import find_patient, stored_bundles
from gateway.health_records.tables import patients
from gateway.registers.population import Resident, sandbox_residents
from gateway.settings import Settings

RESIDENTS = sandbox_residents()
SECTIONS = {
    "48765-2",
    "11450-4",
    "10160-0",
    "11369-6",
    "30954-2",
    "47519-4",
    "11348-0",
    "8716-3",
    "29762-2",
    "10157-6",
    "882-1",
    "46240-8",
    "18776-5",
}


def objects_in(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from objects_in(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects_in(item)


def resident(key: str) -> Resident:
    return next(found for found in RESIDENTS if found.key == key)


def section(document: dict[str, Any], code: str) -> dict[str, Any]:
    sections = document["entry"][0]["resource"]["section"]
    return next(s for s in sections if s["code"]["coding"][0]["code"] == code)


def of_type(document: dict[str, Any], resource_type: str) -> list[dict[str, Any]]:
    found = (entry["resource"] for entry in document["entry"])
    return [resource for resource in found if resource["resourceType"] == resource_type]


@pytest.mark.parametrize("person", RESIDENTS, ids=lambda person: person.key)
def test_every_record_is_a_whole_document(person: Resident) -> None:
    """A reference into nothing, or an empty section without a reason, misleads a reader."""
    document = document_of(person)
    assert document["type"] == "document"
    composition = document["entry"][0]["resource"]
    assert composition["resourceType"] == "Composition"
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    addresses = [entry["fullUrl"] for entry in document["entry"]]
    assert len(set(addresses)) == len(addresses)
    for entry in document["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
    for found in objects_in(document):
        assert "reference" not in found or found["reference"] in addresses
        assert None not in found.values()
    codes = [found["code"]["coding"][0]["code"] for found in composition["section"]]
    assert (len(codes), set(codes)) == (len(SECTIONS), SECTIONS)
    for found in composition["section"]:
        assert ("entry" in found) != ("emptyReason" in found)
        assert found["text"]["div"].startswith('<div xmlns="http://www.w3.org/1999/xhtml"')


@pytest.mark.parametrize("person", RESIDENTS, ids=lambda person: person.key)
def test_every_code_has_vietnamese_words_and_its_own_system(person: Resident) -> None:
    """The resident reads words; another country's doctor reads codes."""
    for found in objects_in(document_of(person)):
        if "coding" in found and "text" in found:
            assert found["text"].strip()
        if isinstance(found.get("coding"), list):
            assert all(c["system"].startswith("http") and c["code"] for c in found["coding"])


def test_a_record_is_the_same_at_every_start() -> None:
    """Screenshots, entity tags and idempotent imports depend on it."""
    for person in RESIDENTS:
        assert json.dumps(document_of(person)) == json.dumps(document_of(person))


def test_the_adults_record_is_that_of_the_pictures() -> None:
    """Pictures 11 and 12: what the screens are compared with."""
    document = document_of(resident("nguyen-minh-anh"))
    [allergy] = of_type(document, "AllergyIntolerance")
    assert allergy["code"]["text"] == "Penicillin"
    shown = [m["text"] for m in allergy["reaction"][0]["manifestation"]]
    assert (shown, allergy["recordedDate"]) == (["Nổi mẩn", "Khó thở"], "2019")
    [procedure] = of_type(document, "Procedure")
    assert procedure["code"]["coding"][0]["code"] == "no-known-procedures"
    ldl = [o for o in of_type(document, "Observation") if o["code"]["text"] == "Cholesterol LDL"]
    values = sorted((o["effectiveDateTime"], o["valueQuantity"]["value"]) for o in ldl)
    assert [value for _, value in values] == [3.9, 3.6, 3.3, 3.0, 2.8]
    assert len(of_type(document, "Immunization")) == 9
    assert len(of_type(document, "Encounter")) == 2
    reason = section(document, "882-1")["emptyReason"]["coding"][0]["code"]
    assert reason == "unavailable"


def test_the_newcomers_record_says_that_nothing_is_known() -> None:
    """Chưa có thông tin in every section, and nowhere Không có."""
    composition = document_of(resident("vu-khanh-linh"))["entry"][0]["resource"]
    for found in composition["section"]:
        assert found["emptyReason"]["coding"][0]["code"] == "unavailable"


def test_the_first_start_writes_records_and_the_second_nothing(
    database: Database, settings: Settings
) -> None:
    """A restart keeps what the resident has, imports included."""
    here = Settings(data_folder=settings.data_folder, database_url=settings.database_url)
    seed(here, database)
    first = database.run_here(lambda c: c.execute(patients.select()).mappings().all())
    assert {row["subject"] for row in first} == {person.subject for person in RESIDENTS}
    seed(here, database)
    assert database.run_here(lambda c: c.execute(patients.select()).mappings().all()) == first
    own = database.run_here(lambda c: find_patient(c, RESIDENTS[0].subject))
    assert own is not None
    assert len(database.run_here(lambda c: stored_bundles(c, own))) == 2


def test_a_real_city_gets_no_synthetic_records(database: Database, settings: Settings) -> None:
    """Made-up illnesses have no place beside real ones."""
    assert not settings.sandbox
    seed(settings, database)
    assert database.run_here(lambda c: c.execute(patients.select()).all()) == []


async def test_two_synthetic_residents_read_different_records(
    gateway: httpx.AsyncClient, database: Database, settings: Settings, headers_for: Any
) -> None:
    """The same through the wire: each finds their own name."""
    here = Settings(data_folder=settings.data_folder, database_url=settings.database_url)
    seed(here, database)
    for person in RESIDENTS[:3]:
        headers = headers_for(person.subject, "health")
        found = (await gateway.get("/fhir/R4/Patient", headers=headers)).json()
        [entry] = found["entry"]
        assert entry["resource"]["name"][0]["text"] == person.name
        path = f"/fhir/R4/Patient/{entry['resource']['id']}/$summary"
        assert (await gateway.get(path, headers=headers)).json() == document_of(person)
