"""The FHIR server does what its CapabilityStatement says, for two residents who stay apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from gateway.database import Database
from gateway.health_records.parameters import PARAMETERS, values_at
from gateway.health_records.reading import parameters_of
from gateway.health_records.right import ALWAYS, Right
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.whole_record import whole_record

pytestmark = pytest.mark.postgresql

MINH_ANH, GIA_HUY = "test-minh-anh", "test-gia-huy"
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


@pytest.fixture
def records(stored: Any) -> dict[str, str]:
    """Both residents' records with one resource of every type, and their logical ids."""
    return {
        MINH_ANH: stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH),
        GIA_HUY: stored(whole_record("b", "Trần Gia Huy"), GIA_HUY),
    }


async def get(
    gateway: httpx.AsyncClient, headers: dict[str, str], path: str, **asked: str
) -> dict[str, Any]:
    answer = await gateway.get(f"/fhir/R4/{path}", params=asked, headers=headers)
    assert answer.status_code == 200, (path, asked, answer.text)
    found: dict[str, Any] = answer.json()
    return found


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"]]


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


DATES = [
    ("eq2026-05-12", True), ("2026-05", True), ("2026-06", False), ("ne2026-05-12", False),
    ("gt2026-05-11", True), ("gt2026-05-12", False), ("lt2026-05-13", True),
    ("lt2026-05-12", False), ("ge2026-05-12", True), ("le2026-05-12", True),
    ("sa2026-05-11", True), ("sa2026-05-12", False), ("eb2026-05-13", True),
    ("eb2026-05-12", False), ("ap2026-05-12", True), ("2026-05-12T00:00:00+07:00", False),
    ("le2026-05-12T09:00:00Z", True), ("2025,2026-05-12", True),
]  # fmt: skip


@pytest.mark.postgresql
async def test_dates_are_compared_by_their_prefix_and_precision(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """In a search 2026-05 is a whole month: a result of its twelfth day lies in it and not behind it."""
    stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    headers = headers_for(MINH_ANH, "health")
    for asked, fits in DATES:
        found = await get(gateway, headers, "Observation", date=asked)
        assert (found["total"] == 1) == fits, asked


@pytest.mark.postgresql
async def test_tokens_strings_and_modifiers(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """The same questions on both databases: a code, its system, words with and without accents."""
    stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    headers = headers_for(MINH_ANH, "health")
    for kind, name, value, fits in (
        ("Observation", "code", "http://loinc.org|mau", True),
        ("Observation", "code", "http://snomed.info/sct|mau", False),
        ("Observation", "code", "|mau", False),
        ("Observation", "code", "http://loinc.org|", True),
        ("Observation", "code", "khac,mau", True),
        ("Observation", "code:not", "mau", False),
        ("Observation", "code:text", "đường", True),
        ("Observation", "code:missing", "false", True),
        ("Observation", "encounter:missing", "true", False),
        ("Patient", "name", "nguyen", True),
        ("Patient", "name", "minh", False),
        ("Patient", "name:contains", "MINH", True),
        ("Patient", "name:exact", "Nguyễn Minh Anh Mau", True),
        ("Patient", "name:exact", "nguyễn minh anh mau", False),
    ):
        found = await get(gateway, headers, kind, **{name: value})
        assert (found["total"] == 1) == fits, (kind, name, value)


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("Observation", {"date": "tomorrow"}),
        ("Observation", {"date": "2026-13"}),
        ("Observation", {"_count": "many"}),
        ("Observation", {"_sort": "code"}),
        ("Observation", {"code:above": "mau"}),
        ("Observation", {"code": ""}),
        ("Observation", {"code:missing": "perhaps"}),
        ("Observation", {"_lastUpdated": "yesterday"}),
        ("AuditEvent", {"date": "yesterday"}),
        ("AuditEvent", {"date:missing": "true"}),
    ],
)
async def test_what_cannot_be_understood_is_refused_and_not_guessed(
    gateway: httpx.AsyncClient,
    records: dict[str, str],
    headers_for: Any,
    kind: str,
    asked: dict[str, str],
) -> None:
    """An answer to another question than the one asked could be read as "there is none"."""
    headers = headers_for(MINH_ANH, "health")
    answer = await gateway.get(f"/fhir/R4/{kind}", params=asked, headers=headers)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "invalid")


