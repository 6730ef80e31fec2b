"""The ledger of consents: asked, never preset, provable, withdrawn in one step, a child's by a parent."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gateway.consents import ledger as consents
from gateway.consents.purposes import purposes
from gateway.consents.tables import consent_decisions
from gateway.database import Database
from gateway.problems import Problem
from gateway.settings import Settings
from tests.gateway.clocked_city import CityClock
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.consents.conftest import CHILD, START, TEEN, Decide, Ledger, states
from tests.support.consents import NOWHERE


async def test_nothing_is_agreed_to_before_somebody_was_asked(
    ledger: Ledger, database: Database, settings: Settings
) -> None:
    """Law 91/2025: silence and a box ticked beforehand are no consent."""
    found = await ledger()
    assert states(found) == {}
    assert found["history"] == []
    for code in purposes(settings):
        work = partial(consents.is_given, subject=RESIDENT, code=code, settings=settings)
        assert not database.run_here(work)


async def test_a_consent_can_be_proved_afterwards(
    decide: Decide, ledger: Ledger, database: Database, settings: Settings
) -> None:
    """Who, when, which text, which way and on what kind of device: the city has to show it."""
    at = START - timedelta(minutes=5)
    answer = await decide("health_share", "agreed", decided=at.isoformat())
    assert answer.status_code == 201
    assert states(answer.json()) == {"health_share": "agreed"}
    [line] = (await ledger())["history"]
    text = purposes(settings)["health_share"].text
    assert (line["decision"], line["text_version"]) == ("agreed", text.version)
    assert (line["way"], line["device"], line["language"]) == ("asked", "phone", "vi")
    assert line["text_digest"] == text.vi.digest
    assert line["decided"].startswith("2026-11-26T02:55:00")
    [row] = database.run_here(lambda db: db.execute(select(consent_decisions)).all())
    assert (row.subject, row.decided_by, row.client_id) == (RESIDENT, RESIDENT, "ihanoi-app")
    assert row.request_id == answer.headers["x-request-id"]


async def test_a_withdrawal_is_one_step_and_the_agreement_stays_on_record(
    decide: Decide, ledger: Ledger, clock: CityClock
) -> None:
    """As easy as agreeing, and what was done meanwhile was allowed: both lines are kept."""
    await decide("card_taps", "agreed")
    clock.pass_by(days=3)
    assert (await decide("card_taps", "withdrawn", way="privacy_page")).status_code == 201
    found = await ledger()
    assert states(found) == {"card_taps": "withdrawn"}
    assert [line["decision"] for line in found["history"]] == ["withdrawn", "agreed"]


async def test_a_decision_sent_twice_is_one(decide: Decide, ledger: Ledger) -> None:
    """An outbox sends again what may have been lost."""
    for _time in range(2):
        assert (await decide("report_place", "refused", key="k-12345678")).status_code == 201
    assert len((await ledger())["history"]) == 1
    assert (await decide("report_place", "agreed", key="k-12345678")).status_code == 422


async def test_what_was_decided_last_counts_not_what_arrived_last(
    decide: Decide, ledger: Ledger, clock: CityClock
) -> None:
    """A withdrawal that waited on a phone without a network does not undo a later agreement."""
    early = clock.now
    clock.pass_by(hours=2)
    await decide("card_taps", "agreed")
    await decide("card_taps", "withdrawn", decided=early.isoformat())
    assert states(await ledger()) == {"card_taps": "agreed"}


@pytest.mark.parametrize("hours", [1, -24 * 31])
async def test_a_moment_that_cannot_be_is_not_taken_over(
    decide: Decide, ledger: Ledger, clock: CityClock, hours: int
) -> None:
    """A decision dated ahead would outlive every later withdrawal."""
    await decide("card_taps", "agreed", decided=(clock.now + timedelta(hours=hours)).isoformat())
    [line] = (await ledger())["history"]
    assert line["decided"] == line["received"]


async def test_only_the_text_in_force_can_be_agreed_to(decide: Decide, ledger: Ledger) -> None:
    """Nobody agrees to what they have not read."""
    refused = await decide("card_taps", "agreed", text_version="2020-01-01")
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/consent-text-changed"
    assert (await ledger())["history"] == []


async def test_a_text_that_means_more_is_asked_about_again(
    decide: Decide, ledger: Ledger, settings: Settings, database: Database
) -> None:
    """An agreement to less is none to more; a comma that changed asks nobody again."""
    await decide("card_taps", "agreed")

    def given() -> bool:
        work = partial(consents.is_given, subject=RESIDENT, code="card_taps", settings=settings)
        return database.run_here(work)

    assert given()
    change_text(settings, "card_taps", "2026-12-01", asks_again=False)
    assert states(await ledger()) == {"card_taps": "agreed"}
    change_text(settings, "card_taps", "2026-12-02", asks_again=True)
    assert states(await ledger()) == {"card_taps": "outdated"}
    assert not given()
    with pytest.raises(Problem) as refused:
        database.run_here(lambda db: consents.demand(db, RESIDENT, "card_taps", settings))
    assert (refused.value.status, refused.value.extensions) == (
        403,
        {"purpose": "card_taps", "child": ""},
    )


async def test_ledgers_of_two_residents_are_apart(decide: Decide, ledger: Ledger) -> None:
    """What somebody agreed to tells what they do here."""
    await decide("health_share", "agreed")
    await decide("card_taps", "refused", by=STRANGER)
    assert states(await ledger()) == {"health_share": "agreed"}
    assert states(await ledger(by=STRANGER)) == {"card_taps": "refused"}
    assert [one["purpose"] for one in (await ledger(by=STRANGER))["history"]] == ["card_taps"]


async def test_a_parent_decides_for_a_child_and_is_named_as_such(
    decide: Decide, ledger: Ledger, database: Database
) -> None:
    """Children agree through whoever represents them."""
    mine = await ledger()
    keys = [one["child"] for one in mine["children"]]
    assert len(keys) == 2
    # The youngest comes last.
    child = keys[-1]
    answer = await decide("health_copies", "agreed", child=child)
    assert answer.status_code == 201
    found = await ledger(child=child)
    assert states(found) == {"health_copies": "agreed"}
    assert found["history"][0]["by"] == "parent"
    assert {one["purpose"] for one in found["purposes"]} == {
        "health_copies",
        "certificate_register",
    }
    assert states(await ledger()) == {}
    [row] = database.run_here(lambda db: db.execute(select(consent_decisions)).all())
    assert (row.subject, row.decided_by) == (CHILD, RESIDENT)
    assert (await decide("health_copies", "withdrawn", child=child)).status_code == 201
    assert states(await ledger(child=child)) == {"health_copies": "withdrawn"}


async def test_nobody_decides_for_a_child_that_is_not_theirs(
    decide: Decide, ledger: Ledger, gateway: httpx.AsyncClient
) -> None:
    """A key that leaked opens nothing, and cannot be told from none."""
    child = (await ledger())["children"][0]["child"]
    answers = [
        await decide("health_copies", "agreed", by=STRANGER, child=one) for one in (child, "0" * 16)
    ]
    assert [one.status_code for one in answers] == [404, 404]
    bodies = [one.json() | {"reference": ""} for one in answers]
    assert bodies[0] == bodies[1]


async def test_at_sixteen_a_child_decides_themselves(
    decide: Decide, ledger: Ledger, clock: CityClock
) -> None:
    """The parent's say ends with the birthday, and what they agreed to can be withdrawn by the child."""
    teen = (await ledger())["children"][0]["child"]
    assert (await decide("health_copies", "agreed", child=teen)).status_code == 201
    too_young = await decide("health_copies", "withdrawn", by=TEEN)
    assert too_young.json()["type"] == "/problems/parents-decide"
    mine = {one["purpose"]: one["may_decide"] for one in (await ledger(by=TEEN))["purposes"]}
    assert not any(mine.values())
    clock.pass_by(days=25)
    late = await decide("health_copies", "withdrawn", child=teen)
    assert late.json()["type"] == "/problems/child-decides"
    assert (await decide("health_copies", "withdrawn", by=TEEN)).status_code == 201
    assert states(await ledger(by=TEEN)) == {"health_copies": "withdrawn"}


