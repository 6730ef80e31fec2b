"""Waiting for a change: at once, within a second, for nobody else, and without holding anything."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, insert

from gateway.database import Database
from gateway.service_requests import records
from gateway.service_requests.handling_tables import notices
from gateway.service_requests.live import POLL_SECONDS, Interest, Live, changed_for
from gateway.service_requests.notices import MOST
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.service_requests.handling.city import (
    HAI,
    LIGHT,
    NEIGHBOUR,
    QUAN,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import errors_of, on_sqlite


async def ask(city: City, headers: dict[str, str], since: str = "", wait: float = 0) -> Any:
    """One poll."""
    query: dict[str, Any] = {"since": since, "wait": wait}
    answer = await city.client.get("/reports/changes", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_poll_without_a_cursor_says_where_to_begin(city: City) -> None:
    """The app reads its lists first, then waits for what comes after."""
    found = await city.report()
    first = await ask(city, as_resident(), wait=30)
    assert (first["service_request_ids"], first["unread"]) == ([], 0)
    await city.handle(found, "accept")
    then = await ask(city, as_resident(), first["cursor"], 30)
    assert (then["service_request_ids"], then["unread"]) == ([found], 1)
    assert (await ask(city, as_resident(), then["cursor"]))["service_request_ids"] == []


async def test_a_waiting_poll_is_answered_when_something_happens(city: City) -> None:
    """In this process at once: the resident's screen follows the officer's hand."""
    found = await city.report()
    cursor = (await ask(city, as_resident()))["cursor"]
    waiting = asyncio.create_task(ask(city, as_resident(), cursor, 60))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await city.handle(found, "accept")
    answer = await asyncio.wait_for(waiting, 5)
    assert answer["service_request_ids"] == [found]


async def test_a_change_by_another_process_is_found_too(city: City) -> None:
    """The database is asked, for the officer may be served elsewhere."""
    found = await city.report()
    cursor = (await ask(city, as_resident()))["cursor"]
    waiting = asyncio.create_task(ask(city, as_resident(), cursor, 60))
    await asyncio.sleep(0.1)
    elsewhere = records.Update("in_progress", city.clock(), "Đang vá.")
    city.database.run_here(lambda db: records.add_update(db, found, elsewhere))
    assert (await asyncio.wait_for(waiting, 10))["service_request_ids"] == [found]


async def test_nobody_is_woken_by_what_is_anothers(city: City) -> None:
    """Neither by another resident's report nor by another agency's."""
    mine, theirs = await city.report(), await city.report(STRANGER)
    lamp = await city.report("test-other", service_code="street-light")
    city.follow(mine)
    people = {
        "owner": as_resident(RESIDENT),
        "stranger": as_resident(STRANGER),
        "follower": as_resident(NEIGHBOUR),
        "officer": as_officer(QUAN),
        "lights": as_officer(LIGHT),
        "city": as_officer(HAI),
        "officer at home": as_resident(QUAN),
    }
    cursor = (await ask(city, as_resident()))["cursor"]
    await city.handle(mine, "accept")
    found = {
        who: (await ask(city, headers, cursor))["service_request_ids"]
        for who, headers in people.items()
    }
    assert found == {
        "owner": [mine],
        "stranger": [],
        "follower": [mine],
        "officer": [mine],
        "lights": [],
        "city": [mine],
        "officer at home": [],
    }
    cursor = (await ask(city, as_resident()))["cursor"]
    await city.handle(theirs, "transfer")
    assert (await ask(city, people["officer"], cursor))["service_request_ids"] == [theirs]
    assert (await ask(city, people["lights"], cursor))["service_request_ids"] == [theirs]
    assert lamp != theirs


async def test_a_poll_in_vain_ends_with_the_time_it_was_given(city: City) -> None:
    """The answer is empty, and the cursor has gone on past what was others'."""
    await city.report()
    cursor = (await ask(city, as_resident()))["cursor"]
    waiting = asyncio.create_task(ask(city, as_resident(), cursor, 0.6))
    await asyncio.sleep(0.1)
    await city.report(STRANGER)
    answer = await waiting
    assert answer["service_request_ids"] == []
    assert int(answer["cursor"]) > int(cursor)


