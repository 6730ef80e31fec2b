"""What a resident does with a report after sending it."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.service_requests.states import Act
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.service_requests.handling.city import (
    BODIES,
    NEIGHBOUR,
    QUAN,
    WORDS,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import errors_of, on_sqlite


async def test_a_report_is_followed_from_question_to_rating_and_open_again(city: City) -> None:
    """The whole way of one report, as its resident sees it."""
    found = await city.report()
    assert (await city.handle(found, "accept")).status_code == 200
    asked = (await city.handle(found, "ask")).json()["extended_attributes"]
    assert asked["question"] == BODIES["ask"]["description"]
    answered = await city.do(
        found, "answer", description="Số 28.", media_ids=[city.upload(RESIDENT)]
    )
    assert answered.json()["extended_attributes"]["status_code"] == "in_progress"
    assert answered.json()["extended_attributes"]["question"] is None
    finished = (await city.finish(found)).json()
    assert (finished["status"], finished["status_notes"]) == (
        "closed",
        "Đã vá ổ gà và kẻ lại vạch đường.",
    )
    seen = (await city.see(found)).json()["extended_attributes"]
    assert [(one["stage"], one["kind"]) for one in seen["media"]] == [
        ("before", "photo"),
        ("after", "photo"),
    ]
    assert seen["acts"] == ["reopen", "rate"]
    assert seen["act_until"] == {"reopen": "2026-10-19T09:12:00+07:00"}
    rated = (await city.do(found, "rate", rating="unsatisfied", comment="Chưa phẳng.")).json()
    assert rated["extended_attributes"]["rating"] == {
        "value": "unsatisfied",
        "comment": "Chưa phẳng.",
    }
    assert rated["status_notes"] == finished["status_notes"]
    opened = (await city.do(found, "reopen")).json()
    assert (opened["status"], opened["extended_attributes"]["rating"]) == ("open", None)
    told = [
        (one["act"], one["status_code"], one["actor_role"]) for one in await city.timeline(found)
    ]
    assert told == [
        ("submit", "waiting", "resident"),
        ("accept", "in_progress", "officer"),
        ("ask", "needs_resident", "officer"),
        ("answer", "in_progress", "resident"),
        ("done", "done", "officer"),
        ("rate", "done", "resident"),
        ("reopen", "reopened", "resident"),
    ]
    proof = [len(one["media"]) for one in await city.timeline(found)]
    assert proof == [0, 0, 0, 1, 1, 0, 0]


async def test_the_resident_and_followers_are_told_of_each_change(city: City) -> None:
    """The inbox says what others did; one's own acts are no news."""
    found = await city.report()
    city.follow(found)
    await city.handle(found, "accept")
    await city.handle(found, "ask")
    await city.do(found, "answer")
    await city.finish(found)
    kinds = {who: {line["kind"] for line in await city.inbox(who)} for who in (RESIDENT, NEIGHBOUR)}
    assert kinds == {
        RESIDENT: {"accept", "ask", "done"},
        NEIGHBOUR: {"accept", "ask", "answer", "done"},
    }
    said = {line["kind"]: line["description"] for line in await city.inbox(NEIGHBOUR)}
    assert (said["ask"], said["answer"], said["done"]) == ("", "", WORDS)
    own = {line["kind"]: line["description"] for line in await city.inbox()}
    assert own["ask"] == BODIES["ask"]["description"]
    assert await city.inbox(STRANGER) == []
    assert await city.inbox(QUAN) == []


async def test_the_deadline_moves_by_the_office_hours_a_question_was_open(city: City) -> None:
    """Time the city waits for its resident is not the officer's; nights are nobody's."""
    found = await city.report()
    before = (await city.see(found)).json()
    assert before["expected_datetime"] == "2026-10-15T17:00:00+07:00"
    city.clock.wait(hours=1)
    await city.handle(found, "ask")
    paused = (await city.see(found)).json()["extended_attributes"]
    assert paused["paused_since"] == "2026-10-12T10:12:00+07:00"
    city.clock.wait(days=1)
    after = (await city.do(found, "answer")).json()
    assert after["expected_datetime"] == "2026-10-16T17:00:00+07:00"
    days = after["extended_attributes"]["working_days"]
    assert days == ["2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16"]
    assert after["extended_attributes"]["paused_since"] is None


