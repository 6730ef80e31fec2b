"""Two residents, two officers, two agencies: nobody sees what is another's."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from gateway.database import Database
from gateway.service_requests import notices
from gateway.service_requests.desk_reading import be_present, others
from gateway.service_requests.officers import officers
from gateway.service_requests.reading import followed_by
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.service_requests.handling.city import (
    HAI,
    HUONG,
    LIGHT,
    NEIGHBOUR,
    QUAN,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import on_sqlite


async def test_residents_see_only_what_they_follow_themselves(
    city: City, database: Database
) -> None:
    """Whom a resident follows tells where they live."""
    found = await city.report()
    city.follow(found, NEIGHBOUR)
    lists = {
        subject: (await city.client.get("/reports/followed", headers=as_resident(subject))).json()
        for subject in (NEIGHBOUR, STRANGER)
    }
    assert [item["service_request_id"] for item in lists[NEIGHBOUR]] == [found]
    assert lists[STRANGER] == []
    read = {
        subject: database.run_here(partial(followed_by, subject=subject), write=False)
        for subject in (NEIGHBOUR, STRANGER)
    }
    assert (len(read[NEIGHBOUR]), len(read[STRANGER])) == (1, 0)
    followed = (await city.see(found, NEIGHBOUR)).json()["extended_attributes"]
    seen = (await city.see(found, STRANGER)).json()["extended_attributes"]
    assert (followed["following"], seen["following"]) == (True, False)
    assert followed["followers"] == seen["followers"] == 1


async def test_the_inbox_of_two_residents_is_two_inboxes(city: City, database: Database) -> None:
    """A notice says where somebody lives and what they complained about."""
    mine, theirs = await city.report(), await city.report(STRANGER)
    await city.handle(mine, "accept")
    await city.handle(theirs, "accept")
    for subject, found in ((RESIDENT, mine), (STRANGER, theirs)):
        assert [line["service_request_id"] for line in await city.inbox(subject)] == [found]
    [line] = await city.inbox(STRANGER)
    body = {"notice_ids": [line["notice_id"]]}
    answer = await city.client.post("/reports/inbox/read", headers=as_resident(), json=body)
    assert answer.status_code == 204
    assert [line["read"] for line in await city.inbox(STRANGER)] == [False]
    assert database.run_here(lambda db: notices.unread(db, STRANGER), write=False) == 1
    await city.client.post("/reports/inbox/read", headers=as_resident(STRANGER), json=body)
    assert [line["read"] for line in await city.inbox(STRANGER)] == [True]
    assert database.run_here(lambda db: notices.unread(db, STRANGER), write=False) == 0


async def test_the_presence_of_two_officers_is_seen_by_the_other(
    city: City, database: Database, settings: Settings
) -> None:
    """Each sees the other and not themselves, and only on the same report."""
    found, another = await city.report(), await city.report()
    path = f"/desk/{found}/presence"
    first = await city.client.put(path, headers=as_officer(QUAN))
    second = await city.client.put(path, headers=as_officer(HUONG))
    assert first.json() == {"others": []}
    assert [one["name"] for one in second.json()["others"]] == ["Đức Quân"]
    seen = (await city.at_desk(found)).json()["extended_attributes"]["presence"]
    assert [one["name"] for one in seen] == ["Thu Hương"]
    elsewhere = (await city.at_desk(another)).json()["extended_attributes"]["presence"]
    assert elsewhere == []
    city.clock.wait(seconds=61)
    assert (await city.at_desk(found)).json()["extended_attributes"]["presence"] == []
    quan, huong = officers(settings)[QUAN], officers(settings)[HUONG]
    database.run_here(lambda db: be_present(db, found, quan, settings))
    read = [
        database.run_here(partial(others, found=found, officer=one, settings=settings), write=False)
        for one in (quan, huong)
    ]
    assert [len(each) for each in read] == [0, 1]


@pytest.mark.parametrize("act", ["answer", "withdraw", "reopen", "rate", "correct"])
async def test_nobody_acts_on_anothers_report(city: City, act: str) -> None:
    """404 whatever its state: what a follower may read they may still not move."""
    found = await city.report()
    city.follow(found, NEIGHBOUR)
    for subject in (STRANGER, NEIGHBOUR):
        answer = await city.do(found, act, subject)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@on_sqlite
@pytest.mark.parametrize(
    "path", ["", "/updates", "/presence", "/accept", "/ask", "/reject", "/split", "/hoax", "/note"]
)
async def test_an_officer_reaches_the_reports_of_their_agency_alone(city: City, path: str) -> None:
    """Another agency's report is 404, like one that does not exist; the city's desk reaches all."""
    found = await city.report()
    method = {"": "GET", "/updates": "GET", "/presence": "PUT"}.get(path, "POST")
    body: dict[str, Any] = {} if method != "POST" else {"json": _body(path)}
    for number in (found, "HN-2610-99999", "%00"):
        headers = as_officer(LIGHT, **{"If-Match": '"1"'})
        answer = await city.client.request(method, f"/desk/{number}{path}", headers=headers, **body)
        assert answer.status_code == 404, answer.text
    headers = as_officer(HAI, **{"If-Match": '"1"'})
    answer = await city.client.request(method, f"/desk/{found}{path}", headers=headers, **body)
    assert answer.status_code == 200, answer.text


def _body(path: str) -> dict[str, Any]:
    from tests.gateway.service_requests.handling.city import BODIES

    return BODIES[path.removeprefix("/")]


async def test_each_queue_holds_the_reports_of_its_agency(city: City) -> None:
    """An officer of one ward learns nothing of another."""
    road, lamp = await city.report(), await city.report(service_code="street-light")
    queues = {}
    for officer in (QUAN, LIGHT, HAI):
        answer = await city.client.get("/desk/queue", headers=as_officer(officer))
        queues[officer] = {item["service_request_id"] for item in answer.json()}
    assert queues == {QUAN: {road}, LIGHT: {lamp}, HAI: {road, lamp}}


@on_sqlite
async def test_the_desk_is_closed_to_residents_and_to_officers_of_no_agency(city: City) -> None:
    """The role comes from the identity provider, the agency from the city's list; both are asked."""
    from tests.gateway.conftest import make_headers

    without_role = make_headers(QUAN, "reports desk")
    without_scope = make_headers(QUAN, "reports", roles=("officer",))
    nowhere = make_headers("test-nobody", "desk", roles=("officer",))
    answers = [
        (await city.client.get("/desk/queue", headers=headers)).json()["type"]
        for headers in (without_role, without_scope, nowhere)
    ]
    assert answers == [
        "/problems/missing-role",
        "/problems/insufficient-scope",
        "/problems/no-agency",
    ]


