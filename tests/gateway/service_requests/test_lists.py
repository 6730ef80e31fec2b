"""Reading: the list and its filters, what has not changed, and the services."""

from __future__ import annotations

import httpx
import pytest
import pytest_asyncio

from gateway.database import Database
from gateway.service_requests import records
from tests.gateway.service_requests.reports import MINE, PATH, SENT, on_sqlite, send


@pytest_asyncio.fixture
async def three(gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]) -> None:
    """Three reports of one resident; the second is done."""
    for code in ("pothole", "waste", "manhole"):
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
        ({"service_code": "manhole,pothole"}, [3, 1]),
        ({"service_request_id": "HN-2610-00002,HN-2610-00009"}, [2]),
        ({"start_date": "2026-10-12T02:12:00Z"}, [3, 2, 1]),
        ({"start_date": "2026-10-12T09:12:01+07:00"}, []),
        ({"end_date": "2026-10-12T09:11:59+07:00"}, []),
        ({"status": "open", "service_code": "waste"}, []),
    ],
)
async def test_the_list_can_be_narrowed(
    gateway: httpx.AsyncClient, query: dict[str, str], found: list[int]
) -> None:
    """The standard's own filters."""
    answer = await gateway.get(PATH, params=query)
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
@pytest.mark.parametrize("path", [PATH, MINE, "/open311/v2/requests/HN-2610-00001.json"])
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
        asked = (await gateway.get(f"/open311/v2/services/{code}.json")).json()["attributes"]
        [urgency] = [one for one in asked if one["code"] == "urgency"]
        assert [value["key"] for value in urgency["values"]] == ["normal", "complex", "urgent"]
