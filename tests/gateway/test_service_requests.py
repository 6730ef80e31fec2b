"""Reports over HTTP, from the first tap to the timeline."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from gateway.database import Database
from gateway.photos import UnusablePhoto
from gateway.problems import Problem
from gateway.service_requests import records, submission
from gateway.service_requests.tables import service_requests
from gateway.settings import Deadlines, Settings
from gateway.working_time import HANOI
from tests.gateway.conftest import PUBLIC_URL, HeadersFor, connect, make_app
from tests.gateway.pictures import bomb, picture, with_place

SENT = datetime(2026, 10, 12, 9, 12, tzinfo=HANOI)
REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà sâu giữa đường, xe máy phải tránh gấp.",
    "address_string": "Trước số 28 Hàng Trống",
    "address_id": "00070",
    "lat": "21.030210",
    "long": "105.849620",
}
PATH = "/open311/v2/requests.json"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings whose clock stands at one Monday morning."""
    return replace(settings, clock=lambda: SENT)


@pytest.fixture
def headers(headers_for: HeadersFor) -> dict[str, str]:
    """The headers of a resident."""
    return headers_for()


def media(*photos: bytes) -> Files:
    """Photos as the app sends them."""
    return [("media", (f"photo-{n}.jpg", data, "image/jpeg")) for n, data in enumerate(photos)]


async def send(
    gateway: httpx.AsyncClient, headers: dict[str, str], files: Files | None = None, **changes: Any
) -> httpx.Response:
    """Send the report with some fields changed, or left out with None."""
    fields = {name: value for name, value in {**REPORT, **changes}.items() if value is not None}
    return await gateway.post(PATH, headers=headers, data=fields, files=files)


def errors_of(answer: httpx.Response) -> set[tuple[str, str]]:
    """Field and code of each error of a 422."""
    assert answer.status_code == 422, answer.text
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


async def test_a_report_is_found_again_in_the_list(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Nothing else the product promises matters without it."""
    receipt = await send(gateway, headers)
    assert receipt.status_code == 201
    [made] = receipt.json()
    assert made == {
        "service_request_id": "HN-2610-00001",
        "service_notice": (
            "UBND phường Hoàn Kiếm xử lý trong 3 ngày làm việc, tính từ ngày sau khi gửi."
        ),
        "account_id": None,
    }
    location = receipt.headers["location"]
    assert location == f"{PUBLIC_URL}/api/open311/v2/requests/HN-2610-00001.json"
    listed = (await gateway.get(PATH, headers=headers)).json()
    shown = (await gateway.get(location, headers=headers)).json()
    assert listed == shown
    assert shown == [
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
                "updates_url": f"{PUBLIC_URL}/api/open311/v2/requests/HN-2610-00001/updates.json",
            },
        }
    ]


async def test_a_new_report_has_its_first_update(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """The timeline begins with what the resident did."""
    await send(gateway, headers)
    found = await gateway.get("/open311/v2/requests/HN-2610-00001/updates.json", headers=headers)
    assert found.json() == [
        {
            "update_id": "HN-2610-00001-001",
            "status_code": "waiting",
            "datetime": "2026-10-12T09:12:00+07:00",
            "description": "",
            "agency": "",
            "actor": "",
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
    [shown] = (await gateway.get(PATH, headers=headers)).json()
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
    [shown] = (await gateway.get(PATH, headers=headers)).json()
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
async def test_a_refused_report_leaves_no_photo_behind(
    gateway: httpx.AsyncClient, headers: dict[str, str], tmp_path: Path
) -> None:
    """A photo without a report belongs to nobody and would be kept for ever."""
    keyed = {**headers, "Idempotency-Key": "k1"}
    await send(gateway, keyed, media(picture()))
    kept = len(list((tmp_path / "media").iterdir()))
    await send(gateway, headers, media(picture(), b"no photo"))
    await send(gateway, keyed, media(picture()))
    await send(gateway, keyed, media(picture(10, 10)))
    assert len(list((tmp_path / "media").iterdir())) == kept == 2


@on_sqlite
async def test_a_report_that_cannot_be_written_leaves_no_photo_behind(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The database can fail after the photos are stored."""

    def fail(*_: object) -> str:
        raise OSError

    monkeypatch.setattr(records, "add", fail)
    assert (await send(gateway, headers, media(picture()))).status_code == 500
    assert list((tmp_path / "media").iterdir()) == []


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"service_code": "no-such"}, ("service_code", "unknown")),
        ({"service_code": None}, ("service_code", "missing")),
        ({"description": None}, ("description", "missing")),
        ({"description": "  ngắn  "}, ("description", "too_short")),
        ({"description": "x" * 2001}, ("description", "too_long")),
        ({"description": "Ổ gà\x00 sâu giữa đường"}, ("description", "control_characters")),
        ({"description": "Ổ gà \x1b[31m giữa đường"}, ("description", "control_characters")),
        ({"address_string": "x" * 301}, ("address_string", "too_long")),
        ({"address_id": "99999"}, ("address_id", "unknown")),
        ({"address_id": None, "lat": None, "long": None}, ("address_id", "place_required")),
        ({"long": None}, ("lat", "lat_long_together")),
        ({"lat": "true"}, ("lat", "not_degrees")),
        ({"lat": "nan"}, ("lat", "not_degrees")),
        ({"lat": "1e1"}, ("lat", "not_degrees")),
        ({"lat": "２１.0"}, ("lat", "not_degrees")),
        ({"lat": "10.8", "long": "106.7"}, ("lat", "outside_city")),
        ({"attribute[urgency]": "now"}, ("attribute[urgency]", "literal_error")),
        ({"attribute[hide_name]": "1"}, ("attribute[hide_name]", "literal_error")),
        ({"urgency": "urgent"}, ("urgency", "extra_forbidden")),
        ({"subject": "someone"}, ("subject", "extra_forbidden")),
        ({"media_url": "http://127.0.0.1/x"}, ("media_url", "extra_forbidden")),
        ({"lat": ["21.03", "21.04"]}, ("lat", "repeated_or_file")),
    ],
)
async def test_a_wrong_field_is_named_with_what_is_wrong(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    changes: dict[str, Any],
    error: tuple[str, str],
) -> None:
    """The app puts the sentence beside the field; a resident cannot fix what is not named."""
    answer = await send(gateway, headers, **changes)
    assert error in errors_of(answer)
    assert REPORT["description"] not in answer.text


