"""An adult lets another adult read parts of their record, until they withdraw."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from gateway.database import Database
from gateway.health_people.consents import given_by, given_to
from gateway.health_people.fhir_consent import consents_of
from gateway.health_people.tables import code_failures, consents
from gateway.health_records.accesses import list_accesses
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_people.conftest import (
    CODE,
    MOTHER,
    NEIGHBOUR,
    OFFICER,
    START,
    TEEN,
    decided,
    invited,
    summary,
)

PEOPLE = "/health/v1/people"
OPENING = "/health/v1/invitations/opening"


async def carers(call: Call, by: str = MOTHER) -> list[Any]:
    """The resident's carers and invitations."""
    found: list[Any] = (await call("GET", PEOPLE, by=by)).json()["carers"]
    return found


async def test_a_carer_reads_the_chosen_parts_from_accepting_to_withdrawing(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """The whole way: invited, told what to, accepted, read, seen in the log, withdrawn in one step."""
    invitation = (await invited(call)).json()
    assert (invitation["state"], invitation["name"]) == ("invited", "Trần Gia Huy")
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 404
    opened = (await call("POST", OPENING, {"code": "7kq4mx2p9d"}, by=NEIGHBOUR)).json()
    assert opened["patient_name"] == "Nguyễn Minh Anh"
    assert (opened["sections"], opened["until"]) == (["48765-2"], "2026-12-26")
    assert opened["text"]["vi"].startswith("Tôi đồng ý")
    assert (await decided(call)).status_code == 204
    read = await summary(call, records[MOTHER], by=NEIGHBOUR)
    assert read.status_code == 200
    assert "Dị ứng của Minh Anh" in read.text
    [look] = database.run_here(lambda c: list_accesses(c, MOTHER))
    assert (look.subject, look.basis) == (NEIGHBOUR, "consent")
    [theirs] = (await call("GET", PEOPLE, by=NEIGHBOUR)).json()["cared_for"]
    assert (theirs["patient_id"], theirs["name"]) == (records[MOTHER], "Nguyễn Minh Anh")
    path = f"/health/v1/consents/{invitation['consent_id']}"
    assert (await call("DELETE", path)).status_code == 204
    assert (await call("DELETE", path)).status_code == 204
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 404
    assert (await call("GET", PEOPLE, by=NEIGHBOUR)).json()["cared_for"] == []
    [past] = (await call("GET", PEOPLE)).json()["past_carers"]
    assert (past["state"], past["ended_by"]) == ("ended", "patient")


@on_sqlite
async def test_a_carer_reads_no_part_that_was_not_chosen(
    call: Call, records: dict[str, str]
) -> None:
    """Whoever may read vaccinations does not learn of an allergy, nor reads measurements."""
    await invited(call, sections=["11369-6"])
    await decided(call)
    read = await summary(call, records[MOTHER], by=NEIGHBOUR)
    assert read.status_code == 200
    assert "Dị ứng của Minh Anh" not in read.text
    own = await call("GET", f"/health/v1/observations?patient={records[MOTHER]}", by=NEIGHBOUR)
    assert own.status_code == 404


@on_sqlite
async def test_the_whole_record_is_no_list_of_parts(call: Call, records: dict[str, str]) -> None:
    """An empty choice means everything, and the app says so before it is sent."""
    await invited(call, sections=[])
    await decided(call)
    own = await call("GET", f"/health/v1/observations?patient={records[MOTHER]}", by=NEIGHBOUR)
    assert own.status_code == 200


@on_sqlite
async def test_a_consent_ends_after_its_last_day(
    call: Call, records: dict[str, str], clock: CityClock
) -> None:
    """Nobody has to remember to withdraw."""
    await invited(call, until="2026-11-30")
    await decided(call)
    clock.pass_by(days=4, hours=13, minutes=59)
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 200
    clock.pass_by(minutes=1)
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 404
    [past] = (await call("GET", PEOPLE)).json()["past_carers"]
    assert (past["state"], past["until"]) == ("lapsed", "2026-11-30")


@on_sqlite
async def test_a_refused_or_given_up_consent_opens_nothing(
    call: Call, records: dict[str, str]
) -> None:
    """A carer is asked, too, and may stop."""
    await invited(call)
    assert (await decided(call, "refuse")).status_code == 204
    assert (await decided(call)).status_code == 404
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 404
    again = (await invited(call, code="AAAAA-BBBBB")).json()
    await decided(call, code="AAAAA-BBBBB")
    await call("DELETE", f"/health/v1/consents/{again['consent_id']}", by=NEIGHBOUR)
    assert (await summary(call, records[MOTHER], by=NEIGHBOUR)).status_code == 404
    states = [
        (p["state"], p["ended_by"]) for p in (await call("GET", PEOPLE)).json()["past_carers"]
    ]
    assert sorted(states) == [("ended", "carer"), ("refused", "")]


@on_sqlite
async def test_every_reason_not_to_open_a_code_answers_the_same(
    call: Call, clock: CityClock
) -> None:
    """A wrong code, another's code, one's own, one too old: nobody learns who is registered."""
    await invited(call)
    await invited(call, code="CCCCC-DDDDD", name="Không Ai Cả")
    await invited(call, by=NEIGHBOUR, code="EEEEE-FFFFF", name="Lê Thu An")
    asked = [
        (NEIGHBOUR, "ZZZZZ-ZZZZZ"),  # no such code
        (OFFICER, CODE),  # a code made for another name
        (MOTHER, CODE),  # one's own
        (NEIGHBOUR, "CCCCC-DDDDD"),  # for somebody who is not registered
        (TEEN, "EEEEE-FFFFF"),  # too young to be a carer
    ]
    answers = [await call("POST", OPENING, {"code": code}, by=who) for who, code in asked]
    clock.pass_by(hours=24)
    answers.append(await call("POST", OPENING, {"code": CODE}, by=NEIGHBOUR))
    bodies = [answer.json() | {"reference": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert all(body == bodies[0] for body in bodies)


async def test_codes_cannot_be_tried_out(call: Call, database: Database, clock: CityClock) -> None:
    """Five that open nothing, then an hour's rest; another resident is not held back by it."""
    await invited(call)
    for _try in range(5):
        await call("POST", OPENING, {"code": "ZZZZZ-ZZZZZ"}, by=NEIGHBOUR)
    held = await call("POST", OPENING, {"code": CODE}, by=NEIGHBOUR)
    assert (held.status_code, held.json()["type"]) == (429, "/problems/too-many-codes")
    other = await call("POST", OPENING, {"code": "ZZZZZ-ZZZZZ"}, by=OFFICER)
    assert other.status_code == 404
    clock.pass_by(hours=1, seconds=1)
    assert (await call("POST", OPENING, {"code": CODE}, by=NEIGHBOUR)).status_code == 200
    kept = database.run_here(lambda c: c.execute(code_failures.select()).all())
    assert {row.subject for row in kept} <= {NEIGHBOUR, OFFICER}


async def test_consents_of_two_residents_are_their_own(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """A third reads, ends and counts nothing of a consent between two."""
    theirs = (await invited(call)).json()
    await decided(call)
    path = f"/health/v1/consents/{theirs['consent_id']}"
    assert (await call("DELETE", path, by=OFFICER)).status_code == 404
    found = (await call("GET", PEOPLE, by=OFFICER)).json()
    assert (found["carers"], found["past_carers"], found["cared_for"]) == ([], [], [])
    assert (await summary(call, records[MOTHER], by=OFFICER)).status_code == 404
    assert (await summary(call, records[NEIGHBOUR], by=MOTHER)).status_code == 404
    given = database.run_here(lambda c: [len(given_by(c, one, START)) for one in (MOTHER, OFFICER)])
    taken = database.run_here(
        lambda c: [len(given_to(c, one, START)) for one in (NEIGHBOUR, OFFICER)]
    )
    assert (given, taken) == ([1, 0], [1, 0])
    assert len(await carers(call)) == 1


@on_sqlite
async def test_an_invitation_sent_twice_is_one(call: Call) -> None:
    """A lost answer must not leave a second open door."""
    version = (await call("GET", "/health/v1/consents/text")).json()["version"]
    body = {
        "name": "Trần Gia Huy",
        "code_hash": "a" * 64,
        "sections": [],
        "until": None,
        "text_version": version,
    }
    answers = [
        await call("POST", "/health/v1/consents", body, key="invite-once") for _try in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(await carers(call)) == 1


NO_CONSENTS: tuple[tuple[str, dict[str, Any], int, str], ...] = (
    (TEEN, {}, 403, "parents-decide"),
    (MOTHER, {"text_version": "2020-01-01"}, 409, "consent-text-changed"),
    (MOTHER, {"until": "2026-11-25"}, 422, "validation"),
    (MOTHER, {"until": "2026-02-30"}, 422, "validation"),
    (MOTHER, {"sections": ["00000-0"]}, 422, "validation"),
    (MOTHER, {"name": "x"}, 422, "validation"),
    (MOTHER, {"code_hash": CODE}, 422, "validation"),
)


@on_sqlite
async def test_what_is_no_consent_is_refused_by_name(call: Call) -> None:
    """A child of fifteen, an old text, a day that is gone: each has its own sentence in the app."""
    for by, other, status, slug in NO_CONSENTS:
        answer = await invited(call, by=by, **other)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}"), other


@on_sqlite
async def test_the_gateway_keeps_no_code_and_logs_no_name(
    call: Call, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the database or the log cannot take up another's invitation."""
    with caplog.at_level(logging.DEBUG):
        await invited(call)
    row = database.run_here(lambda c: c.execute(consents.select()).one())
    assert CODE.replace("-", "") not in str(row)
    assert "Gia Huy" not in caplog.text
    await decided(call)
    assert database.run_here(lambda c: c.execute(consents.select()).one()).code_hash is None


@on_sqlite
async def test_a_consent_is_a_fhir_consent(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """Another system reads in the standard's words who may read what, and which text was agreed to."""
    mine = (await invited(call)).json()
    assert database.run_here(lambda c: consents_of(c, records[MOTHER])) == []
    await decided(call)
    [consent] = database.run_here(lambda c: consents_of(c, records[MOTHER]))
    assert (consent["resourceType"], consent["status"]) == ("Consent", "active")
    assert consent["patient"] == {"reference": f"Patient/{records[MOTHER]}"}
    [coded] = consent["provision"]["code"]
    assert coded["coding"][0]["code"] == "48765-2"
    assert consent["provision"]["period"]["end"] == "2026-12-26T17:00:00.000Z"
    assert consent["policyRule"]["text"].startswith("Tôi đồng ý")
    await call("DELETE", f"/health/v1/consents/{mine['consent_id']}")
    [consent] = database.run_here(lambda c: consents_of(c, records[MOTHER]))
    assert consent["status"] == "inactive"
    assert database.run_here(lambda c: consents_of(c, records[NEIGHBOUR])) == []


@on_sqlite
async def test_the_fhir_server_serves_consents_as_they_stand(
    call: Call, records: dict[str, str], clock: CityClock
) -> None:
    """Whoever reads by FHIR sees the same: one consent, active, then inactive; the summary is untouched."""
    path = f"/fhir/R4/Consent?patient={records[MOTHER]}"
    before = (await summary(call, records[MOTHER], by=MOTHER)).text

    async def served() -> list[Any]:
        bundle = (await call("GET", path)).json()
        return [entry["resource"] for entry in bundle.get("entry", [])]

    mine = (await invited(call)).json()
    assert await served() == []
    await decided(call)
    [active] = await served()
    assert (active["status"], active["resourceType"]) == ("active", "Consent")
    assert active["patient"] == {"reference": f"Patient/{records[MOTHER]}"}
    clock.pass_by(minutes=1)
    await call("DELETE", f"/health/v1/consents/{mine['consent_id']}")
    [ended] = await served()
    assert (ended["status"], ended["id"]) == ("inactive", active["id"])
    assert (await summary(call, records[MOTHER], by=MOTHER)).text == before
    assert (await call("GET", path, by=NEIGHBOUR)).json().get("entry", []) == []