async def test_many_wait_with_one_query_a_second_and_no_connection(
    city: City, app: FastAPI, database: Database
) -> None:
    """A thousand open screens must not be a thousand threads, connections or queries."""
    await city.report()
    cursor = (await ask(city, as_resident()))["cursor"]
    live: Live = app.state.live
    people = [
        asyncio.create_task(live.wait(Interest(f"test-{number}"), int(cursor), 600))
        for number in range(300)
    ]
    asked = 0
    looked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal asked
        asked += "FROM changes" in statement
        if asked >= 3:
            loop.call_soon_threadsafe(looked.set)

    event.listen(database.engine, "before_cursor_execute", count)
    started = time.monotonic()
    await looked.wait()
    assert asked <= (time.monotonic() - started) / POLL_SECONDS + 2
    event.remove(database.engine, "before_cursor_execute", count)
    assert live.waiting == 300
    assert not any(one.done() for one in people)
    assert database.engine.pool.checkedout() <= 3  # type: ignore[attr-defined]
    for one in people:
        one.cancel()
    await asyncio.gather(*people, return_exceptions=True)
    assert live.waiting == 0
    assert live._task is not None
    await live._task


async def test_a_change_between_reading_and_waiting_is_not_missed(city: City) -> None:
    """The task that looks may be ahead of somebody who has just read."""
    found = await city.report()
    database, live = city.database, Live(city.database)
    ahead = asyncio.create_task(live.wait(Interest("test-somebody"), 0, 30))
    await asyncio.sleep(0.3)
    _, cursor = database.run_here(lambda db: changed_for(db, Interest(RESIDENT), 0), write=False)
    entry = records.Update("in_progress", city.clock(), "Đang vá.")
    database.run_here(lambda db: records.add_update(db, found, entry))
    live.nudge()
    await asyncio.sleep(0.3)
    assert await asyncio.wait_for(live.wait(Interest(RESIDENT), cursor, 30), 5)
    ahead.cancel()


async def test_changes_become_visible_in_the_order_of_their_numbers(
    database: Database, city: City
) -> None:
    """A number that appears late, below one already read, would be a change nobody ever hears of."""
    import threading

    found, other = await city.report(), await city.report(STRANGER)
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with database.transaction() as connection:
            records.announce(connection, found, "", city.clock())
            begun.set()
            may_end.wait(5)

    def quick() -> None:
        with database.transaction() as connection:
            records.announce(connection, other, "", city.clock())

    first, second = threading.Thread(target=slow), threading.Thread(target=quick)
    _, cursor = database.run_here(lambda db: changed_for(db, Interest(RESIDENT), 0), write=False)
    first.start()
    begun.wait(5)
    second.start()
    await asyncio.sleep(0.3)
    every = Interest(RESIDENT, every=True)
    read = database.run_here(lambda db: changed_for(db, every, cursor), write=False)
    assert read == ([], cursor)
    may_end.set()
    first.join()
    second.join()
    ids, _ = database.run_here(lambda db: changed_for(db, every, cursor), write=False)
    assert ids == [found, other]


@on_sqlite
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "x"}, "since"),
        ({"since": "-1"}, "since"),
        ({"wait": 76}, "wait"),
        ({"wait": -1}, "wait"),
    ],
)
async def test_a_strange_poll_is_refused(
    gateway: httpx.AsyncClient, query: dict[str, Any], field: str
) -> None:
    """An endless wait would be a way to use us up."""
    answer = await gateway.get("/reports/changes", headers=as_resident(), params=query)
    assert field in {name for name, _ in errors_of(answer)}


@on_sqlite
async def test_a_cursor_of_another_database_begins_anew_at_once(city: City) -> None:
    """After a restore the app must not wait for a number that comes in a year."""
    answer = await asyncio.wait_for(ask(city, as_resident(), "999999", 60), 5)
    assert answer["cursor"] == "0"


async def test_a_cursor_beyond_every_number_begins_anew(city: City) -> None:
    """PostgreSQL refuses to compare what it could never have numbered."""
    found = await city.report()
    strange = await ask(city, as_resident(), "9" * 15, 30)
    assert strange["service_request_ids"] == []
    await city.handle(found, "accept")
    assert (await ask(city, as_resident(), strange["cursor"]))["service_request_ids"] == [found]


async def test_what_the_inbox_no_longer_shows_is_not_counted(city: City) -> None:
    """A badge that nothing can clear tells nothing."""
    found = await city.report()
    values = {"subject": RESIDENT, "service_request_id": found, "kind": "note", "description": ""}
    lines = [
        {**values, "notice_id": f"{n:032x}", "created": city.clock() + timedelta(seconds=n)}
        for n in range(MOST + 5)
    ]
    city.database.run_here(lambda db: db.execute(insert(notices), lines))
    assert (await ask(city, as_resident()))["unread"] == MOST
    ids = [line["notice_id"] for line in await city.inbox()]
    sent = {"notice_ids": ids}
    await city.client.post("/reports/inbox/read", headers=as_resident(), json=sent)
    assert (await ask(city, as_resident()))["unread"] == 0