@on_sqlite
async def test_text_that_is_no_utf8_is_refused(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Kept as it is, it would be unreadable for the officer, and nobody could mend it later."""
    body = b"service_code=pothole&address_id=00070&description=%D4%20ga%20sau%20giua%20duong"
    typed = {**headers, "content-type": "application/x-www-form-urlencoded"}
    answer = await gateway.post(PATH, headers=typed, content=body)
    assert errors_of(answer) == {("description", "not_utf8")}


@on_sqlite
@pytest.mark.parametrize(
    ("files", "error"),
    [
        (media(*[picture()] * 6), ("media", "too_many")),
        (media(picture(), b"x" * 8_000_001), ("media.1", "too_large")),
        (media(b""), ("media.0", "unsupported_type")),
        (media(picture(), picture(kind="GIF")), ("media.1", "unsupported_type")),
        (media(bomb()), ("media.0", "too_many_pixels")),
        (media(picture(400, 300)[:600]), ("media.0", "unreadable")),
        ([("photo", ("a.jpg", picture(), "image/jpeg"))], ("photo", "repeated_or_file")),
    ],
    ids=["six", "large", "empty", "gif", "bomb", "cut", "other field"],
)
async def test_a_photo_that_cannot_be_used_is_named(
    gateway: httpx.AsyncClient, headers: dict[str, str], files: Files, error: tuple[str, str]
) -> None:
    """With five photos in hand, "bad photo" alone would make the resident try each."""
    assert error in errors_of(await send(gateway, headers, files))


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
    [shown] = (await gateway.get(PATH, headers=headers)).json()
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
    [shown] = (await gateway.get(PATH, headers=headers)).json()
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
    await send(gateway, headers, None, service_code=service, **{"attribute[urgency]": asked})
    [shown] = (await gateway.get(PATH, headers=headers)).json()
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
        [shown] = (await client.get(PATH, headers=headers)).json()
        services = (await client.get("/open311/v2/services.json")).json()
    assert shown["expected_datetime"] == "2026-10-19T17:00:00+07:00"
    assert "5 ngày làm việc" in shown["service_notice"]
    assert services[0]["extended_attributes"]["working_days"] == 5


@on_sqlite
async def test_a_name_can_be_hidden(gateway: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """The switch of the third step is kept with the report."""
    await send(gateway, headers, None, **{"attribute[hide_name]": "true"})
    [shown] = (await gateway.get(PATH, headers=headers)).json()
    assert shown["extended_attributes"]["hide_name"] is True


@on_sqlite
async def test_what_other_clients_say_about_the_sender_is_not_kept(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Who it was stands in the token; a name in the form could be anybody's."""
    answer = await send(gateway, headers, first_name="Minh", phone="0900000001", account_id="7")
    assert answer.status_code == 201
    assert answer.json()[0]["account_id"] is None


@pytest_asyncio.fixture
async def three(gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]) -> None:
    """Three reports of one resident; the second is done."""
    for code in ("pothole", "waste", "tree"):
        await send(gateway, headers, service_code=code)
    done = records.Update("done", SENT, "Xong.")
    await database.run(lambda db: records.add_update(db, "HN-2610-00002", done))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [3, 2, 1]),
        ({"status": "open"}, [3, 1]),
        ({"status": "closed"}, [2]),
        ({"status": "open,closed"}, [3, 2, 1]),
        ({"service_code": "tree,pothole"}, [3, 1]),
        ({"service_request_id": "HN-2610-00002,HN-2610-00009"}, [2]),
        ({"start_date": "2026-10-12T02:12:00Z"}, [3, 2, 1]),
        ({"start_date": "2026-10-12T09:12:01+07:00"}, []),
        ({"end_date": "2026-10-12T09:11:59+07:00"}, []),
        ({"status": "open", "service_code": "waste"}, []),
    ],
)
async def test_the_list_can_be_narrowed(
    gateway: httpx.AsyncClient, headers: dict[str, str], query: dict[str, str], found: list[int]
) -> None:
    """The chips above the list, and the standard's own filters."""
    answer = await gateway.get(PATH, headers=headers, params=query)
    assert [int(item["service_request_id"][-5:]) for item in answer.json()] == found