@on_sqlite
async def test_a_report_that_waits_for_its_resident_is_not_late(city: City) -> None:
    """Overdue means that the agency is late."""
    found = await city.report()
    await city.handle(found, "ask")
    city.clock.wait(days=9)
    assert (await city.see(found)).json()["extended_attributes"]["overdue"] is None
    city.put(found, status_code="in_progress", paused_since=None)
    overdue = (await city.see(found)).json()["extended_attributes"]["overdue"]
    assert overdue == {"working_days": 4, "reason": ""}


@on_sqlite
async def test_reopening_ends_after_seven_days(city: City) -> None:
    """The promise has an end, and the app is told which act it was."""
    found = await city.report()
    await city.handle(found, "accept")
    await city.finish(found)
    city.clock.wait(days=7)
    assert (await city.see(found)).json()["extended_attributes"]["acts"] == ["reopen", "rate"]
    city.clock.wait(seconds=1)
    assert (await city.see(found)).json()["extended_attributes"]["acts"] == ["rate"]
    late = await city.do(found, "reopen")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/too-late")
    assert late.json()["act"] == "reopen"


@on_sqlite
async def test_a_rejected_report_is_opened_again_with_a_photo_alone(city: City) -> None:
    """The answer "not found" is met best by a picture; its reason is gone then."""
    found = await city.report()
    refused = (await city.handle(found, "reject")).json()["extended_attributes"]
    assert refused["reason"]["code"] == "not-found"
    assert "7 ngày" in refused["reason"]["objection"]
    empty = await city.do(found, "reopen", description="")
    assert ("", "photo_or_reason_required") in errors_of(empty)
    city.clock.wait(days=2)
    opened = (await city.do(found, "reopen", media_ids=[city.upload(RESIDENT)])).json()
    assert opened["extended_attributes"]["reason"] is None
    assert opened["expected_datetime"] == "2026-10-19T17:00:00+07:00"


@on_sqlite
async def test_a_correction_is_taken_for_fifteen_minutes(city: City) -> None:
    """A typing error is mended before anybody drives to the wrong place."""
    found = await city.report()
    changes: dict[str, Any] = {
        "description": "Nắp hố ga kêu, xe tránh gấp.",
        "address": "Đầu đường Cao Lỗ",
        "lat": 21.139,
        "long": 105.850,
        "hide_name": True,
        "urgency": "complex",
    }
    city.clock.wait(minutes=15)
    mended = (await city.do(found, "correct", **changes)).json()
    assert mended["description"] == changes["description"]
    assert mended["address"] == changes["address"]
    assert (mended["lat"], mended["long"]) == (21.139, 105.85)
    assert mended["address_id"] != "00070"
    assert mended["agency_responsible"] != "UBND phường Hoàn Kiếm"
    assert mended["extended_attributes"]["hide_name"] is True
    assert mended["extended_attributes"]["urgency"] == "complex"
    assert mended["expected_datetime"] == "2026-11-02T17:00:00+07:00"
    assert mended["extended_attributes"]["revision"] == 2
    city.clock.wait(seconds=1)
    late = await city.do(found, "correct", hide_name=False)
    assert late.json()["type"] == "/problems/too-late"


@on_sqlite
@pytest.mark.parametrize(
    ("act", "body", "error"),
    [
        ("answer", {"description": ""}, ("description", "too_short")),
        ("answer", {"description": "x" * 2001}, ("description", "too_long")),
        ("answer", {"description": "a", "media_ids": ["x"]}, ("media_ids.0", "pattern_mismatch")),
        ("answer", {"description": "a", "media_ids": ["0" * 32] * 6}, ("media_ids", "too_long")),
        ("answer", {"description": "a\x00b"}, ("description", "control_characters")),
        ("rate", {"rating": "good"}, ("rating", "literal_error")),
        ("rate", {"rating": "satisfied", "stars": 5}, ("stars", "extra_forbidden")),
        ("correct", {"lat": 21.0}, ("", "lat_long_together")),
        ("correct", {"lat": 10.8, "long": 106.7}, ("lat", "outside_city")),
        ("correct", {"address_id": "99999"}, ("address_id", "unknown")),
        ("correct", {"description": "ngắn"}, ("description", "too_short")),
        ("withdraw", {"why": "x"}, ("why", "extra_forbidden")),
    ],
)
async def test_a_wrong_field_is_named(
    city: City, act: Act, body: dict[str, Any], error: tuple[str, str]
) -> None:
    """The app puts the sentence beside the field."""
    found = await city.report()
    assert error in errors_of(await city.do(found, act, **body))