async def test_others_see_a_report_without_what_is_private(city: City) -> None:
    """The public reads what is wrong and what was done, not where somebody lives or their photos."""
    found = await city.report(
        service_code="food-safety",
        description="Bếp ăn mất vệ sinh.",
        **{"attribute[hide_name]": "true"},
    )
    photo = city.upload(RESIDENT)
    await city.handle(found, "ask", description="Số điện thoại của quán?")
    await city.do(found, "answer", description="Quán của ông A.", media_ids=[photo])
    seen = (await city.see(found, STRANGER)).json()
    own = (await city.see(found)).json()
    assert (seen["address"], own["address"]) == ("Phường Hoàn Kiếm", "Trước số 28 Hàng Trống")
    assert (seen["lat"], seen["long"]) != (own["lat"], own["long"])
    assert abs(seen["lat"] - own["lat"]) < 0.0005
    assert (seen["media_url"], len(own["extended_attributes"]["media"])) == (None, 1)
    assert seen["extended_attributes"]["media"] == []
    assert seen["extended_attributes"]["acts"] == ["follow"]
    assert not seen["extended_attributes"]["mine"]
    public = [entry["description"] for entry in await city.timeline(found, STRANGER)]
    whole = [entry["description"] for entry in await city.timeline(found)]
    assert public == ["", "", ""]
    assert whole == ["", "Số điện thoại của quán?", "Quán của ông A."]


@on_sqlite
async def test_what_was_taken_back_or_flagged_is_not_public(city: City) -> None:
    """A hoax must not keep spreading, and what was taken back is nobody's business."""
    taken_back, hoax = await city.report(), await city.report()
    await city.do(taken_back, "withdraw")
    await city.handle(hoax, "hoax")
    for found in (taken_back, hoax):
        assert (await city.see(found, STRANGER)).status_code == 404
        assert (await city.see(found)).status_code == 200


@pytest.mark.parametrize("act", ["withdraw", "hoax"])
async def test_who_follows_what_was_taken_back_reads_it_no_more(city: City, act: str) -> None:
    """They learn that it ended; the words, the place and the photos are nobody's business."""
    found = await city.report(description="Nhà tôi ở ngõ 12, gọi cửa giúp.")
    city.follow(found)
    await city.handle(found, "split")
    await city.handle(found, "note")
    city.put(found, description="Nhà tôi ở ngõ 12, gọi cửa giúp.")
    await (city.do(found, act) if act == "withdraw" else city.handle(found, act))
    seen = (await city.see(found, NEIGHBOUR)).json()
    listed = await city.client.get("/reports/followed", headers=as_resident(NEIGHBOUR))
    assert found in {one["service_request_id"] for one in listed.json()}
    told = str([seen, await city.timeline(found, NEIGHBOUR)])
    assert "ngõ 12" not in told
    assert (seen["address"], seen["lat"], seen["long"]) == ("", None, None)
    assert "ngõ 12" in str((await city.see(found)).json())
    assert "ngõ 12" in str((await city.at_desk(found)).json())