@on_sqlite
@pytest.mark.parametrize(
    "query",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2026-10-12T00:00:00"},
        {"staus": "open"},
        {"service_code": "a\0b"},
    ],
)
async def test_a_filter_nobody_understands_is_refused(
    gateway: httpx.AsyncClient, headers: dict[str, str], query: dict[str, str]
) -> None:
    """Ignoring it would answer with everything, as if that were what was asked."""
    answer = await gateway.get(PATH, headers=headers, params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in query


@on_sqlite
@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("path", [PATH, "/open311/v2/requests/HN-2610-00001.json"])
async def test_what_has_not_changed_is_not_sent_again(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str], path: str
) -> None:
    """The app asks often, over networks that are paid by the megabyte."""
    first = await gateway.get(path, headers=headers)
    known = {**headers, "If-None-Match": f'W/{first.headers["etag"]}, "other"'}
    again = await gateway.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    changed = records.Update("in_progress", SENT, "Đang vá.")
    await database.run(lambda db: records.add_update(db, "HN-2610-00001", changed))
    assert (await gateway.get(path, headers=known)).status_code == 200


@on_sqlite
async def test_the_services_are_public_and_in_vietnamese(gateway: httpx.AsyncClient) -> None:
    """A guest sees what can be reported before signing in."""
    answer = await gateway.get("/open311/v2/services.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    found = {item["service_code"]: item for item in answer.json()}
    assert len(found) == 14
    assert found["pothole"]["service_name"] == "Ổ gà, mặt đường hỏng"
    assert "pothole" in found["pothole"]["keywords"]
    assert found["flooding"]["extended_attributes"] == {"urgency": "urgent", "working_hours": 4}
    for code in found:
        [urgency, _] = (await gateway.get(f"/open311/v2/services/{code}.json")).json()["attributes"]
        assert [value["key"] for value in urgency["values"]] == ["normal", "complex", "urgent"]


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


def test_a_photo_error_of_any_kind_is_a_field_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every photo is looked at, so that one refusal names them all."""

    def refuse(data: bytes) -> object:
        raise UnusablePhoto("unreadable")

    monkeypatch.setattr(submission, "clean", refuse)
    with pytest.raises(Problem) as refused:
        submission._clean((b"a", b"b"))
    assert [e["field"] for e in refused.value.extensions["errors"]] == ["media.0", "media.1"]


async def test_two_reports_at_once_get_two_numbers(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    """Two residents with one number would read each other's answer to the hotline."""
    import asyncio

    answers = await asyncio.gather(*(send(gateway, headers) for _ in range(6)))
    numbers = {answer.json()[0]["service_request_id"] for answer in answers}
    count = select(func.count()).select_from(service_requests)
    assert len(numbers) == await database.run(lambda db: db.scalar(count), write=False) == 6