@on_sqlite
async def test_an_empty_correction_is_refused(city: City) -> None:
    """A revision without a change would only make an officer look twice."""
    found = await city.report()
    path = f"/reports/{found}/correct"
    answer = await city.client.post(path, headers=as_resident(), json={})
    assert ("", "nothing_to_change") in errors_of(answer)


async def test_nobody_attaches_what_another_uploaded(city: City) -> None:
    """An id seen elsewhere must not pull a neighbour's photo into one's own report."""
    found = await city.report()
    await city.handle(found, "ask")
    theirs = city.upload(STRANGER)
    answer = await city.do(found, "answer", description="Đây.", media_ids=[theirs])
    assert errors_of(answer) == {("media_ids.0", "unknown")}
    mine = city.upload(RESIDENT)
    assert (await city.do(found, "answer", description="Đây.", media_ids=[mine])).status_code == 200
    again = await city.report()
    await city.handle(again, "ask")
    used = await city.do(again, "answer", description="Đây.", media_ids=[mine])
    assert errors_of(used) == {("media_ids.0", "unknown")}


async def test_the_same_act_twice_happens_once(city: City) -> None:
    """The outbox sends again what it is not sure about."""
    found = await city.report()
    await city.handle(found, "ask")
    headers = as_resident(**{"Idempotency-Key": "k1"})
    path = f"/reports/{found}/answer"
    first = await city.client.post(path, headers=headers, json=BODIES["answer"])
    again = await city.client.post(path, headers=headers, json=BODIES["answer"])
    other = await city.client.post(path, headers=headers, json={"description": "Khác."})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert [one["act"] for one in await city.timeline(found)] == ["submit", "ask", "answer"]


@on_sqlite
async def test_my_reports_are_not_sent_again_unchanged(city: City) -> None:
    """The list is asked for at every start, over networks paid by the megabyte."""
    await city.report()
    first = await city.client.get("/reports/mine", headers=as_resident())
    known = as_resident(**{"If-None-Match": first.headers["etag"]})
    again = await city.client.get("/reports/mine", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert len(first.json()) == 1
    theirs = await city.client.get("/reports/mine", headers=as_resident(STRANGER))
    assert theirs.json() == []


async def test_a_report_whose_place_was_corrected_is_found_where_it_lies(city: City) -> None:
    """A neighbour at the right place must see it, and one at the wrong place must not."""
    found = await city.report()
    moved = {"lat": "21.08", "long": "105.70"}
    assert (await city.do(found, "correct", lat=21.08, long=105.70)).status_code == 200
    near = (await city.client.get("/reports/nearby", params=moved)).json()
    assert [one["service_request_id"] for one in near] == [found]
    before = {"lat": "21.030210", "long": "105.849620"}
    assert (await city.client.get("/reports/nearby", params=before)).json() == []


async def test_a_corrected_place_leaves_no_officer_of_the_wrong_ward_with_it(city: City) -> None:
    """The right ward's desk would take it for somebody's."""
    found = await city.report()
    keys = (await city.client.get("/desk", headers=as_officer())).json()["colleagues"]
    await city.handle(found, "assign", subject_key=keys[0]["subject_key"])
    assert city.row(found).assigned_name
    await city.do(found, "correct", description="Ổ gà sâu, xe máy ngã.")
    assert city.row(found).assigned_name
    await city.do(found, "correct", address_id="00004")
    assert (city.row(found).assigned_subject, city.row(found).assigned_name) == (None, "")


@on_sqlite
async def test_the_day_bar_of_a_reopened_report_begins_anew_also_after_a_question(
    city: City,
) -> None:
    """The days of the first handling are over; counted again they would make it look late."""
    found = await city.report()
    await city.handle(found, "accept")
    await city.finish(found)
    city.clock.wait(days=3)
    await city.do(found, "reopen")
    await city.handle(found, "accept")
    days = city.row(found).working_days
    await city.handle(found, "ask")
    city.clock.wait(hours=1)
    await city.do(found, "answer")
    assert city.row(found).working_days[0] == days[0] > "2026-10-15"
