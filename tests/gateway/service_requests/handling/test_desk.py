"""The officers' desk."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import select

from gateway.idempotency import idempotency_keys
from gateway.service_requests.reasons import reasons
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT
from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import (
    HAI,
    HUONG,
    LIGHT,
    QUAN,
    WORDS,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import errors_of, media, on_sqlite, send

pytestmark = pytest.mark.postgresql


@on_sqlite
async def test_a_desk_begins_with_agency_colleagues_and_reasons(
    city: City, settings: Settings
) -> None:
    """What the officer chooses from comes from the registers, in words."""
    found = (await city.client.get("/desk", headers=as_officer())).json()
    assert found["agency"] == {
        "code": "ward-00070",
        "name": "UBND phường Hoàn Kiếm",
        "kind": "commune",
    }
    assert [one["name"] for one in found["colleagues"]] == ["Thu Hương"]
    assert HUONG not in str(found)
    assert len(found["agencies"]) > 250
    known = reasons(settings)
    assert [one["code"] for one in found["reasons"]["reject"]] == [r.code for r in known.reject]
    assert all(one["objection"] for one in found["reasons"]["reject"])
    assert [one["code"] for one in found["reasons"]["transfer"]] == [r.code for r in known.transfer]


async def test_two_officers_cannot_overwrite_each_other(city: City) -> None:
    """The second is told that the report changed, and by the number how far."""
    found = await city.report()
    blind = await city.client.post(f"/desk/{found}/accept", headers=as_officer(), json={})
    assert (blind.status_code, blind.json()["type"]) == (428, "/problems/precondition-required")
    for wrong in ("1", '"x"', "*", 'W/"1"'):
        headers = as_officer(**{"If-Match": wrong})
        answer = await city.client.post(f"/desk/{found}/accept", headers=headers, json={})
        assert answer.status_code == 428, wrong
    assert (await city.handle(found, "accept", revision=1)).status_code == 200
    late = await city.handle(found, "reject", HUONG, revision=1)
    assert (late.status_code, late.json()["type"]) == (412, "/problems/changed-meanwhile")
    assert late.json()["revision"] == 2
    assert (await city.handle(found, "ask", HUONG, revision=2)).status_code == 200


async def test_of_two_acts_at_once_one_counts(city: City) -> None:
    """Both databases: the lock is taken before the revision is looked at."""
    found = await city.report()
    answers = await asyncio.gather(
        *(
            city.handle(found, act, who, revision=1)
            for act, who in (("accept", QUAN), ("reject", HUONG))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len(await city.timeline(found)) == 2


async def test_a_repeated_act_is_answered_as_before_though_the_revision_is_old(city: City) -> None:
    """A lost answer must not look like a colleague's change."""
    found = await city.report()
    headers = as_officer(**{"If-Match": '"1"', "Idempotency-Key": "k1"})
    path = f"/desk/{found}/accept"
    first = await city.client.post(path, headers=headers, json={})
    again = await city.client.post(path, headers=headers, json={})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert city.row(found).revision == 2


async def test_an_answer_that_is_remembered_does_not_name_the_reporter(city: City) -> None:
    """It lies there for a month: the name is read anew each time, and goes with its account."""
    found = await city.report()
    headers = as_officer(**{"If-Match": '"1"', "Idempotency-Key": "k1"})
    shown = await city.client.post(f"/desk/{found}/accept", headers=headers, json={})
    assert "reporter" in shown.json()["extended_attributes"]
    kept = select(idempotency_keys.c.answer).where(idempotency_keys.c.subject == QUAN)
    [answer] = city.database.run_here(lambda db: list(db.scalars(kept)))
    assert "reporter" not in json.loads(answer)["extended_attributes"]


async def test_closing_demands_words_and_proof(city: City) -> None:
    """Residents' main complaint is an answer without proof: the schema does not take one."""
    found = await city.report()
    await city.handle(found, "accept")
    wrong: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"description": WORDS}, ("media_ids", "missing")),
        ({"description": WORDS, "media_ids": []}, ("media_ids", "too_short")),
        ({"description": "Xong.", "media_ids": [city.upload(QUAN)]}, ("description", "too_short")),
        ({"media_ids": [city.upload(QUAN)]}, ("description", "missing")),
        ({"description": WORDS, "media_ids": ["0" * 32]}, ("media_ids.0", "unknown")),
        ({"description": WORDS, "media_ids": [city.upload(RESIDENT)]}, ("media_ids.0", "unknown")),
    ]
    for body, error in wrong:
        assert error in errors_of(await city.handle(found, "done", **body))
    assert city.row(found).status_code == "in_progress"
    document = city.upload(QUAN, "document")
    done = await city.handle(found, "done", description=WORDS, media_ids=[document])
    assert done.status_code == 200
    [shown] = (await city.see(found)).json()["extended_attributes"]["media"]
    assert (shown["kind"], shown["stage"]) == ("document", "after")
    assert shown["url"].endswith(f"{document}.pdf")


@on_sqlite
@pytest.mark.parametrize(
    ("act", "body", "error"),
    [
        (
            "transfer",
            {"agency_code": "nowhere", "reason_code": "other-owner"},
            ("agency_code", "unknown"),
        ),
        (
            "transfer",
            {"agency_code": "ward-00070", "reason_code": "other-owner"},
            ("agency_code", "unknown"),
        ),
        (
            "transfer",
            {"agency_code": "lighting", "reason_code": "hoax"},
            ("reason_code", "unknown"),
        ),
        (
            "reject",
            {"reason_code": "other-owner", "description": WORDS},
            ("reason_code", "unknown"),
        ),
        (
            "reject",
            {"reason_code": "not-found", "description": "Không."},
            ("description", "too_short"),
        ),
        ("reject", {"description": WORDS}, ("reason_code", "missing")),
        ("merge", {"into": "HN-2610-99999"}, ("into", "unknown")),
        ("merge", {"into": "%00"}, ("into", "unknown")),
        ("assign", {"subject_key": "0" * 16}, ("subject_key", "unknown")),
        ("ask", {"description": "?"}, ("description", "too_short")),
        (
            "split",
            {"descriptions": [WORDS], "service_codes": ["tree"]},
            ("descriptions", "too_short"),
        ),
        (
            "split",
            {"descriptions": [WORDS] * 2, "service_codes": ["tree", "x"]},
            ("service_codes.1", "unknown"),
        ),
    ],
)
async def test_a_wrong_field_of_an_act_is_named(
    city: City, act: str, body: dict[str, Any], error: tuple[str, str]
) -> None:
    """And nothing has happened to the report."""
    found = await city.report()
    assert error in errors_of(await city.handle(found, act, **body))
    assert city.row(found).revision == 1


@on_sqlite
async def test_a_photo_is_seen_by_the_officers_who_have_the_report(city: City) -> None:
    """And by nobody else at any desk; the proof is seen by the resident."""
    sent = await send(city.client, as_resident(), media(picture()))
    url = (await city.see(sent.json()[0]["service_request_id"])).json()["media_url"]
    found = {
        who: (await city.client.get(url, headers=as_officer(who))).status_code
        for who in (QUAN, HUONG, LIGHT, HAI)
    }
    assert found == {QUAN: 200, HUONG: 200, LIGHT: 404, HAI: 200}
    only_resident = await city.client.get(url, headers=as_resident(QUAN))
    assert only_resident.status_code == 404
