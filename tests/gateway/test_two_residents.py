"""Every table with a subject, two residents: nobody ever sees what is another's.

Each test fails when the `WHERE subject` of its query is dropped.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import Connection

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway import media
from gateway.database import Database, metadata
from gateway.problems import Problem
from gateway.security import Caller
from gateway.service_requests import records
from gateway.service_requests.reading import own
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor
from tests.gateway.pictures import picture

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).parent.parent.parent
HERE = "tests/gateway"
REPORTS = f"{HERE}/service_requests"
PEOPLE = f"{HERE}/health_people"
COVERED = {
    "service_requests": (f"{HERE}/test_two_residents.py", "anothers_report"),
    "media": (f"{HERE}/test_two_residents.py", "report_and_photos"),
    "follows": (f"{REPORTS}/handling/test_two_sides.py", "only_what_they_follow_themselves"),
    "notices": (f"{REPORTS}/handling/test_two_sides.py", "inbox_of_two_residents"),
    "presence": (f"{REPORTS}/handling/test_two_sides.py", "presence_of_two_officers"),
    "consent_decisions": (f"{HERE}/consents/test_ledger.py", "ledgers_of_two_residents"),
    "staff_looks": (f"{HERE}/access_log/test_access_log.py", "logs_of_two_residents"),
    "idempotency_keys": (f"{HERE}/test_idempotency.py", "residents"),
    "card_enrolments": (f"{HERE}/cards/test_cards_of_two.py", "enrolments_of_two_residents"),
    "card_grants": (f"{HERE}/cards/test_cards_of_two.py", "grants_of_two_residents"),
    "card_blocks": (f"{HERE}/cards/test_cards_of_two.py", "blocks_of_two_residents"),
    "card_staff_acts": (f"{HERE}/inspection/test_inspection.py", "acts_on_two_residents"),
    "trip_corrections": (f"{HERE}/trips/test_trips.py", "trips_of_two_residents"),
    "parking_sessions": (f"{HERE}/parking/test_parking_api.py", "stays_of_two_residents"),
    "parking_accounts": (f"{HERE}/parking/test_parking_api.py", "accounts_of_two_residents"),
    "parking_charges": (f"{HERE}/parking/test_parking_api.py", "charges_of_two_residents"),
    "certificate_applications": (
        f"{HERE}/certificates/test_reading.py",
        "another_residents_certificate",
    ),
    "health_patients": (f"{HERE}/health_records/test_health_routes.py", "another_residents_record"),
    "health_accesses": (f"{HERE}/health_records/test_health_routes.py", "its_patient_reads_it"),
    "health_search_pages": (
        f"{HERE}/health_records/test_fhir_search.py",
        "belong_to_one_caller",
    ),
    "health_shares": (f"{HERE}/health_sharing/test_attackers.py", "shares_of_two_residents"),
    "health_relations": (f"{PEOPLE}/test_dependants.py", "the_recorded_parent_reads"),
    "health_consents": (f"{PEOPLE}/test_carers.py", "consents_of_two_residents"),
    "health_code_failures": (f"{PEOPLE}/test_carers.py", "codes_cannot_be_tried_out"),
    "health_own_observations": (f"{PEOPLE}/test_observations.py", "lines_of_two_residents"),
    "health_corrections": (f"{PEOPLE}/test_corrections.py", "corrections_of_two_residents"),
    "health_proofs": (f"{PEOPLE}/test_corrections.py", "proofs_of_two_residents"),
    "support_cases": (f"{HERE}/support/test_sending.py", "bundles_of_two_residents"),
    "support_openings": (f"{HERE}/support/test_opening.py", "openings_of_two_residents"),
    "privacy_erasures": (f"{HERE}/privacy/test_erasure_routes.py", "previews_of_two_residents"),
    "privacy_exports": (f"{HERE}/privacy/test_export_routes.py", "exports_of_two_residents"),
    "privacy_requests": (f"{HERE}/privacy/test_data_requests.py", "requests_of_two_residents"),
    "sessions": (f"{HERE}/sessions/test_sessions.py", "sessions_of_two_residents"),
    "identity_attempts": (f"{HERE}/identity/test_sign_in.py", "does_not_open_in_another"),
    "identity_grants": (f"{HERE}/identity/test_families.py", "two_residents"),
    "identity_passcode_failures": (f"{HERE}/identity/test_memory.py", "that_account_only"),
}
"""Every table with a subject: the file of its test by two residents, and a part of its name."""

PATH = "/open311/v2/requests.json"
MINE = "/reports/mine"


@pytest_asyncio.fixture
async def reports(gateway: httpx.AsyncClient, headers_for: HeadersFor) -> dict[str, Any]:
    """One report with a photo of each resident, as its owner sees it, by subject."""
    found = {}
    for subject in (RESIDENT, STRANGER):
        headers = headers_for(subject)
        fields = {
            "service_code": "pothole",
            "description": f"Cành cây gãy trước nhà {subject}.",
            "address_id": "00070",
        }
        photo = ("a.jpg", picture(), "image/jpeg")
        await gateway.post(PATH, headers=headers, data=fields, files={"media": photo})
        [found[subject]] = (await gateway.get(MINE, headers=headers)).json()
    return found


def caller_of(subject: str) -> Caller:
    """A resident who may read reports."""
    return Caller(subject, "loa2", frozenset({"reports"}), frozenset(), "app")


def found_or_none(read: Any, *asked: Any) -> object:
    """What a query finds, or None where it says 404."""
    try:
        return read(*asked)
    except Problem:
        return None


def test_every_table_with_a_subject_has_a_two_residents_test() -> None:
    """A new table with a subject begins without a test, unless something asks for one."""
    with_subject = {name for name, table in metadata.tables.items() if "subject" in table.c}
    assert with_subject == set(COVERED)
    for path, name in COVERED.values():
        tests = re.findall(r"def (test_\w+)", (ROOT / path).read_text(encoding="utf-8"))
        assert any(name in test for test in tests), f"{path}: no test named …{name}…"


async def test_a_list_holds_only_ones_own_reports(reports: dict[str, Any]) -> None:
    """Each list unpacked to one element in the fixture; this says which."""
    for subject, report in reports.items():
        assert subject in report["description"]


async def test_of_anothers_report_only_the_public_side_is_there(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, reports: dict[str, Any]
) -> None:
    """Reports are public as the standard has it; photos nobody has cleared are not."""
    theirs = reports[STRANGER]
    number, [photo] = theirs["service_request_id"], theirs["extended_attributes"]["media"]
    for address in (photo["url"], photo["thumbnail_url"]):
        own_answer = await gateway.get(address, headers=headers_for(STRANGER))
        other = await gateway.get(address, headers=headers_for(RESIDENT))
        assert (own_answer.status_code, other.status_code) == (200, 404), address
    seen = (await gateway.get(f"/reports/{number}", headers=headers_for(RESIDENT))).json()
    assert seen["extended_attributes"]["media"] == []
    assert seen["extended_attributes"]["acts"] == ["follow"]
    assert not seen["extended_attributes"]["mine"]


async def test_anothers_report_and_photos_cannot_be_told_from_none_when_acting(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, reports: dict[str, Any]
) -> None:
    """The two answers must not differ, or numbers could be tried out."""
    headers = headers_for(RESIDENT)
    theirs = reports[STRANGER]
    photo = theirs["extended_attributes"]["media"][0]["media_id"]
    acts = [
        await gateway.post(f"/reports/{one}/withdraw", headers=headers, json={})
        for one in (theirs["service_request_id"], "HN-2610-99999", "no-number", "%00")
    ]
    photos = [
        await gateway.get(f"/media/{one}.jpg", headers=headers) for one in (photo, "0" * 32, "x")
    ]
    for answers in (acts, photos):
        bodies = [answer.json() | {"reference": ""} for answer in answers]
        assert all(answer.status_code == 404 for answer in answers)
        assert all(body == bodies[0] for body in bodies)


async def test_each_query_by_itself_keeps_residents_apart(
    database: Database, settings: Settings, reports: dict[str, Any]
) -> None:
    """A route may check first; a query that leans on that is one refactoring away from a leak."""
    theirs = reports[STRANGER]
    number = theirs["service_request_id"]
    photo = theirs["extended_attributes"]["media"][0]["url"].split("/")[-1].removesuffix(".jpg")

    def read(connection: Connection, subject: str) -> list[object]:
        return [
            found_or_none(own, connection, subject, number),
            [row for row in records.list_mine(connection, subject) if row[0] == number],
            media.readable(connection, caller_of(subject), settings, photo),
        ]

    def both(connection: Connection) -> tuple[list[object], list[object]]:
        return read(connection, STRANGER), read(connection, RESIDENT)

    theirs_read, others_read = await database.run(both, write=False)
    assert all(theirs_read)
    assert not any(others_read)
