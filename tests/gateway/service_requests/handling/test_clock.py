"""What the clock does: late reports are told upwards, open questions end, uploads are cleared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gateway.database import Database
from gateway.jobs import Again, Job, Worker, jobs
from gateway.media_store import MediaStore
from gateway.photos import clean
from gateway.service_requests.clock import JOB, run_clock, stale_uploads, tick, wind
from gateway.service_requests.handling_tables import changes
from gateway.service_requests.live import Live
from gateway.service_requests.moving import Scene, attach
from gateway.service_requests.tables import media
from gateway.settings import Handling, Settings
from gateway.working_time import (
    HANOI,
    put_back,
    working_days_between,
    working_time_between,
)
from tests.gateway.conftest import RESIDENT
from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import NEIGHBOUR, City
from tests.gateway.service_requests.reports import SENT, on_postgresql, on_sqlite

pytestmark = pytest.mark.postgresql


def strike(city: City, settings: Settings) -> int:
    """Let the clock look once."""
    return city.database.run_here(lambda db: tick(db, settings))


async def test_a_late_report_is_told_to_each_level_once(city: City, settings: Settings) -> None:
    """At the deadline to the city's desk, two working days later above it; never twice."""
    found = await city.report()
    city.follow(found)
    await city.handle(found, "accept")
    await city.handle(found, "note", description="Chờ vật liệu.")
    assert strike(city, settings) == 0
    city.clock.now = datetime(2026, 10, 15, 17, 0, tzinfo=HANOI)
    assert strike(city, settings) == 0
    city.clock.wait(seconds=1)
    assert [strike(city, settings) for _ in range(3)] == [1, 0, 0]
    seen = (await city.see(found)).json()
    assert seen["extended_attributes"]["escalation"] == 1
    assert seen["extended_attributes"]["overdue"] == {"working_days": 0, "reason": "Chờ vật liệu."}
    assert seen["status_notes"] == "Chờ vật liệu."
    last = (await city.timeline(found))[-1]
    assert (last["act"], last["actor_role"]) == ("escalate", "clock")
    assert "Tổ tiếp nhận thành phố" in last["description"]
    city.clock.now = datetime(2026, 10, 19, 16, 59, tzinfo=HANOI)
    assert strike(city, settings) == 0
    city.clock.wait(minutes=1)
    assert [strike(city, settings) for _ in range(2)] == [1, 0]
    assert "Văn phòng UBND thành phố" in (await city.timeline(found))[-1]["description"]
    city.clock.wait(days=30)
    assert strike(city, settings) == 0
    for who in (RESIDENT, NEIGHBOUR):
        assert [line["kind"] for line in await city.inbox(who)].count("escalate") == 2


@on_sqlite
async def test_the_levels_are_the_citys_to_set(city: City, settings: Settings) -> None:
    """Not published, so it is configuration."""
    found = await city.report()
    hasty = replace(settings, handling=Handling(escalate_hours=(0, 0, 0)))
    city.clock.wait(days=4)
    assert strike(city, hasty) == 3
    assert city.row(found).escalation == 3
    told = Settings.from_environment(
        {"IHANOI_ESCALATE_HOURS": "0,8,40", "IHANOI_REPORTS_PER_HOUR": "7"}
    )
    assert told.handling.escalate_hours == (0, 8, 40)
    assert told.handling.reports_per_hour == 7
    with pytest.raises(ValueError, match="soon"):
        Settings.from_environment({"IHANOI_ESCALATE_HOURS": "soon"})


@on_sqlite
async def test_what_is_closed_or_waits_for_its_resident_is_not_told_upwards(
    city: City, settings: Settings
) -> None:
    """The agency is not late with those."""
    asked, refused = await city.report(), await city.report()
    await city.handle(asked, "ask")
    await city.handle(refused, "reject")
    city.clock.wait(days=6)
    assert strike(city, settings) == 0


async def test_a_question_that_nobody_answers_stops_holding_the_report(
    city: City, settings: Settings
) -> None:
    """After ten working days the agency goes on with what it has, and the deadline runs again."""
    found = await city.report()
    await city.handle(found, "ask")
    city.clock.now = datetime(2026, 10, 23, 9, 12, tzinfo=HANOI)
    assert strike(city, settings) == 0
    city.clock.now = datetime(2026, 10, 26, 9, 12, tzinfo=HANOI)
    assert [strike(city, settings) for _ in range(2)] == [1, 0]
    row = city.row(found)
    assert (row.status_code, row.question, row.paused_since) == ("in_progress", "", None)
    assert row.expected_datetime == datetime(2026, 10, 29, 17, 0, tzinfo=HANOI)
    assert (await city.timeline(found))[-1]["act"] == "resume"


