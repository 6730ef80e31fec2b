"""Taking one's data along as the app does it: asked for, watched, fetched within a day."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import select

from gateway.database import Database
from gateway.jobs import Job
from gateway.media_store import MediaStore
from gateway.privacy import exports
from gateway.privacy.serving import worker_of
from gateway.privacy.tables import exports as table
from gateway.service_requests.handling_tables import notices
from gateway.settings import Settings
from tests.gateway.clocked_city import CityClock, city_settings
from tests.gateway.conftest import RESIDENT, STRANGER, TokenFor, connect, equipped, on_sqlite

ASKED = {"language": "vi"}


@pytest.fixture
def clock() -> CityClock:
    """The city's time."""
    return CityClock(datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def app(settings: Settings, database: Database) -> FastAPI:
    """The gateway of that city."""
    return equipped(settings, database)


@pytest_asyncio.fixture
async def gateway(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it."""
    async with connect(app) as client:
        yield client


@pytest.fixture
def fresh(token_for: TokenFor, clock: CityClock) -> Any:
    """Headers of a resident who has just signed in."""

    def headers(subject: str = RESIDENT, ago: int = 10) -> dict[str, str]:
        at = int(clock().timestamp()) - ago
        return {"Authorization": f"Bearer {token_for(subject, 'openid', auth_time=at)}"}

    return headers


async def made(gateway: httpx.AsyncClient, app: FastAPI, headers: dict[str, str]) -> str:
    """Ask for an export, let it be made, and return its id."""
    asked = await gateway.post("/privacy/exports", headers=headers, json=ASKED)
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    export_id = str(asked.json()["export_id"])
    for _ in range(500):  # The gateway's own worker may have taken it already.
        await worker_of(app).run_due()
        found = await gateway.get(f"/privacy/exports/{export_id}", headers=headers)
        if found.json()["state"] == "ready":
            return export_id
        await asyncio.sleep(0.01)
    raise TimeoutError


@on_sqlite
async def test_an_export_is_made_told_of_and_fetched(
    gateway: httpx.AsyncClient, app: FastAPI, database: Database, fresh: Any
) -> None:
    """The resident need not wait with the app open: the inbox says when it is there."""
    export_id = await made(gateway, app, fresh())
    [known] = (await gateway.get("/privacy/exports", headers=fresh(ago=9000))).json()
    assert (known["state"], known["done"]) == ("ready", known["total"])
    found = await gateway.get(f"/privacy/exports/{export_id}/file", headers=fresh())
    assert len(found.content) == known["size"]
    assert "index.html" in ZipFile(io.BytesIO(found.content)).namelist()
    told = select(notices.c.kind).where(notices.c.subject == RESIDENT)
    assert database.run_here(lambda db: list(db.scalars(told))) == ["export_ready"]


@on_sqlite
async def test_exports_of_two_residents_are_each_ones_own(
    gateway: httpx.AsyncClient, app: FastAPI, fresh: Any
) -> None:
    """Everything about somebody lies in one file: nobody else may even see that it is there."""
    theirs = await made(gateway, app, fresh(STRANGER))
    assert (await gateway.get("/privacy/exports", headers=fresh())).json() == []
    for path in (f"/privacy/exports/{theirs}", f"/privacy/exports/{theirs}/file"):
        assert (await gateway.get(path, headers=fresh())).status_code == 404
        assert (await gateway.get(path, headers=fresh(STRANGER))).status_code == 200


@on_sqlite
async def test_an_old_sign_in_neither_asks_nor_fetches(
    gateway: httpx.AsyncClient, app: FastAPI, fresh: Any
) -> None:
    """An open phone on a table must not give away a whole life in one file."""
    export_id = await made(gateway, app, fresh())
    old = fresh(ago=3600)
    for answer in (
        await gateway.post("/privacy/exports", headers=old, json=ASKED),
        await gateway.get(f"/privacy/exports/{export_id}/file", headers=old),
    ):
        assert answer.status_code == 401
        assert answer.json()["type"].endswith("step-up-required")


@on_sqlite
async def test_after_a_day_the_file_is_gone(
    gateway: httpx.AsyncClient, app: FastAPI, clock: CityClock, fresh: Any, settings: Settings
) -> None:
    """A link that opens for ever is found for ever."""
    export_id = await made(gateway, app, fresh())
    clock.pass_by(hours=23, minutes=59)
    assert len((await gateway.get("/privacy/exports", headers=fresh())).json()) == 1
    clock.pass_by(minutes=1)
    assert (await gateway.get("/privacy/exports", headers=fresh())).json() == []
    gone = await gateway.get(f"/privacy/exports/{export_id}/file", headers=fresh())
    assert gone.status_code == 404


@on_sqlite
async def test_asked_twice_it_is_one_export_and_too_early_it_says_so(
    gateway: httpx.AsyncClient, database: Database, fresh: Any
) -> None:
    """Impatience must not make ten files."""
    now = datetime.now(UTC)
    first, second = (
        database.run_here(lambda db: exports.ask(db, RESIDENT, "en", now)) for _ in range(2)
    )
    assert first == second
    early = await gateway.get(f"/privacy/exports/{first}/file", headers=fresh())
    assert early.status_code in {200, 409}


@on_sqlite
async def test_an_export_that_cannot_be_made_says_so_in_the_end(
    settings: Settings, database: Database
) -> None:
    """A spinner that never ends is no answer."""
    now = settings.clock()
    export_id = database.run_here(lambda db: exports.ask(db, RESIDENT, "vi", now))
    making = exports.Exporting(settings, database, None)  # type: ignore[arg-type]
    for attempt in range(exports.TRIES - 1):
        assert await making.handle(Job(1, exports.JOB, export_id, attempt, ""))
    assert await making.handle(Job(1, exports.JOB, export_id, exports.TRIES - 1, "")) is None
    row = database.run_here(lambda db: exports.get_mine(db, RESIDENT, export_id, now))
    assert row.state == "failed"


@on_sqlite
async def test_an_export_erased_while_it_was_made_leaves_no_file(
    settings: Settings, database: Database
) -> None:
    """Whoever erases everything does not want a copy of it a second later."""
    store, now = MediaStore(settings.media_url), settings.clock()
    export_id = database.run_here(lambda db: exports.ask(db, RESIDENT, "vi", now))
    making = exports.Exporting(settings, database, ErasingStore(store, database, export_id))  # type: ignore[arg-type]
    await making.handle(Job(1, exports.JOB, export_id, 0, ""))
    with pytest.raises(FileNotFoundError):
        store.read_archive(export_id)


class ErasingStore:
    """A store during whose work the resident's rows are erased."""

    def __init__(self, store: MediaStore, database: Database, export_id: str) -> None:
        self._store, self._database, self._export_id = store, database, export_id
        self.delete = store.delete

    def put_archive(self, name: str, path: Path) -> None:
        """Keep it, and let the row go meanwhile."""
        self._store.put_archive(name, path)
        this = table.c.export_id == self._export_id
        self._database.run_here(lambda db: db.execute(table.delete().where(this)))
