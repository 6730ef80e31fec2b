"""What a resident says is wrong with a line, and what its facility makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
from fastapi import FastAPI

from gateway.database import Database
from gateway.health_people.corrections import JOB
from gateway.health_people.serving import worker_of
from gateway.jobs import jobs
from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import HeadersFor, on_sqlite
from tests.gateway.health_people.conftest import (
    CHILD,
    MOTHER,
    NEIGHBOUR,
    decided,
    invited,
    summary,
)
from tests.gateway.pictures import picture

PATH = "/health/v1/corrections"
BODY = {
    "resource_type": "AllergyIntolerance",
    "resource_id": "2",
    "title": "Penicillin",
    "description": "Tôi chưa bao giờ dị ứng thuốc này.",
}


async def correct(
    call: Call, key: str = "correct-once", *, by: str = MOTHER, **other: Any
) -> httpx.Response:
    """Says that a line is wrong."""
    return await call("POST", PATH, BODY | other, by=by, key=key)


async def proof(
    gateway: httpx.AsyncClient, headers: dict[str, str], key: str = "proof-once"
) -> httpx.Response:
    """Sends a photo ahead."""
    return await gateway.post(
        "/health/v1/proofs",
        headers=headers | {"Idempotency-Key": key},
        files={"media": ("a.jpg", picture(), "image/jpeg")},
    )


async def states(call: Call, by: str = MOTHER) -> list[tuple[str, str]]:
    """State and reason of every request."""
    found = (await call("GET", PATH, by=by)).json()["corrections"]
    return [(one["state"], one["reason"]) for one in found]


async def test_a_request_is_sent_once_and_the_record_stays_as_it_is(
    call: Call, records: dict[str, str]
) -> None:
    """A lost answer must not ask a facility twice, and asking alone changes no record."""
    before = (await summary(call, records[MOTHER], by=MOTHER)).text
    answers = [await correct(call) for _try in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await states(call) == [("received", "")]
    assert (await summary(call, records[MOTHER], by=MOTHER)).text == before


@on_sqlite
async def test_the_sandbox_facility_answers_at_its_pace(
    call: Call,
    app: FastAPI,
    gateway: httpx.AsyncClient,
    headers_for: HeadersFor,
    settings: Settings,
    clock: CityClock,
) -> None:
    """With a proof it agrees, without one it says what is missing; each state is seen on the way."""
    app.state.settings = replace(settings, sandbox=True, correction_seconds=30)
    worker = worker_of(app)
    photo = (await proof(gateway, headers_for(MOTHER, "health"))).json()["media_id"]
    await correct(call)
    await correct(call, "with-proof", media_ids=[photo])
    seen = []
    for _step in range(4):
        await worker.run_due()
        seen.append(sorted(state for state, _reason in await states(call)))
        clock.pass_by(seconds=31)
    assert seen[0] == ["received", "received"]
    assert seen[1] == ["in_review", "in_review"]
    assert seen[2] == seen[3] == ["corrected", "not_corrected"]
    reasons = dict(await states(call))
    assert "ảnh giấy tờ" in reasons["not_corrected"]
    assert all(reasons.values())


@on_sqlite
async def test_outside_the_sandbox_nobody_pretends_to_be_a_facility(
    call: Call, database: Database
) -> None:
    """A request there waits for people."""
    await correct(call)
    waiting = jobs.select().where(jobs.c.kind == JOB)
    assert database.run_here(lambda c: c.execute(waiting).all()) == []


async def test_corrections_of_two_residents_are_their_own(
    call: Call, records: dict[str, str]
) -> None:
    """Neither sees, nor asks for, what is the other's; a carer may read, not ask."""
    await correct(call)
    assert await states(call, NEIGHBOUR) == []
    theirs = await correct(call, by=NEIGHBOUR, patient_id=records[MOTHER])
    assert theirs.status_code == 404
    await invited(call, sections=[])
    await decided(call)
    query = f"{PATH}?patient={records[MOTHER]}"
    assert (await call("GET", query, by=NEIGHBOUR)).status_code == 404
    again = await correct(call, "as-carer", by=NEIGHBOUR, patient_id=records[MOTHER])
    assert again.status_code == 404
    assert (await correct(call, "for-child", patient_id=records[CHILD])).status_code == 201
    assert len(await states(call)) == 1


async def test_proofs_of_two_residents_are_their_own(
    call: Call, gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """A photo of one's papers is shown to nobody else, nor taken by another's request, nor twice."""
    mine = headers_for(MOTHER, "health")
    photo, again = [(await proof(gateway, mine)).json()["media_id"] for _try in range(2)]
    assert photo == again
    path = f"/health/v1/proofs/{photo}"
    assert (await gateway.get(path, headers=mine)).headers["content-type"] == "image/jpeg"
    assert (await call("GET", path, by=NEIGHBOUR)).status_code == 404
    taken = await correct(call, by=NEIGHBOUR, media_ids=[photo])
    assert taken.json()["errors"][0]["field"] == "media_ids.0"
    assert (await correct(call, media_ids=[photo])).status_code == 201
    assert (await correct(call, "second", media_ids=[photo])).status_code == 422


@on_sqlite
async def test_a_key_of_a_report_s_photo_proves_nothing_in_a_record(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """The same photo under the same key is another request there: its answer must not stand in."""
    mine = headers_for(MOTHER, "health reports")
    assert (await proof(gateway, mine)).status_code == 201
    files = {"media": ("a.jpg", picture(), "image/jpeg")}
    keyed = mine | {"Idempotency-Key": "proof-once"}
    answer = await gateway.post("/reports/photos", headers=keyed, files=files)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


@on_sqlite
async def test_proofs_nothing_took_are_forgotten_and_their_number_is_bounded(
    gateway: httpx.AsyncClient, call: Call, headers_for: HeadersFor, clock: CityClock
) -> None:
    """A phone that fails between photo and request must not fill the city's disk."""
    mine = headers_for(MOTHER, "health")
    first = (await proof(gateway, mine, "proof-0")).json()["media_id"]
    for number in range(1, 20):
        await proof(gateway, mine, f"proof-{number}")
    held = await proof(gateway, mine, "proof-20")
    assert (held.status_code, held.json()["type"]) == (429, "/problems/too-many-photos")
    clock.pass_by(hours=49)
    assert (await proof(gateway, mine, "proof-21")).status_code == 201
    assert (await call("GET", f"/health/v1/proofs/{first}")).status_code == 404


NO_REQUESTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"description": "sai"}, "description"),
    ({"resource_type": "Spaceship"}, "resource_type"),
    ({"media_ids": ["x"]}, "media_ids.0"),
    ({"title": ""}, "title"),
)


@on_sqlite
async def test_what_is_no_request_is_refused_by_field(call: Call) -> None:
    """The form says what to change."""
    for number, (other, field) in enumerate(NO_REQUESTS):
        answer = await correct(call, f"no-request-{number}", **other)
        assert answer.status_code == 422, other
        assert answer.json()["errors"][0]["field"] == field
