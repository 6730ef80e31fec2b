"""The desk's queue: narrowed, page by page, refused where nobody understands it, read from an index."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event

from gateway.service_requests.desk_reading import Wanted, queue
from gateway.service_requests.officers import officers
from gateway.settings import Settings
from tests.gateway.service_requests.handling.city import (
    HAI,
    QUAN,
    City,
    as_officer,
)
from tests.gateway.service_requests.reports import errors_of, on_sqlite

pytestmark = pytest.mark.postgresql


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