def test_office_hours_between_two_moments_leave_out_nights_and_weekends() -> None:
    """A question over the weekend costs the agency nothing."""
    friday = datetime(2026, 10, 9, 16, 0, tzinfo=HANOI)
    monday = datetime(2026, 10, 12, 9, 30, tzinfo=HANOI)
    assert working_time_between(friday, monday) == timedelta(hours=2, minutes=30)
    assert working_time_between(monday, friday) == timedelta()
    lunch = datetime(2026, 10, 12, 12, 30, tzinfo=HANOI)
    assert working_time_between(monday, lunch) == timedelta(hours=2, minutes=30)
    assert working_days_between(friday.date(), monday.date()) == 1
    later = put_back(friday, timedelta(hours=2), friday)
    assert later.due == datetime(2026, 10, 12, 9, 0, tzinfo=HANOI)
    assert [day.isoformat() for day in later.working_days] == ["2026-10-12"]


@on_sqlite
async def test_uploads_that_no_report_took_are_cleared_after_two_days(
    city: City, settings: Settings, tmp_path: Path
) -> None:
    """A photo without a report belongs to nobody; one with a report stays."""
    store = MediaStore(settings.media_url)
    found = await city.report()
    left, kept, fresh = (city.upload(RESIDENT) for _ in range(3))
    for media_id in (left, kept, fresh):
        store.put(media_id, clean(picture()))
    await city.handle(found, "ask")
    await city.do(found, "answer", description="Đây.", media_ids=[kept])
    later = SENT + timedelta(hours=1)
    own = media.c.media_id == fresh
    city.database.run_here(lambda db: db.execute(media.update().where(own).values(created=later)))
    city.clock.wait(hours=48, seconds=1)
    job = Job(1, JOB, "all", 0, "lease")
    live = Live(city.database)
    again = await run_clock(job, settings=settings, database=city.database, store=store, live=live)
    assert again == Again(60.0)
    names = {file.name.split(".")[0].split("-")[0] for file in (tmp_path / "media").iterdir()}
    assert names == {kept, fresh}
    assert city.database.run_here(lambda db: stale_uploads(db, settings, store.delete)) == []


async def test_a_file_that_cannot_be_removed_now_is_removed_later(
    city: City, settings: Settings
) -> None:
    """A photo that nobody knows of any more would stay for ever."""
    left = city.upload(RESIDENT)
    city.clock.wait(hours=49)

    def fail(media_id: str) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        city.database.run_here(lambda db: stale_uploads(db, settings, fail))
    gone: list[str] = []
    city.database.run_here(lambda db: stale_uploads(db, settings, gone.append))
    assert gone == [left]


async def test_old_changes_are_forgotten(city: City, settings: Settings) -> None:
    """The list of changes is for whoever waits now; nobody waits for a week."""
    await city.report()
    city.clock.wait(days=8)
    await city.report()
    strike(city, settings)
    moments = select(changes.c.moment)
    left = city.database.run_here(lambda db: db.scalars(moments).all(), write=False)
    assert set(left) == {city.clock()}


def test_one_clock_runs_for_all_processes(database: Database) -> None:
    """Each process winds it at its start; the job is one row with one lease."""
    for _ in range(3):
        database.run_here(lambda db: wind(db, SENT))
    count = select(func.count()).select_from(jobs).where(jobs.c.kind == JOB)
    assert database.run_here(lambda db: db.scalar(count), write=False) == 1


@on_sqlite
async def test_the_running_gateway_lets_the_clock_strike(
    city: City, settings: Settings, database: Database
) -> None:
    """The job that the gateway wound is found by its worker, and comes again."""
    found = await city.report()
    city.clock.wait(days=4)

    async def handler(job: Job) -> Again | None:
        store = MediaStore(settings.media_url)
        return await run_clock(
            job, settings=settings, database=database, store=store, live=Live(database)
        )

    await Worker(database, {JOB: handler}, city.clock).run_due()
    assert city.row(found).escalation == 1
    assert database.run_here(lambda db: db.execute(select(jobs.c.kind)).all(), write=False)


@on_postgresql
async def test_a_photo_is_not_removed_while_a_report_takes_it(
    city: City, settings: Settings
) -> None:
    """On its last minute: the report has it, or the resident is told; never a report without."""
    found, photo = await city.report(), city.upload(RESIDENT)
    city.clock.wait(hours=49)
    with city.database.transaction() as connection:
        scene = Scene(connection, settings, city.clock())
        attach(scene, RESIDENT, [photo], found, None, "before")
        gone: list[str] = []
        city.database.run_here(lambda db: stale_uploads(db, settings, gone.append))
        assert gone == []
    [kept] = (await city.see(found)).json()["extended_attributes"]["media"]
    assert kept["media_id"] == photo