async def test_a_purpose_nobody_knows_is_not_found(decide: Decide) -> None:
    """A typing error is no consent to something."""
    assert (await decide("no_such_purpose", "agreed")).status_code == 404


async def test_anyone_may_read_what_residents_are_asked(gateway: httpx.AsyncClient) -> None:
    """Before signing in one can read what one will be asked, whole and in both languages."""
    found = (await gateway.get("/privacy/purposes")).json()
    assert {one["purpose"] for one in found} == set(purposes(NOWHERE))
    for one in found:
        for language in ("vi", "en"):
            assert all(one["text"][language].values()), one["purpose"]


def test_a_text_that_was_shown_is_never_changed() -> None:
    """A decision names a version; who changes words must add one, or old proofs prove nothing."""
    kept = json.loads((Path(__file__).parent / "published_texts.json").read_text("utf-8"))
    digests = {
        f"{purpose.purpose} {text.version} {language}": text.in_language(language).digest
        for purpose in purposes(NOWHERE).values()
        for text in purpose.texts
        for language in ("vi", "en")
    }
    assert digests == kept


def test_sensitive_data_is_called_so_in_its_text() -> None:
    """Decree 356/2025: health, location and crime are named as sensitive where one agrees."""
    for purpose in purposes(NOWHERE).values():
        text = purpose.text
        assert ("nhạy cảm" in text.vi.words) == bool(purpose.sensitive), purpose.purpose
        assert ("sensitive" in text.en.words) == bool(purpose.sensitive), purpose.purpose


def change_text(settings: Settings, code: str, version: str, *, asks_again: bool) -> None:
    """Let the city put a new text of one purpose into force."""
    file = settings.data_folder / "registers" / "purposes.json"
    ours = Path(consents.__file__).with_name("purposes.json")
    known: Any = json.loads((file if file.exists() else ours).read_text("utf-8"))
    for purpose in known["purposes"]:
        if purpose["purpose"] == code:
            newest = {**purpose["texts"][-1], "version": version, "asks_again": asks_again}
            purpose["texts"].append(newest)
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
