"""Sending a report: what is kept of it, when it is due, and who answers for it."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from gateway.database import Database
from gateway.service_requests import records
from gateway.service_requests.tables import service_requests
from gateway.settings import Deadlines, Settings
from gateway.working_time import HANOI
from tests.gateway.conftest import PUBLIC_URL, HeadersFor, connect, make_app
from tests.gateway.pictures import picture, with_place
from tests.gateway.service_requests.reports import MINE, PATH, REPORT, media, on_sqlite, send


async def test_a_report_is_found_again_in_the_list(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Nothing else the product promises matters without it."""
    receipt = await send(gateway, headers)
    assert receipt.status_code == 201
    [made] = receipt.json()
    assert made == {
        "service_request_id": "HN-2610-00001",
        "token": None,
        "service_notice": (
            "UBND phường Hoàn Kiếm xử lý trong 3 ngày làm việc, tính từ ngày sau khi gửi."
        ),
        "account_id": None,
    }
    location = receipt.headers["location"]
    assert location == f"{PUBLIC_URL}/api/open311/v2/requests/HN-2610-00001.json"
    listed = (await gateway.get(MINE, headers=headers)).json()
    public = (await gateway.get(location)).json()
    assert public[0]["description"] == listed[0]["description"]
    assert not public[0]["extended_attributes"]["mine"]
    assert listed == [
        {
            "service_request_id": "HN-2610-00001",
            "status": "open",
            "status_notes": "",
            "service_name": "Ổ gà, mặt đường hỏng",
            "service_code": "pothole",
            "description": REPORT["description"],
            "agency_responsible": "UBND phường Hoàn Kiếm",
            "service_notice": made["service_notice"],
            "requested_datetime": "2026-10-12T09:12:00+07:00",
            "updated_datetime": "2026-10-12T09:12:00+07:00",
            "expected_datetime": "2026-10-15T17:00:00+07:00",
            "address": REPORT["address_string"],
            "address_id": "00070",
            "zipcode": None,
            "lat": 21.03021,
            "long": 105.84962,
            "media_url": None,
            "extended_attributes": {
                "status_code": "waiting",
                "urgency": "normal",
                "hide_name": False,
                "ward": {"code": "00070", "name": "Phường Hoàn Kiếm"},
                "media": [],
                "working_days": ["2026-10-13", "2026-10-14", "2026-10-15"],
                "updates_url": f"{PUBLIC_URL}/api/reports/HN-2610-00001/updates",
                "revision": 1,
                "extension_url": f"{PUBLIC_URL}/api/reports/HN-2610-00001",
                "public_url": f"{PUBLIC_URL}/api/reports/public/HN-2610-00001",
                "attributes": {},
                "mine": True,
                "following": False,
                "followers": 0,
                "acts": ["withdraw", "correct"],
                "act_until": {"correct": "2026-10-12T09:27:00+07:00"},
                "question": None,
                "paused_since": None,
                "overdue": None,
                "escalation": 0,
                "reason": None,
                "rating": None,
                "merged_into": None,
                "split_from": None,
                "split_into": [],
                "agency": {"code": "ward-00070", "name": "UBND phường Hoàn Kiếm"},
            },
        }
    ]


