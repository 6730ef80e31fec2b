"""Every table with a subject, two residents: nobody ever sees what is another's.

Each test fails when the `WHERE subject` of its query is dropped.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import Connection

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway import media
from gateway.database import Database, metadata
from gateway.problems import Problem
from gateway.service_requests import records
from gateway.service_requests.live import Interest
from gateway.service_requests.reading import own
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor
from tests.gateway.pictures import picture

ROOT = Path(__file__).parent.parent.parent
HERE = "tests/gateway"
REPORTS = f"{HERE}/service_requests"
COVERED = {
    "service_requests": (f"{HERE}/test_two_residents.py", "anothers_report"),
    "media": (f"{HERE}/test_two_residents.py", "anothers_report"),
    "follows": (f"{REPORTS}/handling/test_two_sides.py", "only_what_they_follow_themselves"),
    "notices": (f"{REPORTS}/handling/test_two_sides.py", "inbox_of_two_residents"),
    "presence": (f"{REPORTS}/handling/test_two_sides.py", "presence_of_two_officers"),
    "idempotency_keys": (f"{HERE}/test_idempotency.py", "residents"),
    "card_enrolments": (f"{HERE}/cards/test_cards_api.py", "enrolments_of_two_residents"),
    "card_grants": (f"{HERE}/cards/test_cards_api.py", "grants_of_two_residents"),
    "card_blocks": (f"{HERE}/cards/test_cards_api.py", "blocks_of_two_residents"),
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
    "identity_attempts": (f"{HERE}/identity/test_sign_in.py", "does_not_open_in_another"),
    "identity_grants": (f"{HERE}/identity/test_families.py", "two_residents"),
    "identity_passcode_failures": (f"{HERE}/identity/test_memory.py", "that_account_only"),
}
"""Every table with a subject: the file of its test by two residents, and a part of its name."""

PATH = "/open311/v2/requests.json"


@pytest_asyncio.fixture
async def reports(gateway: httpx.AsyncClient, headers_for: HeadersFor) -> dict[str, Any]:
    """One report with a photo of each resident, as its owner sees it, by subject."""
    found = {}
    for subject in (RESIDENT, STRANGER):
        headers = headers_for(subject)
        fields = {
            "service_code": "tree",
            "description": f"Cành cây gãy trước nhà {subject}.",
            "address_id": "00070",
        }
        photo = ("a.jpg", picture(), "image/jpeg")
        await gateway.post(PATH, headers=headers, data=fields, files={"media": photo})
        [found[subject]] = (await gateway.get(PATH, headers=headers)).json()
    return found


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


async def test_a_filter_for_anothers_report_finds_nothing(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, reports: dict[str, Any]
) -> None:
    """Filters narrow one's own list and never widen it."""
    query = {"service_request_id": reports[STRANGER]["service_request_id"]}
    answer = await gateway.get(PATH, headers=headers_for(RESIDENT), params=query)
    assert answer.json() == []


async def test_anothers_report_its_timeline_and_its_photos_are_not_found(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, reports: dict[str, Any]
) -> None:
    """404 and not 403: whether that report exists is also nobody's business."""
    theirs = reports[STRANGER]
    number, more = theirs["service_request_id"], theirs["extended_attributes"]
    addresses = [
        f"/open311/v2/requests/{number}.json",
        f"/open311/v2/requests/{number}/updates.json",
        more["media"][0]["url"],
        more["media"][0]["thumbnail_url"],
    ]
    for address in addresses:
        own = await gateway.get(address, headers=headers_for(STRANGER))
        other = await gateway.get(address, headers=headers_for(RESIDENT))
        assert (own.status_code, other.status_code) == (200, 404), address


async def test_what_is_anothers_looks_like_what_does_not_exist(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, reports: dict[str, Any]
) -> None:
    """The two answers must not differ, or numbers could be tried out."""
    headers = headers_for(RESIDENT)
    number = reports[STRANGER]["service_request_id"]
    answers = [
        (await gateway.get(f"/open311/v2/requests/{one}.json", headers=headers)).json()
        for one in (number, "HN-2610-99999", "no-number", "%00")
    ]
    for answer in answers:
        answer.pop("reference")
    assert answers[0] == answers[1] == answers[2] == answers[3]


async def test_each_query_by_itself_keeps_residents_apart(
    database: Database, reports: dict[str, Any]
) -> None:
    """A route may check first; a query that leans on that is one refactoring away from a leak."""
    theirs = reports[STRANGER]
    number = theirs["service_request_id"]
    photo = theirs["extended_attributes"]["media"][0]["url"].split("/")[-1].removesuffix(".jpg")

    def read(connection: Connection, subject: str) -> list[object]:
        return [
            found_or_none(own, connection, subject, number),
            records.list_mine(connection, subject, records.Filters((number,))),
            media.may_see(connection, Interest(subject), photo),
        ]

    def both(connection: Connection) -> tuple[list[object], list[object]]:
        return read(connection, STRANGER), read(connection, RESIDENT)

    theirs_read, others_read = await database.run(both, write=False)
    assert all(theirs_read)
    assert not any(others_read)
