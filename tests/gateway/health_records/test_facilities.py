"""Facilities send records themselves: whole or not at all, once, under their own name, and read nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.database import Database
from gateway.health_records.facilities import add_facility, end_facility
from gateway.health_records.facility_command import facilities_command
from gateway.health_records.tables import bundles, patients
from gateway.settings import Settings
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.samples import document

MINH_ANH, GIA_HUY = "test-minh-anh", "test-gia-huy"
BHYT = "urn:ihanoi:bhyt"


@pytest.fixture
def records(stored: Any) -> dict[str, str]:
    """Both residents' records, each with its health insurance number."""
    found = {}
    for subject, number in ((MINH_ANH, "DN1"), (GIA_HUY, "DN2")):
        bundle = document(name=subject)
        bundle["entry"][1]["resource"]["identifier"] = [{"system": BHYT, "value": number}]
        found[subject] = stored(bundle, subject)
    return found


@pytest.fixture
def clinics(database: Database, settings: Settings) -> dict[str, dict[str, str]]:
    """The headers of two facilities."""

    def add(name: str) -> dict[str, str]:
        secret = database.run_here(
            lambda c: add_facility(c, name, f"Phòng khám {name}", "00070", settings.clock())
        )
        return {
            "Authorization": f"Bearer {name}.{secret}",
            "Content-Type": "application/fhir+json",
        }

    return {name: add(name) for name in ("a", "b")}


def visit(number: str = "DN1", value: str = "130") -> dict[str, Any]:
    """A transaction: a Patient by insurance number, a doctor, and one result of theirs."""
    entries: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "1", "identifier": [{"system": BHYT, "value": number}]},
        {"resourceType": "Practitioner", "id": "2", "name": [{"text": "BS. Mẫu"}]},
        {
            "resourceType": "Observation",
            "id": "3",
            "status": "final",
            "code": {"text": "Đường huyết"},
            "subject": {"reference": "Patient/1"},
            "performer": [{"reference": "Practitioner/2"}],
            "valueString": value,
        },
    ]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": f"http://clinic.test/{r['resourceType']}/{r['id']}",
                "resource": r,
                "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"},
            }
            for r in entries
        ],
    }


async def read(
    gateway: httpx.AsyncClient, headers: dict[str, str], path: str
) -> list[dict[str, Any]]:
    answer = await gateway.get(f"/fhir/R4/{path}", headers=headers)
    return [entry["resource"] for entry in answer.json()["entry"]]


async def test_what_a_facility_sends_is_the_residents_to_read_with_its_origin(
    gateway: httpx.AsyncClient, records: dict[str, str], clinics: dict[str, Any], headers_for: Any
) -> None:
    """The visit of this morning is on the phone at noon, and says who wrote it."""
    sent = await gateway.post("/fhir/R4", json=visit(), headers=clinics["a"])
    assert sent.status_code == 200, sent.text
    answered = [entry["response"] for entry in sent.json()["entry"]]
    assert [one["status"] for one in answered] == ["200 OK", "201 Created", "201 Created"]
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    [result] = await read(gateway, headers, "Observation")
    assert answered[2]["location"].startswith(f"Observation/{result['id']}/")
    assert result["subject"] == {"reference": f"Patient/{records[MINH_ANH]}"}
    doctor = result["performer"][0]["reference"]
    assert (await gateway.get(f"/fhir/R4/{doctor}", headers=headers)).is_success
    assert result["meta"]["source"] == "urn:ihanoi:facility:a"
    [origin] = await read(gateway, headers, f"Provenance?target=Observation/{result['id']}")
    assert origin["agent"][0]["who"]["display"] == "Phòng khám a"
    [event] = await read(gateway, headers, "AuditEvent?action=C")
    assert event["agent"][0]["who"]["display"] == "Phòng khám a"
    assert await read(gateway, other, "Observation") == []
    summary = await gateway.get(f"/fhir/R4/Patient/{records[MINH_ANH]}/$summary", headers=headers)
    assert "Đường huyết" in summary.text


async def test_sent_again_it_is_there_once_and_changed_it_is_a_new_version(
    gateway: httpx.AsyncClient, records: dict[str, str], clinics: dict[str, Any], headers_for: Any
) -> None:
    """A facility whose line broke sends again; another's resource of the same name stays its own."""
    first = await gateway.post("/fhir/R4", json=visit(), headers=clinics["a"])
    again = await gateway.post("/fhir/R4", json=visit(), headers=clinics["a"])
    assert [e["response"]["location"] for e in again.json()["entry"]] == [
        e["response"]["location"] for e in first.json()["entry"]
    ]
    headers = headers_for(MINH_ANH, "health")
    assert len(await read(gateway, headers, "Observation")) == 1
    await gateway.post("/fhir/R4", json=visit(value="131"), headers=clinics["a"])
    [result] = await read(gateway, headers, "Observation")
    assert result["valueString"] == "131"
    await gateway.post("/fhir/R4", json=visit(value="999"), headers=clinics["b"])
    values = {r["valueString"] for r in await read(gateway, headers, "Observation")}
    assert values == {"131", "999"}


