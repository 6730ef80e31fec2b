"""What a missing or withdrawn consent stops, purpose by purpose."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, insert, select

from gateway.consents.purposes import purposes
from gateway.database import Database
from gateway.health_sharing.tables import files, shares
from gateway.service_requests.handling_tables import follows
from tests.gateway.clocked_city import CityClock
from tests.gateway.conftest import RESIDENT, STRANGER, make_headers
from tests.gateway.consents.conftest import Decide
from tests.gateway.health_sharing.conftest import encrypted
from tests.gateway.support.conftest import bundle
from tests.support.consents import NOWHERE

REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà to trước cổng chợ, xe máy dễ ngã.",
    "address_id": "00070",
}
OPERATIONS = {
    "follow_notices": [("PUT", "/reports/HN-2611-00001/follow", "reports")],
    "health_share": [("POST", "/health/v1/shares", "health")],
    "certificate_register": [("POST", "/certificates/v1/applications", "certificates")],
    "support_bundle": [("POST", "/support/v1/bundles", "reports")],
    "card_taps": [
        ("GET", "/trips/v1/trips", "cards"),
        ("GET", "/trips/v1/trips/1", "cards"),
    ],
}
ON_THE_DEVICE = {"report_place", "health_copies"}
"""Held by the app alone: tests/services/test_consents.py and tests/journeys/test_consents.py."""


def test_every_purpose_is_held_somewhere() -> None:
    """A consent that stops nothing would be decoration."""
    assert set(OPERATIONS) | ON_THE_DEVICE == set(purposes(NOWHERE))


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS["card_taps"])
async def test_taps_become_no_trips_before_the_resident_agreed(
    gateway: httpx.AsyncClient, decide: Decide, method: str, path: str, scope: str
) -> None:
    """Where somebody was and when is sensitive: the join is made only on their word, and ends with it."""
    headers = make_headers(RESIDENT, scope)
    refused = await gateway.request(method, path, headers=headers)
    assert missing(refused) == "card_taps"
    await decide("card_taps", "agreed")
    assert (await gateway.request(method, path, headers=headers)).status_code in (200, 404)
    await decide("card_taps", "withdrawn")
    assert missing(await gateway.request(method, path, headers=headers)) == "card_taps"


async def test_following_begins_with_a_yes_and_a_withdrawal_ends_all_of_it(
    gateway: httpx.AsyncClient, decide: Decide, database: Database
) -> None:
    """No more news of others' reports, in the same moment; whoever else follows still does."""
    sent = await gateway.post(
        "/open311/v2/requests.json", headers=make_headers("test-quan"), data=REPORT
    )
    path = f"/reports/{sent.json()[0]['service_request_id']}/follow"
    assert missing(await gateway.put(path, headers=make_headers())) == "follow_notices"
    for subject in (RESIDENT, STRANGER):
        await decide("follow_notices", "agreed", by=subject)
        assert (await gateway.put(path, headers=make_headers(subject))).status_code == 204
    await decide("follow_notices", "withdrawn")
    left = database.run_here(lambda db: db.scalars(select(follows.c.subject)).all())
    assert left == [STRANGER]
    assert missing(await gateway.put(path, headers=make_headers())) == "follow_notices"


async def test_a_withdrawal_ends_every_running_share_and_erases_its_file(
    decide: Decide, database: Database, clock: CityClock
) -> None:
    """What was given out stops opening at once."""
    database.run_here(lambda db: [share_of(db, who, clock) for who in (RESIDENT, STRANGER)])
    await decide("health_share", "agreed")
    await decide("health_share", "withdrawn")
    rows = database.run_here(lambda db: db.execute(select(shares)).all())
    assert {row.subject: row.end_reason for row in rows} == {RESIDENT: "stopped", STRANGER: None}
    kept = database.run_here(lambda db: db.scalars(select(files.c.share_id)).all())
    assert kept == [f"share-{STRANGER}"]


async def test_a_late_withdrawal_that_does_not_count_ends_nothing(
    decide: Decide, database: Database, clock: CityClock
) -> None:
    """It was overtaken by an agreement made after it."""
    early = clock.now
    clock.pass_by(hours=1)
    await decide("health_share", "agreed")
    database.run_here(lambda db: share_of(db, RESIDENT, clock))
    await decide("health_share", "withdrawn", decided=early.isoformat())
    assert database.run_here(lambda db: db.scalars(select(shares.c.end_reason)).all()) == [None]


async def test_no_share_is_made_without_the_consent(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """The refusal names what is missing, so that the app can ask for it."""
    file = encrypted({"resourceType": "Bundle"}, os.urandom(32))
    body = {"token": secrets.token_urlsafe(32), "file": file, "sections": ["48765-2"]}
    answer = await gateway.post(
        "/health/v1/shares",
        headers=make_headers(RESIDENT, "health"),
        json={**body, "minutes": 15, "since": None, "passcode": None},
    )
    assert missing(answer) == "health_share"


def missing(answer: httpx.Response) -> str:
    """The purpose that a refusal names."""
    assert answer.status_code == 403, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/consent-required"
    return str(problem["purpose"])


def share_of(connection: Connection, subject: str, clock: CityClock) -> Any:
    """A running share of that resident with its file."""
    row = {
        "share_id": f"share-{subject}",
        "subject": subject,
        "patient_id": "p",
        "token_hash": subject,
        "sections": "[]",
        "created_at": clock.now,
        "ends_at": clock.now + timedelta(hours=1),
    }
    connection.execute(insert(shares).values(row))
    return connection.execute(insert(files).values(share_id=row["share_id"], jwe=b"x"))


async def test_a_bundle_is_taken_by_consent_and_a_withdrawal_ends_all_of_them(
    gateway: httpx.AsyncClient, decide: Decide, database: Database
) -> None:
    """A press on Send is no consent by itself; taken back, nobody opens what was sent."""

    async def send(by: str) -> httpx.Response:
        files = {"bundle": ("bundle.zip", bundle(), "application/zip")}
        return await gateway.post("/support/v1/bundles", headers=make_headers(by), files=files)

    assert missing(await send(RESIDENT)) == "support_bundle"
    for subject in (RESIDENT, STRANGER):
        await decide("support_bundle", "agreed", by=subject)
        assert (await send(subject)).status_code == 201
    await decide("support_bundle", "withdrawn")
    for subject, state in ((RESIDENT, "expired"), (STRANGER, "kept")):
        listed = await gateway.get("/support/v1/cases", headers=make_headers(subject))
        assert [one["bundle"] for one in listed.json()["cases"]] == [state]
    assert missing(await send(RESIDENT)) == "support_bundle"
