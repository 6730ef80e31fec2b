"""What is read most of reports, as requests over the gateway; and the statements they make."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event

from gateway.database import Database
from gateway.settings import Settings
from tests.bench.city_of_reports import HOT_WARD, NOW, PLACE
from tests.gateway.conftest import PUBLIC_URL, connect, equipped, make_app
from tests.gateway.service_requests.handling.city import as_officer, as_resident

WARD_OFFICER, CITY_OFFICER = "bench-ward-officer", "bench-city-officer"
_OFFICERS = {WARD_OFFICER: f"ward-{HOT_WARD}", CITY_OFFICER: "city-desk"}
_HERE = "lat={}&long={}".format(*PLACE)


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that is read: its name, its path under /api and who reads it.

    `{own}` in the path is an id of the resident's, `{queued}` one of the ward officer's queue,
    `{cursor}` that of the long poll 200 changes ago. What is `hot` is read each time a screen
    opens.
    """

    name: str
    path: str
    headers: Callable[[], dict[str, str]] = field(default=dict, repr=False)
    hot: bool = True


def _ward_officer() -> dict[str, str]:
    return as_officer(WARD_OFFICER)


def _city_officer() -> dict[str, str]:
    return as_officer(CITY_OFFICER)


_LIST = "/open311/v2/requests.json"
READS = (
    Read("public list", f"{_LIST}?page_size=100"),
    Read("public list, 1000 of it", _LIST),
    Read("public list, open ones", f"{_LIST}?status=open&page_size=50"),
    Read("public list, closed ones", f"{_LIST}?status=closed&page_size=100"),
    Read("public list of one service", f"{_LIST}?service_code=waste&page_size=50"),
    Read("public list of three services", f"{_LIST}?service_code=waste,tree,pothole&page_size=50"),
    Read(
        "public list of a day a year ago",
        f"{_LIST}?start_date=2025-10-01T00:00:00Z&end_date=2025-12-29T00:00:00Z&page_size=100",
    ),
    Read("public detail", "/open311/v2/requests/{own}.json"),
    Read("detail", "/reports/{own}", as_resident),
    Read("timeline", "/reports/{own}/updates", as_resident),
    Read("mine", "/reports/mine", as_resident),
    Read("followed", "/reports/followed", as_resident),
    Read("nearby", f"/reports/nearby?{_HERE}"),
    Read("nearby, 5 km", f"/reports/nearby?{_HERE}&radius=5000"),
    Read(
        "nearby, open ones of one service",
        f"/reports/nearby?{_HERE}&radius=100&service_code=pothole&status=open",
    ),
    Read("similar", f"/reports/similar?service_code=pothole&{_HERE}"),
    Read("changes", "/reports/changes?since={cursor}", as_resident),
    Read("changes of the last week", "/reports/changes?since=1", as_resident),
    Read("changes of a ward's desk", "/reports/changes?since={cursor}", _ward_officer),
    Read("inbox", "/reports/inbox", as_resident),
    Read("queue of a ward", "/desk/queue?limit=20", _ward_officer),
    Read("queue of a ward, newest first", "/desk/queue?limit=20&sort=newest", _ward_officer),
    Read("queue of a ward, closed ones", "/desk/queue?limit=20&status=closed", _ward_officer),
    Read("queue of the city", "/desk/queue", _city_officer),
    Read("queue of the city, newest first", "/desk/queue?sort=newest", _city_officer),
    Read("queue of the city, oldest first", "/desk/queue?sort=oldest", _city_officer),
    Read(
        "queue of a ward, closed ones, newest first",
        "/desk/queue?limit=20&status=closed&sort=newest",
        _ward_officer,
    ),
    Read("queue of the city, late ones", "/desk/queue?overdue=true", _city_officer),
    Read("an officer's detail", "/desk/{queued}", _ward_officer, hot=False),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement as it was sent, with its parameters."""

    sql: str
    parameters: Any = field(repr=False)


def settings_of(folder: Path, url: str) -> Settings:
    """A city without sample records whose clock stands still; two officers are on its list."""
    registers = folder / "registers"
    registers.mkdir(parents=True, exist_ok=True)
    listed = [
        {"subject": subject, "name": subject, "agency_code": code}
        for subject, code in _OFFICERS.items()
    ]
    (registers / "officers.json").write_text(json.dumps({"officers": listed}), encoding="utf-8")
    return Settings(
        data_folder=folder,
        database_url=url,
        public_url=PUBLIC_URL,
        sandbox=False,
        clock=lambda: NOW,
    )


@dataclass(frozen=True)
class Reading:
    """The running gateway over a filled database."""

    client: httpx.AsyncClient
    database: Database
    ids: dict[str, str]

    async def get(self, read: Read, **headers: str) -> httpx.Response:
        """What is read. Raises AssertionError for anything but 200 and 304."""
        path = read.path.format(**self.ids)
        answer = await self.client.get(path, headers=read.headers() | headers)
        assert answer.status_code in {200, 304}, f"{read.name}: {answer.status_code} {answer.text}"
        return answer


@asynccontextmanager
async def reading(settings: Settings, *, beside: bool = False) -> AsyncIterator[Reading]:
    """The gateway over the settings' database; `beside` another one, which it must not share."""
    database = Database(settings.database_url)
    app = make_app(settings, database) if beside else equipped(settings, database)
    async with connect(app) as client:
        found = Reading(client, database, {})
        mine = await client.get("/reports/mine", headers=as_resident())
        queue = await client.get("/desk/queue?limit=1", headers=_ward_officer())
        last = await client.get("/reports/changes", headers=as_resident())
        found.ids.update(
            own=mine.json()[0]["service_request_id"],
            queued=queue.json()[0]["service_request_id"],
            cursor=str(max(0, int(last.json()["cursor"]) - 200)),
        )
        yield found


@contextmanager
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """The statements sent while the block runs that read rows, without those of the worker."""
    found: list[Statement] = []

    def note(
        connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool
    ) -> None:
        # A sign-in's standing is read at its first call, and then once in a while.
        of_others = any(f"FROM {table}" in sql for table in ("jobs", "sessions", "privacy_erased"))
        if sql.startswith(("SELECT", "(SELECT")) and not of_others:
            found.append(Statement(sql, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the database's own plan; those of one `group` belong together on SQLite."""

    detail: str
    group: int = 0


def plan_of(database: Database, statement: Statement) -> list[Step]:
    """How the database would answer the statement. PostgreSQL is kept from reading small tables
    whole, which it rightly does, so that it shows whether there is an index to read instead.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    words = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    with database.transaction(write=False) as connection:
        if not is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(f"{words} {statement.sql}", statement.parameters).all()
    return [Step(row[3], row[1]) if is_sqlite else Step(row[0]) for row in rows]
