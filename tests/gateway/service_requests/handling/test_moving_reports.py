"""Reports that change hands or shape at the desk: handed over, merged, split, given to a colleague."""

from __future__ import annotations

import pytest

from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import (
    BODIES,
    HUONG,
    LIGHT,
    NEIGHBOUR,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import errors_of, media, send

pytestmark = pytest.mark.postgresql


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