@on_sqlite
async def test_a_facility_reads_nothing_and_a_resident_sends_nothing(
    gateway: httpx.AsyncClient,
    records: dict[str, str],
    clinics: dict[str, Any],
    headers_for: Any,
    database: Database,
    settings: Settings,
) -> None:
    """A stolen credential of a clinic must not open the city's records."""
    own = records[MINH_ANH]
    for path in ("Patient", f"Patient/{own}", f"Patient/{own}/$summary", "AuditEvent"):
        assert (await gateway.get(f"/fhir/R4/{path}", headers=clinics["a"])).status_code == 401
    for headers in (
        headers_for(MINH_ANH, "health"),
        {"Authorization": "Bearer a.wrong"},
        {"Authorization": "Bearer nobody." + "0" * 64},
        {},
    ):
        refused = await gateway.post("/fhir/R4", json=visit(), headers=headers)
        assert (refused.status_code, refused.json()["resourceType"]) == (401, "OperationOutcome")
    database.run_here(lambda c: end_facility(c, "a", settings.clock()))
    ended = await gateway.post("/fhir/R4", json=visit(), headers=clinics["a"])
    assert ended.status_code == 401


def changed(path: str, value: Any) -> dict[str, Any]:
    """The visit with one thing changed."""
    bundle: Any = visit()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = bundle
    for part in way:
        place = place[part]
    place[last] = value
    return dict(bundle)


REFUSED = [
    ("type", "batch", "not-a-transaction"),
    ("entry", [], "entries"),
    ("entry.2.request.method", "DELETE", "request"),
    ("entry.2.request.url", "Observation/99", "request"),
    ("entry.2.request", None, "request"),
    ("entry.0.resource.identifier", [], "one-patient"),
    ("entry.0.resource.identifier", [{"value": "DN1"}], "one-patient"),
    ("entry.2.resource.subject", {"reference": "Patient/2"}, "another-patient"),
    ("entry.2.resource.subject", {"display": "ai đó"}, "another-patient"),
    ("entry.0.resource.identifier", [
        {"system": BHYT, "value": "DN1"}, {"system": BHYT, "value": "DN2"}], "several-patients"),
]  # fmt: skip


@on_sqlite
async def test_a_transaction_is_taken_whole_or_not_at_all(
    gateway: httpx.AsyncClient, records: dict[str, str], clinics: dict[str, Any], database: Database
) -> None:
    """Half a visit, or one in a stranger's record, is worse than none."""
    for path, value, code in REFUSED:
        refused = await gateway.post("/fhir/R4", json=changed(path, value), headers=clinics["a"])
        assert refused.status_code == 422, path
        assert refused.json()["issue"][0]["diagnostics"] == code
    for content in (b"{", b"[]", b'{"resourceType":"Patient"}'):
        broken = await gateway.post("/fhir/R4", content=content, headers=clinics["a"])
        assert (broken.status_code, broken.json()["issue"][0]["code"]) == (400, "invalid")
    as_text = {**clinics["a"], "Content-Type": "text/plain"}
    assert (await gateway.post("/fhir/R4", content=b"x", headers=as_text)).status_code == 415
    rows = database.run_here(lambda c: c.execute(bundles.select()).all())
    assert all(row.facility_id is None for row in rows)


@on_sqlite
async def test_an_unknown_patient_waits_unclaimed(
    gateway: httpx.AsyncClient, records: dict[str, str], clinics: dict[str, Any], database: Database
) -> None:
    """A visitor of another province is treated too; nobody reads it until somebody claims it."""
    for _ in range(2):
        assert (await gateway.post("/fhir/R4", json=visit("DN9"), headers=clinics["a"])).is_success
    rows = database.run_here(lambda c: c.execute(patients.select()).all())
    assert [row.identifier for row in rows if row.subject is None] == [f"{BHYT}|DN9"]


@on_sqlite
def test_the_register_of_the_sandbox_has_as_many_as_the_city(
    settings: Settings, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Facilities are added, listed and ended by a command; the secret is shown once."""
    here = Settings(data_folder=settings.data_folder, database_url=database_url)
    assert facilities_command(["list"], here) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 661
    assert all("mẫu" in line.lower() for line in lines)
    assert facilities_command(["add", "sandbox-general-1"], here) == 0
    assert "sandbox-general-1." in capsys.readouterr().out
    facilities_command(["list"], here)
    assert "sends" in capsys.readouterr().out
    assert facilities_command(["end", "sandbox-general-1"], here) == 0
    assert facilities_command(["end", "nowhere"], here) == 1
    with pytest.raises(ValueError, match="small letters"):
        facilities_command(["add", "Bệnh viện"], here)
    assert sum("Trạm Y tế" in line for line in lines) >= 126