async def test_a_new_report_has_its_first_update(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """The timeline begins with what the resident did."""
    await send(gateway, headers)
    found = await gateway.get("/reports/HN-2610-00001/updates", headers=headers)
    assert found.json() == [
        {
            "update_id": "HN-2610-00001-001",
            "status_code": "waiting",
            "act": "submit",
            "datetime": "2026-10-12T09:12:00+07:00",
            "description": "",
            "agency": "",
            "actor": "",
            "actor_role": "resident",
            "reason_code": "",
            "handed_to": None,
            "media": [],
        }
    ]


async def test_an_update_changes_what_the_list_says(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    """The list and the timeline must never tell two stories."""
    await send(gateway, headers)
    later = datetime(2026, 10, 12, 11, 0, tzinfo=HANOI)
    entry = records.Update("done", later, "Đã vá.", "UBND phường Hoàn Kiếm", "Anh Quân")
    await database.run(lambda db: records.add_update(db, "HN-2610-00001", entry))
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    assert (shown["status"], shown["status_notes"]) == ("closed", "Đã vá.")
    assert shown["extended_attributes"]["status_code"] == "done"
    assert shown["updated_datetime"] == "2026-10-12T11:00:00+07:00"
    url = shown["extended_attributes"]["updates_url"]
    updates = (await gateway.get(url, headers=headers)).json()
    assert [update["status_code"] for update in updates] == ["waiting", "done"]
    assert updates[1]["actor"] == "Anh Quân"


async def test_a_photo_arrives_clean_and_comes_back_in_two_sizes(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Also a client that forgets to remove the place from the photo must not betray it."""
    receipt = await send(gateway, headers, media(with_place(), picture(2000, 1000, "PNG")))
    assert receipt.status_code == 201
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    photos = shown["extended_attributes"]["media"]
    assert len(photos) == 2
    assert shown["media_url"] == photos[0]["url"]
    for photo in photos:
        for url in (photo["url"], photo["thumbnail_url"]):
            answer = await gateway.get(url, headers=headers)
            assert answer.headers["content-type"] == "image/jpeg"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.content.startswith(b"\xff\xd8")
            assert b"Exif" not in answer.content
    small = await gateway.get(photos[1]["thumbnail_url"], headers=headers)
    large = await gateway.get(photos[1]["url"], headers=headers)
    assert len(small.content) < len(large.content)


async def test_reports_are_numbered_by_month_without_gaps_or_repeats(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """The number is what a resident reads to the hotline."""
    made = [(await send(gateway, headers)).json()[0]["service_request_id"] for _ in range(3)]
    assert made == ["HN-2610-00001", "HN-2610-00002", "HN-2610-00003"]


@on_sqlite
async def test_five_photos_are_taken(gateway: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Five is the promise of the app's first step."""
    assert (await send(gateway, headers, media(*[picture()] * 5))).status_code == 201


async def test_text_is_kept_as_one_form_of_unicode(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Macs write đường decomposed; a search for what was typed on a phone must find it."""
    typed = unicodedata.normalize("NFD", "Đèn đường tắt,\r\nngõ rất tối. 😀")
    await send(gateway, headers, description=f"  {typed}  ")
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    assert shown["description"] == "Đèn đường tắt,\nngõ rất tối. 😀"


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "ward"),
    [
        ({"lat": None, "long": None}, "00070"),
        ({"address_id": None}, "00070"),
        ({"address_id": "00454"}, "00454"),
    ],
)
async def test_the_ward_is_the_one_chosen_or_the_one_under_the_pin(
    gateway: httpx.AsyncClient, headers: dict[str, str], changes: dict[str, Any], ward: str
) -> None:
    """A report without an office that answers for it would be nobody's."""
    assert (await send(gateway, headers, **changes)).status_code == 201
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    assert shown["address_id"] == ward
    assert shown["agency_responsible"] in {"UBND phường Hoàn Kiếm", "UBND xã Đông Anh"}


@on_sqlite
@pytest.mark.parametrize(
    ("service", "asked", "urgency", "expected"),
    [
        ("pothole", None, "normal", "2026-10-15T17:00:00+07:00"),
        ("pothole", "urgent", "urgent", "2026-10-12T14:12:00+07:00"),
        ("pothole", "complex", "complex", "2026-11-02T17:00:00+07:00"),
        ("flooding", "normal", "urgent", "2026-10-12T14:12:00+07:00"),
        ("construction", "normal", "complex", "2026-11-02T17:00:00+07:00"),
    ],
)
async def test_the_deadline_follows_the_graver_urgency(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    service: str,
    asked: str | None,
    urgency: str,
    expected: str,
) -> None:
    """An open manhole stays urgent whatever the form says."""
    answers = {"attribute[depth]": "knee"} if service == "flooding" else {}
    answers |= {"attribute[activity]": "noise"} if service == "construction" else {}
    asks = {"attribute[urgency]": asked} | answers
    await send(gateway, headers, None, service_code=service, **asks)
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    assert shown["extended_attributes"]["urgency"] == urgency
    assert shown["expected_datetime"] == expected


@on_sqlite
async def test_the_deadlines_are_the_citys_to_set(
    settings: Settings, database: Database, headers: dict[str, str]
) -> None:
    """Only the urgent one is published; a city changes the others without changing code."""
    settings = replace(settings, deadlines=Deadlines(normal_days=5))
    async with connect(make_app(settings, database)) as client:
        await send(client, headers)
        [shown] = (await client.get(MINE, headers=headers)).json()
        services = (await client.get("/open311/v2/services.json")).json()
    assert shown["expected_datetime"] == "2026-10-19T17:00:00+07:00"
    assert "5 ngày làm việc" in shown["service_notice"]
    assert services[0]["extended_attributes"]["working_days"] == 5


@on_sqlite
async def test_a_name_can_be_hidden(gateway: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """The switch of the third step is kept with the report."""
    await send(gateway, headers, None, **{"attribute[hide_name]": "true"})
    [shown] = (await gateway.get(MINE, headers=headers)).json()
    assert shown["extended_attributes"]["hide_name"] is True


@on_sqlite
async def test_what_other_clients_say_about_the_sender_is_not_kept(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Who it was stands in the token; a name in the form could be anybody's."""
    answer = await send(gateway, headers, first_name="Minh", phone="0900000001", account_id="7")
    assert answer.status_code == 201
    assert answer.json()[0]["account_id"] is None


@on_sqlite
async def test_a_stranger_cannot_make_us_read_a_body(gateway: httpx.AsyncClient) -> None:
    """Forty megabytes from nobody are refused before they are parsed."""
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 1000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await gateway.post(PATH, headers=headers, content=body())
    assert answer.status_code == 401
    assert read <= 1


@on_sqlite
async def test_a_report_needs_the_scope_for_reports(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """An app that may read cards must not report in a resident's name."""
    answer = await send(gateway, headers_for(scope="cards"))
    assert answer.status_code == 403


async def test_two_reports_at_once_get_two_numbers(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    """Two residents with one number would read each other's answer to the hotline."""
    import asyncio

    answers = await asyncio.gather(*(send(gateway, headers) for _ in range(6)))
    numbers = {answer.json()[0]["service_request_id"] for answer in answers}
    count = select(func.count()).select_from(service_requests)
    assert len(numbers) == await database.run(lambda db: db.scalar(count), write=False) == 6
