"""A resident shares a part of their record by a link (SMART Health Links), and ends it."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gateway.database import Database
from gateway.health_sharing.ending import end_overdue
from gateway.health_sharing.opening import OPENINGS_PER_MINUTE
from gateway.health_sharing.shares import MADE_PER_HOUR
from gateway.health_sharing.tables import files
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor, on_sqlite
from tests.gateway.health_sharing.conftest import (
    ALLERGIES,
    SHARES,
    Clock,
    Share,
    encrypted,
    opened,
)

pytestmark = pytest.mark.postgresql

DOCTOR = {"recipient": "BS. Lê Thu Trang"}


def kept_files(database: Database) -> list[bytes]:
    return list(database.run_here(lambda c: c.scalars(select(files.c.jwe)).all(), write=False))


async def mine(gateway: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    return list((await gateway.get(SHARES, headers=headers)).json())


async def test_a_doctor_opens_a_link_and_its_owner_sees_who(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share, records: dict[str, str]
) -> None:
    """The whole way: the chosen part alone comes out, and only with the key."""
    link = await share(passcode="482915")
    answer = await gateway.post(link.path, json={**DOCTOR, "passcode": "482915"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    [file] = answer.json()["files"]
    assert file["contentType"] == "application/fhir+json"
    bundle = opened(file["embedded"], link.key)
    text = str(bundle)
    assert "Penicillin" in text
    assert "Lạc" not in text
    [listed] = await mine(gateway, headers_for(RESIDENT, "health"))
    assert listed["status"] == "running"
    assert [(o["recipient"], o["outcome"]) for o in listed["openings"]] == [
        ("BS. Lê Thu Trang", "opened")
    ]


async def test_every_opening_is_an_audit_event_that_the_patient_can_read(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share
) -> None:
    """A link is no way around the log of who saw what, by what right and to what end."""
    link = await share()
    await gateway.post(link.path, json=DOCTOR)
    found = {}
    for subject in (RESIDENT, STRANGER):
        headers = headers_for(subject, "health")
        answer = await gateway.get("/fhir/R4/AuditEvent", headers=headers)
        events = [entry["resource"] for entry in answer.json()["entry"]]
        found[subject] = [
            event for event in events if event["agent"][0]["policy"] == ["urn:ihanoi:right:share"]
        ]
    [event] = found[RESIDENT]
    assert event["agent"][0]["who"]["display"] == "BS. Lê Thu Trang"
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
    assert found[STRANGER] == []


async def test_three_wrong_passcodes_lock_a_link_for_good(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share, database: Database
) -> None:
    """Six figures hold only because nobody may try often; afterwards not even the right ones help."""
    link = await share(passcode="482915")
    left = []
    for wrong in ("000000", "", "48291٥"):
        answer = await gateway.post(link.path, json={**DOCTOR, "passcode": wrong})
        assert answer.status_code == 401
        left.append(answer.json()["remainingAttempts"])
    assert left == [2, 1, 0]
    right = await gateway.post(link.path, json={**DOCTOR, "passcode": "482915"})
    assert (right.status_code, right.json()["reason"]) == (404, "locked")
    assert kept_files(database) == []
    [listed] = await mine(gateway, headers_for(RESIDENT, "health"))
    assert listed["status"] == "locked"
    assert [o["outcome"] for o in listed["openings"]] == ["wrong_passcode"] * 3


async def test_guesses_sent_at_once_are_counted_one_by_one(
    gateway: httpx.AsyncClient, share: Share
) -> None:
    """The standard names this attack: many passcodes in parallel requests."""
    import asyncio

    link = await share(passcode="482915")
    guesses = [f"{n:06}" for n in range(7)] + ["482915"]
    answers = await asyncio.gather(
        *[gateway.post(link.path, json={**DOCTOR, "passcode": guess}) for guess in guesses]
    )
    wrong = [a for a in answers if a.status_code == 401]
    assert len(wrong) <= 3
    assert sum(a.status_code == 200 for a in answers) <= 1


@pytest.mark.parametrize(("minutes", "later"), [(15, 15), (60, 60), (1440, 1440)])
@on_sqlite
async def test_a_link_ends_by_itself_and_its_file_goes(
    gateway: httpx.AsyncClient,
    share: Share,
    clock: Clock,
    settings: Settings,
    database: Database,
    minutes: int,
    later: int,
) -> None:
    """An hour is an hour, also when nobody looks and no sweep has run."""
    link = await share(minutes=minutes)
    clock.forward(minutes=later - 1)
    assert (await gateway.post(link.path, json=DOCTOR)).status_code == 200
    clock.forward(minutes=1)
    over = await gateway.post(link.path, json=DOCTOR)
    assert (over.status_code, over.json()["reason"]) == (404, "expired")
    assert len(kept_files(database)) == 1
    await end_overdue(settings, database)
    assert kept_files(database) == []


async def test_a_link_without_an_end_runs_until_it_is_stopped(
    gateway: httpx.AsyncClient,
    headers_for: HeadersFor,
    share: Share,
    clock: Clock,
    database: Database,
) -> None:
    """Stopping is at once, for good, and twice is once."""
    headers = headers_for(RESIDENT, "health")
    link = await share(minutes=None)
    clock.forward(days=40)
    assert (await gateway.get(link.path)).status_code == 204
    for _turn in range(2):
        stopped = await gateway.post(f"{SHARES}/{link.share_id}/stop", headers=headers)
        assert stopped.json()["status"] == "stopped"
    assert kept_files(database) == []
    for answer in (await gateway.post(link.path, json=DOCTOR), await gateway.get(link.path)):
        assert (answer.status_code, answer.json()["reason"]) == (404, "stopped")


async def test_a_file_too_long_to_embed_comes_from_an_address_good_for_once(
    gateway: httpx.AsyncClient, share: Share, clock: Clock
) -> None:
    """A viewer says how much it takes inside the manifest; the rest has a short-lived address."""
    link = await share()
    asked = {**DOCTOR, "embeddedLengthMax": 100}
    [file] = (await gateway.post(link.path, json=asked)).json()["files"]
    assert "embedded" not in file
    first = await gateway.get(file["location"])
    assert first.headers["content-type"] == "application/jose"
    assert first.text == link.file
    assert (await gateway.get(file["location"])).status_code == 404
    [file] = (await gateway.post(link.path, json=asked)).json()["files"]
    clock.forward(minutes=5)
    assert (await gateway.get(file["location"])).status_code == 404


async def test_a_stopped_link_takes_its_files_address_with_it(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share
) -> None:
    """Who asked for the manifest just before must not get the file just after."""
    link = await share()
    asked = {**DOCTOR, "embeddedLengthMax": 100}
    [file] = (await gateway.post(link.path, json=asked)).json()["files"]
    headers = headers_for(RESIDENT, "health")
    await gateway.post(f"{SHARES}/{link.share_id}/stop", headers=headers)
    assert (await gateway.get(file["location"])).status_code == 404


async def test_the_same_key_makes_one_link(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, records: dict[str, str]
) -> None:
    """An answer lost in a tunnel must not leave a second link that its owner does not know."""
    headers = {**headers_for(RESIDENT, "health"), "Idempotency-Key": "once"}
    body = {
        "token": secrets.token_urlsafe(32),
        "file": encrypted({}, bytes(32)),
        "sections": [ALLERGIES],
        "minutes": 15,
        "passcode": "482915",
    }
    made = [await gateway.post(SHARES, headers=headers, json=body) for _turn in range(2)]
    assert made[0].json() == made[1].json()
    assert len(await mine(gateway, headers)) == 1
    other = {**body, "token": secrets.token_urlsafe(32)}
    assert (await gateway.post(SHARES, headers=headers, json=other)).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "short"}, "token"),
        ({"file": '{"resourceType":"Bundle"}'}, "file"),
        ({"file": encrypted({}, bytes(32), enc="A128GCM")}, "file"),
        ({"file": encrypted({}, bytes(32), cty="text/html")}, "file"),
        ({"sections": []}, "sections"),
        ({"sections": ["allergies"]}, "sections.0"),
        ({"minutes": 100000}, "minutes"),
        ({"passcode": "12345"}, "passcode"),
        ({"key": "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q"}, "key"),
    ],
)
@on_sqlite
async def test_what_cannot_be_a_link_is_refused_with_its_field(
    gateway: httpx.AsyncClient,
    headers_for: HeadersFor,
    records: dict[str, str],
    change: dict[str, Any],
    field: str,
) -> None:
    """Above all nothing in the clear, and never a key."""
    body = {
        "token": secrets.token_urlsafe(32),
        "file": encrypted({}, bytes(32)),
        "sections": [ALLERGIES],
        "minutes": 15,
        **change,
    }
    headers = headers_for(RESIDENT, "health")
    answer = await gateway.post(SHARES, headers=headers, json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@on_sqlite
async def test_sharing_and_opening_have_limits(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share, clock: Clock
) -> None:
    """A lost phone must not fill the city, nor a link be asked without end."""
    link = await share()
    for _turn in range(OPENINGS_PER_MINUTE):
        assert (await gateway.post(link.path, json=DOCTOR)).status_code == 200
    busy = await gateway.post(link.path, json=DOCTOR)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "60")
    clock.forward(minutes=1)
    assert (await gateway.post(link.path, json=DOCTOR)).status_code == 200
    for _turn in range(MADE_PER_HOUR - 1):
        await share(minutes=15)
    body = {
        "token": secrets.token_urlsafe(32),
        "file": encrypted({}, bytes(32)),
        "sections": [ALLERGIES],
        "minutes": 15,
    }
    headers = headers_for(RESIDENT, "health")
    refused = await gateway.post(SHARES, headers=headers, json=body)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-shares")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b'{"recipient":5}', 422), (b'"' + b"x" * 10_001, 413)],
)
@on_sqlite
async def test_a_strangers_broken_body_is_refused(
    gateway: httpx.AsyncClient, share: Share, body: bytes, status: int
) -> None:
    """Anybody can send anything here, so little is read."""
    link = await share()
    answer = await gateway.post(link.path, content=body)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "x" * 101])
@on_sqlite
async def test_whoever_opens_says_who_they_are(
    gateway: httpx.AsyncClient, share: Share, name: str
) -> None:
    """A name that cannot be read in the list is none."""
    link = await share()
    assert (await gateway.post(link.path, json={"recipient": name})).status_code == 422


@on_sqlite
async def test_a_typed_name_cannot_turn_the_list_around(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share
) -> None:
    """Invisible characters could make one name look like another."""
    link = await share()
    await gateway.post(link.path, json={"recipient": "BS.\u202e Trang\n\u200b"})
    [listed] = await mine(gateway, headers_for(RESIDENT, "health"))
    assert listed["openings"][0]["recipient"] == "BS. Trang"


@on_sqlite
async def test_a_viewer_on_another_site_may_open_a_link(
    gateway: httpx.AsyncClient, share: Share
) -> None:
    """The standard's links open in any viewer; a browser asks first whether it may."""
    link = await share()
    allowed = await gateway.options(link.path, headers={"Origin": "https://viewer.example"})
    assert allowed.headers["access-control-allow-headers"] == "content-type"
    missing = await gateway.get(f"/shl/{secrets.token_urlsafe(32)}")
    assert missing.headers["access-control-allow-origin"] == "*"