@on_sqlite
async def test_an_unknown_parameter_is_refused_or_ignored_as_the_client_prefers(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """What was ignored does not stand in the self link (FHIR R4, section 3.1.1.3)."""
    headers = headers_for(MINH_ANH, "health")
    for kind in ("Observation", "Provenance"):
        lenient = await get(gateway, headers, kind, nonsense="1", _id="x")
        assert "nonsense" not in lenient["link"][0]["url"]
        assert "_id=x" in lenient["link"][0]["url"]
        strict = await gateway.get(
            f"/fhir/R4/{kind}", params={"nonsense": "1"},
            headers={**headers, "Prefer": "handling=strict"},
        )  # fmt: skip
        assert strict.status_code == 400


@pytest.mark.postgresql
async def test_pages_hold_everything_once_and_belong_to_one_caller(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """A next link is of no use to anybody else, also not with a token of their own."""
    many = whole_record("a", "Nguyễn Minh Anh")
    many["entry"] += [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-00000000{n:04}",
         "resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
                      "effectiveDateTime": f"2026-01-{n % 28 + 1:02}"}}
        for n in range(24)
    ]  # fmt: skip
    own = stored(many, MINH_ANH)
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    for path, total in (("Observation", 25), (f"Patient/{own}/$everything", len(PARAMETERS) + 24)):
        page = await get(gateway, headers, path, _count="7")
        seen = [r["id"] for r in resources(page)]
        while link := next((one for one in page["link"] if one["relation"] == "next"), None):
            token = httpx.URL(link["url"]).params["_page"]
            stolen = await gateway.get(f"/fhir/R4/{path}", params={"_page": token}, headers=other)
            assert stolen.status_code == 404
            page = await get(gateway, headers, path, _page=token)
            assert page["total"] == total
            seen += [r["id"] for r in resources(page)]
        assert len(seen) == len(set(seen)) == total
    newest = await get(gateway, headers, "Observation", _sort="-date", _count="1")
    oldest = await get(gateway, headers, "Observation", _sort="date", _count="1")
    days = [resources(found)[0]["effectiveDateTime"] for found in (newest, oldest)]
    assert days == ["2026-05-12", "2026-01-01"]
    counted = await get(gateway, headers, "Observation", _summary="count")
    assert (counted["total"], counted["entry"]) == (25, [])
    assert "total" not in await get(gateway, headers, "Observation", _total="none")


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
async def test_a_search_by_form_answers_as_the_one_by_address(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """Codes of diseases in addresses end in logs; a form keeps them out."""
    headers = headers_for(MINH_ANH, "health")
    answer = await gateway.post(
        "/fhir/R4/Condition/_search", data={"code": "mau", "_count": "5"}, headers=headers
    )
    assert answer.json()["total"] == 1
    broken = await gateway.post("/fhir/R4/Condition/_search", content=b"\xff\xfe=", headers=headers)
    assert broken.status_code == 400


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


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    seen: list[str] = []

    def note(*found: Any) -> None:
        seen.append(found[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


@on_sqlite
async def test_a_search_asks_the_database_as_often_for_many_as_for_few(
    gateway: httpx.AsyncClient, app: Any, stored: Any, headers_for: Any
) -> None:
    """A query for every row is what makes a record of a lifetime slow."""
    database = app.state.database
    headers = headers_for(MINH_ANH, "health")
    own = stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    counts = []
    for round_ in range(2):
        with counted(database) as seen:
            await get(gateway, headers, "Observation", code="mau", _count="100")
            await get(gateway, headers, f"Patient/{own}/$everything", _count="100")
        # Workers beside it and a sign-in's standing, read once in a while, are not its cost.
        others = ("PRAGMA", "BEGIN", "FROM jobs", " sessions")
        counts.append(len([one for one in seen if not any(each in one for each in others)]))
        if round_ == 0:
            for n in range(5):
                more = whole_record(f"more{n}", "Nguyễn Minh Anh")
                stored(more, MINH_ANH)
    assert counts[1] <= counts[0] + 2
    assert counts[0] <= 12


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
