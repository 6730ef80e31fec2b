"""A resident reads their own health record, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import RowMapping, Table

from gateway.database import Database
from gateway.health_records.accesses import list_accesses
from gateway.health_records.tables import bundles, entries, resources
from tests.gateway.health_records.samples import document

MINH_ANH, GIA_HUY = "test-minh-anh", "test-gia-huy"


def rows_of(database: Database, table: Table) -> Sequence[RowMapping]:
    return database.run_here(lambda c: c.execute(table.select()).mappings().all())


@pytest.fixture
def two_records(stored: Any) -> dict[str, str]:
    """Both residents' records, and their logical ids."""
    return {
        MINH_ANH: stored(document(), MINH_ANH),
        GIA_HUY: stored(document(name="Trần Gia Huy", allergy="Lạc"), GIA_HUY),
    }


async def test_a_resident_finds_and_reads_their_own_summary(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any
) -> None:
    """The app knows only who is signed in; everything else it learns from the server."""
    headers = headers_for(MINH_ANH, "health")
    found = (await gateway.get("/fhir/R4/Patient", headers=headers)).json()
    assert found["total"] == 1
    own = found["entry"][0]["resource"]["id"]
    answer = await gateway.get(f"/fhir/R4/Patient/{own}/$summary", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json() == document()


async def test_another_residents_record_is_not_found(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any
) -> None:
    """Nobody may learn even that the other one has a record."""
    headers = headers_for(MINH_ANH, "health")
    other, nobody = two_records[GIA_HUY], "00000000-0000-4000-8000-000000000000"
    for part in ("", "/$summary"):
        there = await gateway.get(f"/fhir/R4/Patient/{other}{part}", headers=headers)
        missing = await gateway.get(f"/fhir/R4/Patient/{nobody}{part}", headers=headers)
        assert there.status_code == missing.status_code == 404
        assert there.json()["issue"][0]["code"] == missing.json()["issue"][0]["code"] == "not-found"
    found = await gateway.get("/fhir/R4/Patient", params={"_id": other}, headers=headers)
    assert found.json()["total"] == 0


async def test_each_resident_is_answered_only_their_own_resources(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any
) -> None:
    """Patients, bundles, entries and resources: one table without its condition would show here."""
    for subject, own, other in ((MINH_ANH, "Penicillin", "Lạc"), (GIA_HUY, "Lạc", "Penicillin")):
        headers = headers_for(subject, "health")
        answer = await gateway.get(
            f"/fhir/R4/Patient/{two_records[subject]}/$summary", headers=headers
        )
        assert own in answer.text
        assert other not in answer.text
        patient = await gateway.get(f"/fhir/R4/Patient/{two_records[subject]}", headers=headers)
        assert patient.json()["id"] == two_records[subject]


async def test_a_merged_summary_holds_nothing_of_another_resident(
    gateway: httpx.AsyncClient, two_records: dict[str, str], stored: Any, headers_for: Any
) -> None:
    """A summary of several bundles is put together here, so here it could be mixed up."""
    stored(document(name="Lần khám 2", allergy="Hải sản"), MINH_ANH)
    headers = headers_for(MINH_ANH, "health")
    answer = await gateway.get(
        f"/fhir/R4/Patient/{two_records[MINH_ANH]}/$summary", headers=headers
    )
    assert "Penicillin" not in answer.text  # The clinic's newer word on the same resource stands.
    assert "Hải sản" in answer.text
    assert "Lạc" not in answer.text
    assert "Gia Huy" not in answer.text


async def test_a_stranger_and_a_token_without_the_scope_are_refused_the_fhir_way(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any
) -> None:
    """A FHIR client reads OperationOutcomes; the reference is what the hotline asks for."""
    path = f"/fhir/R4/Patient/{two_records[MINH_ANH]}/$summary"
    stranger = await gateway.get(path)
    unscoped = await gateway.get(path, headers=headers_for(MINH_ANH, "reports"))
    assert (stranger.status_code, unscoped.status_code) == (401, 403)
    assert stranger.headers["www-authenticate"].startswith("Bearer")
    for answer, code in ((stranger, "login"), (unscoped, "forbidden")):
        outcome = answer.json()
        assert outcome["resourceType"] == "OperationOutcome"
        assert outcome["issue"][0]["code"] == code
        assert outcome["id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir/R4/Nothing", 404),
        ("POST", "/fhir/R4/Patient", 405),
        ("DELETE", "/fhir/R4/metadata", 405),
    ],
)
async def test_what_does_not_exist_is_refused_the_fhir_way(
    gateway: httpx.AsyncClient, headers_for: Any, method: str, path: str, status: int
) -> None:
    """Nothing pretends: what is not there says so in the shape a FHIR client reads."""
    answer = await gateway.request(method, path, headers=headers_for(MINH_ANH, "health"))
    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_an_unchanged_summary_is_not_sent_again(
    gateway: httpx.AsyncClient, two_records: dict[str, str], stored: Any, headers_for: Any
) -> None:
    """A record of some megabytes is asked for often and changes seldom."""
    path = f"/fhir/R4/Patient/{two_records[MINH_ANH]}/$summary"
    headers = headers_for(MINH_ANH, "health")
    tag = (await gateway.get(path, headers=headers)).headers["etag"]
    again = await gateway.get(path, headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    stored(document(name="Lần khám 2", allergy="Hải sản"), MINH_ANH)
    changed = await gateway.get(path, headers={**headers, "If-None-Match": tag})
    assert changed.status_code == 200


async def test_every_look_is_written_down_and_only_its_patient_reads_it(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any, database: Database
) -> None:
    """The law gives the resident the right to know who looked, when, at what."""
    headers = headers_for(MINH_ANH, "health")
    await gateway.get("/fhir/R4/Patient", headers=headers)
    read = await gateway.get(f"/fhir/R4/Patient/{two_records[MINH_ANH]}/$summary", headers=headers)
    await gateway.get(f"/fhir/R4/Patient/{two_records[GIA_HUY]}/$summary", headers=headers)
    own = database.run_here(lambda c: list_accesses(c, MINH_ANH))
    assert [access.interaction for access in own] == ["$summary", "search-type"]
    assert own[0].subject == MINH_ANH
    assert own[0].request_id == read.headers["x-request-id"]
    assert own[0].at.tzinfo is not None
    assert database.run_here(lambda c: list_accesses(c, GIA_HUY)) == ()


async def test_a_resident_without_a_record_finds_an_empty_set(
    gateway: httpx.AsyncClient, two_records: dict[str, str], headers_for: Any
) -> None:
    """A new account is no error: there is simply nothing yet."""
    found = await gateway.get("/fhir/R4/Patient", headers=headers_for("test-nobody", "health"))
    assert (found.status_code, found.json()["total"], found.json()["entry"]) == (200, 0, [])


def test_the_same_words_of_two_residents_are_two_rows(stored: Any, database: Database) -> None:
    """Deleting one resident's record must never take another's resource with it."""
    first, second = stored(document(), MINH_ANH), stored(document(), GIA_HUY)
    assert first != second
    for table in (bundles, resources):
        owners = rows_of(database, table)
        assert {row["patient_id"] for row in owners} == {first, second}
    rows = rows_of(database, entries)
    assert len({row["row_id"] for row in rows}) == len(rows) == 6
