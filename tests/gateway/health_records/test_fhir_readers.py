"""Who reads a FHIR record: a token for one type, a carer for some parts, and every look is told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.health_records.parameters import PARAMETERS
from gateway.health_records.reading import parameters_of
from gateway.health_records.right import ALWAYS, Right
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.fhir_reading import (
    GIA_HUY,
    MINH_ANH,
    get,
    records,
    resources,
)

__all__ = ["records"]

pytestmark = pytest.mark.postgresql


@on_sqlite
async def test_a_token_for_one_type_reads_that_type_alone(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """An app for blood pressure has no business with diagnoses."""
    narrow = headers_for(MINH_ANH, "openid patient/Observation.rs")
    [result] = resources(await get(gateway, narrow, "Observation"))
    assert (await gateway.get(f"/fhir/R4/Observation/{result['id']}", headers=narrow)).is_success
    own = records[MINH_ANH]
    for path in ("Condition", f"Patient/{own}", f"Patient/{own}/$summary", "AuditEvent"):
        refused = await gateway.get(f"/fhir/R4/{path}", headers=narrow)
        assert refused.status_code == 403, path
        assert "insufficient_scope" in refused.headers["www-authenticate"]
        assert refused.json()["issue"][0]["code"] == "forbidden"
    reading = headers_for(MINH_ANH, "patient/Observation.r")
    assert (await gateway.get("/fhir/R4/Observation", headers=reading)).status_code == 403
    whole = headers_for(MINH_ANH, "patient/*.rs")
    assert (await gateway.get(f"/fhir/R4/Patient/{own}/$summary", headers=whole)).is_success
    some = headers_for(MINH_ANH, "patient/Patient.rs patient/Observation.rs")
    found = await get(gateway, some, f"Patient/{own}/$everything")
    assert {r["resourceType"] for r in resources(found)} == {"Patient", "Observation"}


@on_sqlite
async def test_every_look_is_an_audit_event_its_patient_reads(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """Who, when, which part, by what right, to what end: and only the patient learns it."""
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    own = records[MINH_ANH]
    [result] = resources(await get(gateway, headers, "Observation"))
    await gateway.get(f"/fhir/R4/Observation/{result['id']}", headers=headers)
    await gateway.get(f"/fhir/R4/Patient/{own}/$summary", headers=headers)
    await gateway.get(f"/fhir/R4/Patient/{own}/$summary", headers=other)
    found = await get(gateway, headers, "AuditEvent", patient=f"Patient/{own}", date="ge2026")
    assert found["total"] == 3
    events = resources(found)
    assert [e["entity"][-1].get("name") for e in events] == [
        "$summary",
        "Observation",
        "Observation",
    ]
    read = events[1]
    assert read["entity"][1]["what"]["reference"] == f"Observation/{result['id']}"
    assert read["agent"][0]["who"]["reference"] == f"Patient/{own}"
    assert read["agent"][0]["policy"] == ["urn:ihanoi:right:patient"]
    assert read["purposeOfEvent"][0]["coding"][0]["code"] == "PATRQT"
    one = await gateway.get(f"/fhir/R4/AuditEvent/{read['id']}", headers=headers)
    assert one.json() == read
    assert (
        await gateway.get(f"/fhir/R4/AuditEvent/{read['id']}", headers=other)
    ).status_code == 404
    for asked in ({"patient": own}, {"_id": read["id"]}, {}):
        assert (await get(gateway, other, "AuditEvent", **asked))["total"] == 0
    assert (await get(gateway, headers, "AuditEvent", action="R"))["total"] == 1
    assert (await get(gateway, headers, "AuditEvent", date="lt2020"))["total"] == 0
    page = await get(gateway, headers, "AuditEvent", _count="2")
    token = httpx.URL(page["link"][1]["url"]).params["_page"]
    assert len((await get(gateway, headers, "AuditEvent", _page=token))["entry"]) == 1


@on_sqlite
async def test_where_it_came_from_is_said(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """A resident who doubts a line asks first who wrote it."""
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    [result] = resources(await get(gateway, headers, "Observation"))
    asked = {"target": f"Observation/{result['id']}"}
    [origin] = resources(await get(gateway, headers, "Provenance", **asked))
    assert {"reference": f"Observation/{result['id']}"} in origin["target"]
    assert origin["agent"][0]["who"]["display"] == "test.json"
    assert (await get(gateway, other, "Provenance", **asked))["total"] == 0
    theirs = await gateway.get(f"/fhir/R4/Provenance/{origin['id']}", headers=other)
    assert theirs.status_code == 404
    for name, value in (("_id", origin["id"]), ("recorded", "ge2026"), ("_lastUpdated", "ge2026"),
                        ("patient", records[MINH_ANH])):  # fmt: skip
        assert (await get(gateway, headers, "Provenance", **{name: value}))["total"] == 1, name


@on_sqlite
async def test_a_carer_finds_only_the_parts_they_were_let_read(
    gateway: httpx.AsyncClient,
    records: dict[str, str],
    headers_for: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Allergies were agreed to: no search, no page, no id and no document may show more."""
    own = records[MINH_ANH]

    def lets(connection: Any, subject: str, patient_id: str, at: float) -> Right | None:
        chosen = Right("consent", frozenset({"48765-2"}))
        return chosen if (subject, patient_id) == (GIA_HUY, own) else None

    monkeypatch.setattr("gateway.health_people.rights.right_of", lets)
    mine, carer = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    seen = set()
    for kind in PARAMETERS:
        if kind == "Binary":
            continue
        [resource] = resources(await get(gateway, mine, kind))
        there = await gateway.get(f"/fhir/R4/{kind}/{resource['id']}", headers=carer)
        owner = {"patient": own} if "patient" in parameters_of(kind) else {"_id": resource["id"]}
        found = await get(gateway, carer, kind, **owner)
        if there.is_success:
            seen.add(kind)
        if "patient" in owner:
            assert (found["total"] == 1) == there.is_success, kind
        counted = await get(gateway, carer, kind, **owner, _summary="count")
        assert counted["total"] == found["total"]
    assert seen == {*ALWAYS, "AllergyIntolerance"}
    everything = await get(gateway, carer, f"Patient/{own}/$everything", _count="200")
    assert {r["resourceType"] for r in resources(everything)} == seen
    assert (await get(gateway, carer, "AuditEvent", patient=own))["total"] == 0
    [origin] = resources(await get(gateway, carer, "Provenance", patient=own))
    assert {one["reference"].split("/")[0] for one in origin["target"]} == seen
    [*events] = resources(await get(gateway, mine, "AuditEvent", patient=own, _count="200"))
    looks = [e for e in events if e["agent"][0]["policy"] == ["urn:ihanoi:right:consent"]]
    assert looks
    assert looks[0]["agent"][0]["who"]["reference"] == f"Patient/{records[GIA_HUY]}"
