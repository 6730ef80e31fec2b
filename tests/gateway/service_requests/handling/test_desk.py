"""The officers' desk."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from gateway.idempotency import idempotency_keys
from gateway.service_requests.desk_reading import Wanted, queue
from gateway.service_requests.officers import officers
from gateway.service_requests.reasons import reasons
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import (
    BODIES,
    HAI,
    HUONG,
    LIGHT,
    NEIGHBOUR,
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


async def test_a_hand_over_is_seen_by_the_resident_and_leaves_the_desk(city: City) -> None:
    """The report is the other agency's from then on; where it went stays in its history."""
    found = await city.report()
    before = (await city.see(found)).json()
    handed = await city.handle(found, "transfer")
    assert handed.status_code == 200
    assert handed.json()["extended_attributes"]["acts"] == []
    assert (await city.at_desk(found)).status_code == 404
    assert (await city.at_desk(found, LIGHT)).status_code == 200
    seen = (await city.see(found)).json()
    assert seen["agency_responsible"] == "Đơn vị chiếu sáng đô thị"
    assert seen["extended_attributes"]["agency"]["code"] == "lighting"
    assert seen["extended_attributes"]["reason"]["code"] == "other-owner"
    assert seen["expected_datetime"] == before["expected_datetime"]
    assert (await city.handle(found, "accept", LIGHT)).status_code == 200
    assert (
        await city.handle(
            found, "transfer", LIGHT, agency_code="ward-00070", reason_code="other-field"
        )
    ).status_code == 200
    assert (await city.see(found)).json()["extended_attributes"]["reason"] is not None
    again = await city.handle(
        found, "transfer", agency_code="drainage", reason_code="beyond-authority"
    )
    assert again.json()["extended_attributes"]["reason"]["code"] == "beyond-authority"
    hands = [
        (one["agency"], one["handed_to"])
        for one in await city.timeline(found)
        if one["act"] == "transfer"
    ]
    assert hands == [
        ("UBND phường Hoàn Kiếm", {"code": "lighting", "name": "Đơn vị chiếu sáng đô thị"}),
        ("Đơn vị chiếu sáng đô thị", {"code": "ward-00070", "name": "UBND phường Hoàn Kiếm"}),
        ("UBND phường Hoàn Kiếm", {"code": "drainage", "name": "Đơn vị thoát nước đô thị"}),
    ]


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


async def test_a_merged_report_brings_its_people_along(city: City) -> None:
    """Whoever reported the same hears of the result, and cannot be told to report again."""
    kept, same = await city.report(STRANGER), await city.report()
    city.follow(same, NEIGHBOUR)
    city.follow(same, STRANGER)
    merged = (await city.handle(same, "merge", into=kept)).json()
    assert merged["extended_attributes"]["status_code"] == "merged"
    assert merged["extended_attributes"]["merged_into"] == kept
    assert merged["status"] == "closed"
    for subject in (RESIDENT, NEIGHBOUR):
        seen = (await city.see(kept, subject)).json()["extended_attributes"]
        assert (seen["following"], seen["followers"]) == (True, 2)
    await city.handle(kept, "accept")
    assert "accept" in [line["kind"] for line in await city.inbox(RESIDENT)]
    assert [one["act"] for one in await city.timeline(kept, STRANGER)] == [
        "submit",
        "merge",
        "accept",
    ]
    again = await city.report()
    await city.handle(kept, "reject")
    assert errors_of(await city.handle(again, "merge", into=kept)) == {("into", "closed")}
    assert errors_of(await city.handle(again, "merge", into=again)) == {("into", "unknown")}
    lamp = await city.report(service_code="street-light")
    assert errors_of(await city.handle(again, "merge", into=lamp)) == {("into", "unknown")}


async def test_a_split_report_keeps_both_parts_with_its_resident(city: City) -> None:
    """Two matters get two agencies; the resident sees both, and what they had written."""
    sent = await send(city.client, as_resident(), media(picture()))
    found = sent.json()[0]["service_request_id"]
    city.follow(found)
    first = (await city.handle(found, "split")).json()
    [second] = first["extended_attributes"]["split_into"]
    assert first["description"] == BODIES["split"]["descriptions"][0]
    part = (await city.see(second)).json()
    assert part["extended_attributes"]["split_from"] == found
    assert part["extended_attributes"]["agency"]["code"] == "lighting"
    assert part["extended_attributes"]["mine"] is True
    assert (await city.see(second, NEIGHBOUR)).json()["extended_attributes"]["following"] is True
    assert (await city.at_desk(second, LIGHT)).status_code == 200
    urls = {item["media_url"] for item in (first, part)}
    assert len(urls) == 2
    for url in urls:
        assert (await city.client.get(url, headers=as_resident())).status_code == 200
        assert (await city.client.get(url, headers=as_resident(STRANGER))).status_code == 404
    words = [one["description"] for one in await city.timeline(found) if one["act"] == "split"]
    assert "xe máy phải tránh gấp" in words[0]
    mine = (await city.client.get("/reports/mine", headers=as_resident())).json()
    assert {item["service_request_id"] for item in mine} == {found, second}


