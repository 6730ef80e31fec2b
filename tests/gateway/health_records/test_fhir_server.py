"""The FHIR server does what its CapabilityStatement says, for two residents who stay apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.health_records.parameters import PARAMETERS, values_at
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.fhir_reading import (
    GIA_HUY,
    MINH_ANH,
    get,
    records,
    resources,
)
from tests.gateway.health_records.whole_record import whole_record

__all__ = ["records"]

pytestmark = pytest.mark.postgresql
BASE = "http://city.test/api/fhir/R4"
ISSUE_TYPES = {
    "Patient",
    "AllergyIntolerance",
    "Condition",
    "MedicationStatement",
    "MedicationRequest",
    "Immunization",
    "Observation",
    "DiagnosticReport",
    "Procedure",
    "Encounter",
    "DocumentReference",
    "Binary",
    "Consent",
    "AuditEvent",
}


def references_in(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        yield from references_in(list(value.values()))


def value_for(name: str, kind: str, resource: dict[str, Any], patient_id: str) -> str:
    """What finds this resource by that parameter."""
    if name in {"patient", "subject"}:
        return f"Patient/{patient_id}"
    if name == "_id":
        return str(resource["id"])
    if name == "_lastUpdated":
        return "ge2020-01-01"
    if name == "identifier":
        return str(resource["identifier"][0]["value"])
    if kind == "reference":
        path = PARAMETERS[resource["resourceType"]][name].paths[0]
        return next(references_in(list(values_at(resource, path))))
    return {"date": "2026", "string": "Mau", "token": "mau"}[kind]


@on_sqlite
async def test_every_type_and_parameter_listed_works_and_keeps_two_residents_apart(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """A client decides by the statement; and no type, no parameter may show another's record."""
    statement = (await gateway.get("/fhir/R4/metadata")).json()
    listed = {r["type"]: r for r in statement["rest"][0]["resource"]}
    assert set(listed) >= ISSUE_TYPES
    mine, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    tried = 0
    for kind, said in listed.items():
        if kind in {"AuditEvent", "Provenance", "Binary"}:
            continue
        [resource] = resources(await get(gateway, mine, kind))
        assert (await gateway.get(f"/fhir/R4/{kind}/{resource['id']}", headers=mine)).is_success
        there = await gateway.get(f"/fhir/R4/{kind}/{resource['id']}", headers=other)
        assert there.status_code == 404, kind
        for parameter in said["searchParam"]:
            name = parameter["name"]
            value = value_for(name, parameter["type"], resource, records[MINH_ANH])
            found = await get(gateway, mine, kind, **{name: value})
            assert [r["id"] for r in resources(found)] == [resource["id"]], (kind, name, value)
            assert (name, value) in httpx.URL(found["link"][0]["url"]).params.multi_items()
            seen = await get(gateway, other, kind, **{name: value})
            assert resource["id"] not in json.dumps(seen["entry"]), (kind, name)
            nothing = {"date": "1950", "_lastUpdated": "lt2000"}.get(parameter["type"], "khong-co")
            nothing = "lt2000" if name == "_lastUpdated" else nothing
            none = await get(gateway, mine, kind, **{name: nothing})
            assert none["total"] == 0, (kind, name)
            tried += 1
    assert tried > 200


@on_sqlite
async def test_every_reference_served_is_answered_here(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """A client follows what it reads: a reference that leads nowhere is a dead end."""
    headers = headers_for(MINH_ANH, "health")
    whole = await get(gateway, headers, f"Patient/{records[MINH_ANH]}/$everything", _count="200")
    assert whole["total"] == len(whole["entry"]) == len(PARAMETERS)
    links = set(references_in(whole))
    assert f"Patient/{records[MINH_ANH]}" in links
    for link in links:
        assert (await gateway.get(f"/fhir/R4/{link}", headers=headers)).status_code == 200, link
    [document] = [r for r in resources(whole) if r["resourceType"] == "DocumentReference"]
    file = document["content"][0]["attachment"]["url"]
    bare = await gateway.get(f"/fhir/R4/{file}", headers=headers)
    assert (bare.headers["content-type"], bare.content) == ("application/pdf", b"%PDF-mau")
    as_fhir = await gateway.get(
        f"/fhir/R4/{file}", headers={**headers, "Accept": "application/fhir+json"}
    )
    assert as_fhir.json()["resourceType"] == "Binary"


@on_sqlite
async def test_a_read_carries_its_version_and_is_not_sent_twice(
    gateway: httpx.AsyncClient, records: dict[str, str], stored: Any, headers_for: Any
) -> None:
    """A phone on a poor network asks whether something changed, and mostly nothing did."""
    headers = headers_for(MINH_ANH, "health")
    [allergy] = resources(await get(gateway, headers, "AllergyIntolerance"))
    path = f"/fhir/R4/AllergyIntolerance/{allergy['id']}"
    first = await gateway.get(path, headers=headers)
    assert first.headers["etag"] == f'W/"{first.json()["meta"]["versionId"]}"'
    assert first.headers["last-modified"].endswith("GMT")
    again = await gateway.get(path, headers={**headers, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    changed = whole_record("a", "Nguyễn Minh Anh")
    for entry in changed["entry"]:
        if entry["resource"]["resourceType"] == "AllergyIntolerance":
            entry["resource"]["criticality"] = "high"
    stored(changed, MINH_ANH)
    since = first.json()["meta"]["lastUpdated"]
    newer = await gateway.get(path, headers={**headers, "If-None-Match": first.headers["etag"]})
    assert (newer.status_code, newer.json()["criticality"]) == (200, "high")
    moved = await get(gateway, headers, f"Patient/{records[MINH_ANH]}/$everything", _since=since)
    assert allergy["id"] in [r["id"] for r in resources(moved)]


@on_sqlite
async def test_the_smart_configuration_names_every_scope(gateway: httpx.AsyncClient) -> None:
    """A SMART client begins here."""
    found = (await gateway.get("/fhir/R4/.well-known/smart-configuration")).json()
    assert {"patient/*.rs", "patient/Observation.rs", "health"} <= set(found["scopes_supported"])
    assert "permission-v2" in found["capabilities"]
    assert found["code_challenge_methods_supported"] == ["S256"]


@on_sqlite
async def test_refusals_from_outside_the_routes_are_operation_outcomes_too(
    gateway: httpx.AsyncClient, app: Any, records: dict[str, str], headers_for: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Too large a body is refused before any route, a failure behind them all."""
    headers = headers_for(MINH_ANH, "health")
    large = await gateway.post(
        "/fhir/R4", content=b"x", headers={**headers, "Content-Length": "999999999"}
    )
    assert (large.status_code, large.json()["issue"][0]["code"]) == (413, "too-long")
    monkeypatch.setattr(app.state, "database", None)
    broken = await gateway.get("/fhir/R4/Observation", headers=headers)
    assert (broken.status_code, broken.json()["issue"][0]["code"]) == (500, "exception")