async def test_a_colleague_is_given_a_report_quietly(city: City) -> None:
    """Who handles it inside the office is no news for the resident, but it is in the log."""
    found = await city.report()
    accepted = (await city.handle(found, "accept")).json()["extended_attributes"]
    assert accepted["assigned"]["name"] == "Đức Quân"
    [colleague] = (await city.client.get("/desk", headers=as_officer())).json()["colleagues"]
    given = await city.handle(found, "assign", subject_key=colleague["subject_key"])
    assert given.json()["extended_attributes"]["assigned"] == colleague
    own = await city.client.get("/desk/queue?assigned=me", headers=as_officer(HUONG))
    assert [item["service_request_id"] for item in own.json()] == [found]
    assert (await city.client.get("/desk/queue?assigned=me", headers=as_officer())).json() == []
    assert [one["act"] for one in await city.timeline(found)] == ["submit", "accept"]
    assert "assigned" not in (await city.see(found)).json()["extended_attributes"]
    log = (await city.at_desk(found)).json()["extended_attributes"]["log"]
    assert [(entry["act"], entry["before"], entry["after"]) for entry in log] == [
        ("accept", "waiting", "in_progress"),
        ("assign", "in_progress", "in_progress"),
    ]
    assert log[1]["detail"] == "Thu Hương"
    assert log[0]["datetime"] == "2026-10-12T09:12:00+07:00"


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


@on_sqlite
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["late", "new", "rubbish", "urgent"]),
        ({"status": "closed"}, ["closed"]),
        ({"status": "in_progress,rejected"}, ["closed", "late"]),
        ({"urgency": "urgent"}, ["urgent"]),
        ({"overdue": "true"}, ["late", "urgent"]),
        ({"assigned": "none"}, ["new", "rubbish", "urgent"]),
        ({"service_code": "waste"}, ["rubbish"]),
        ({"ward": "00004"}, []),
        ({"q": "THÙNG"}, ["rubbish"]),
        ({"q": "100%"}, []),
        ({"q": "Hàng Trống"}, ["late", "new", "rubbish", "urgent"]),
    ],
)
async def test_the_queue_can_be_narrowed(
    city: City, query: dict[str, str], expected: list[str]
) -> None:
    """The chips above the queue."""
    names = {
        await city.report("test-a", **{"attribute[urgency]": "complex"}): "late",
        await city.report(
            "test-b", service_code="waste", description="THÙNG rác đầy tràn."
        ): "rubbish",
        await city.report("test-c"): "closed",
        await city.report("test-d", **{"attribute[urgency]": "urgent"}): "urgent",
    }
    by_name = {name: found for found, name in names.items()}
    await city.handle(by_name["late"], "accept")
    await city.handle(by_name["closed"], "reject")
    city.put(by_name["late"], expected_datetime=city.clock())
    city.clock.wait(hours=7)
    names[await city.report("test-e")] = "new"
    answer = await city.client.get("/desk/queue", headers=as_officer(), params=query)
    assert sorted(names[item["service_request_id"]] for item in answer.json()) == expected


@on_sqlite
@pytest.mark.parametrize("sort", ["deadline", "newest", "oldest"])
async def test_the_queue_is_read_page_by_page(city: City, sort: str) -> None:
    """No report is shown twice or left out, also where deadlines are the same."""
    sent = []
    for number in range(5):
        sent.append(await city.report(f"test-{number}"))
        city.clock.wait(minutes=1 if number % 2 else 0)
    address = f"/desk/queue?limit=2&sort={sort}"
    pages: list[list[str]] = []
    while address:
        answer = await city.client.get(address, headers=as_officer())
        pages.append([item["service_request_id"] for item in answer.json()])
        link = answer.links.get("next")
        address = link["url"] if link else ""
    assert [len(page) for page in pages] == [2, 2, 1]
    read = [found for page in pages for found in page]
    assert read == (sorted(sent, reverse=True) if sort == "newest" else sent)
    for wrong in ("x", "%00", "aGVsbG8=", "w6k="):
        answer = await city.client.get(f"/desk/queue?after={wrong}", headers=as_officer())
        assert errors_of(answer) == {("after", "unknown")}


@on_sqlite
async def test_a_filter_nobody_understands_is_refused(city: City) -> None:
    """Answering with everything would look like what was asked."""
    for query in ("status=later", "sort=random", "limit=0", "stauts=open", "assigned=you"):
        answer = await city.client.get(f"/desk/queue?{query}", headers=as_officer())
        assert answer.status_code == 422, query


@pytest.mark.parametrize("officer", [QUAN, HAI])
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(sort="newest"), Wanted(overdue=True)], ids=str)
async def test_the_queue_is_read_from_an_index_in_its_order(
    city: City, settings: Settings, officer: str, wanted: Wanted
) -> None:
    """With a million reports, sorting the open ones of the whole city would keep a desk waiting."""
    await city.report()
    said: list[tuple[str, Any]] = []

    def keep(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM service_requests" in statement:
            said.append((statement, parameters))

    def read(connection: Connection) -> str:
        event.listen(connection, "before_cursor_execute", keep)
        queue(connection, officers(settings)[officer], settings, wanted)
        event.remove(connection, "before_cursor_execute", keep)
        [(statement, parameters)] = said
        if connection.dialect.name == "postgresql":
            for way in ("seqscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(str(row) for row in plan)

    plan = city.database.run_here(read, write=False)
    assert "ix_service_requests_" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan
