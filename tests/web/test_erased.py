"""An account that is erased on a phone is gone from the web host too, within its next sweep."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from app.config import load
from app.entry import Process, make_process, services_of
from app.serve import make_city
from app.web.rows import Rows
from app.web.sealing import Seal, load_key
from gateway.privacy.inventory.beside import BESIDE
from services import Services
from services.client import GatewayClient, open_http
from services.clock import ServerClock
from services.erased import KEPT_UNUSED, ErasedAccounts
from services.privacy import EXPORTED, GUARDS, RECORDED, TIED, UNSENT
from services.tokens import Tokens
from services.vault import Vault
from tests.support.device import DeviceTwin, MemoryTokenStore

from .conftest import StartHost
from .visitor import PUBLIC_URL, Visitor

ANH, HUY = "nguyen-minh-anh", "tran-gia-huy"
LOOKED_AT = ("web_sessions", "sign_ins", "entries", "vault sign_ins")
TABLES = sorted({*UNSENT, *TIED, *RECORDED, *GUARDS, *EXPORTED, "saved"})
"""Of the resident's vault: every kind that the services know, and whatever else there is."""
WEB, VAULT = "web.sqlite3", "vault.sqlite3"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A whole installation: its folder, what the web host shares, the host itself."""

    folder: Path
    process: Process
    host: ASGIApp
    erased: ErasedAccounts

    async def phone_of(self, who: str) -> Services:
        """The services of a phone on which that resident is signed in."""
        browser = httpx.AsyncClient(transport=httpx.ASGITransport(self.host), base_url=PUBLIC_URL)
        http = open_http(httpx.ASGITransport(self.host))
        vault = Vault(self.folder / f"phone-{os.urandom(4).hex()}.sqlite3", os.urandom(32))
        own = replace(self.process, http=http, vault=vault)
        identity = own.identity_for(MemoryTokenStore())
        await DeviceTwin(identity, browser, who).sign_in("/")
        return services_of(own, identity, keep_health_copies=True)

    def tokens_here(self) -> dict[bytes, Tokens]:
        """The tokens that lie sealed in the web sessions' rows."""
        seal, rows = Seal(load_key(self.folder / "keys" / "web.key")), Rows(self.folder / WEB)
        held = {
            row.id: seal.open(row.tokens or b"", f"web_sessions/{row.id.hex()}") or ""
            for row in rows.signed_in()
        }
        rows.close()
        return {id_: Tokens.from_json(text) for id_, text in held.items()}

    async def use(self, visitor: Visitor) -> None:
        """What a tab does first: a call, by which the gateway learns of the sign-in."""
        id_ = hashlib.sha256((visitor.cookie or "").encode()).digest()
        store = MemoryTokenStore()
        await store.save(self.tokens_here()[id_])
        identity = self.process.identity_for(store)
        await identity.resume()
        await services_of(self.process, identity, keep_health_copies=False).sessions.list()

    def rows_of(self, subject: str) -> dict[str, int]:
        """How many rows each table of the host holds of a resident."""
        owner = self.process.vault.for_subject(subject).owner
        mine = {id_ for id_, held in self.tokens_here().items() if held.claims["sub"] == subject}
        with sqlite3.connect(self.folder / WEB) as db:
            under_way = [id_ for (id_,) in db.execute("SELECT session_id FROM sign_ins")]
        counts = {"web_sessions": len(mine), "sign_ins": sum(id_ in mine for id_ in under_way)}
        with sqlite3.connect(self.folder / VAULT) as db:
            for table, name in (("entries", "entries"), ("sign_ins", "vault sign_ins")):
                statement = f"SELECT COUNT(*) FROM {table} WHERE owner = ?"
                counts[name] = db.execute(statement, (owner,)).fetchone()[0]
        assert tuple(counts) == LOOKED_AT
        return counts


@pytest.fixture
async def start_place(
    tmp_path: Path, start_host: StartHost, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[float], Awaitable[Place]]]:
    """Starts the gateway, the provider and the web host, as one server runs them."""
    folder = tmp_path / "data"
    monkeypatch.setenv("IHANOI_DATA", str(folder))
    started: list[Process] = []

    async def start(sweep_seconds: float) -> Place:
        city = make_city(PUBLIC_URL)
        process = make_process(load(), load_key(folder / "keys" / "vault.key"), PUBLIC_URL, city)
        started.append(process)
        erased = ErasedAccounts(
            GatewayClient(process.gateway_url, process.http, process.clock),
            process.vault,
            process.clock,
        )
        host = await start_host(
            identity_for=process.identity_for,
            mounts={route.path: route.app for route in city.routes},
            erased=erased,
            sweep_seconds=sweep_seconds,
        )
        return Place(folder, process, host, erased)

    yield start
    for process in started:
        process.vault.close()


StartPlace = Callable[[float], Awaitable[Place]]


async def at_home(place: Place, who: str, subject: str) -> Visitor:
    """A browser of that resident, with another sign-in begun and something in every table."""
    visitor = Visitor(place.host)
    await visitor.open()
    await visitor.sign_in(who)
    await place.use(visitor)
    await visitor.http.get("/sign-in", params={"next": "/"})
    await fill(place, subject)
    return visitor


async def fill(place: Place, subject: str) -> None:
    """Something in every table of the resident's vault."""
    mine = place.process.vault.for_subject(subject)
    await mine.change([(table, "one", {"table": table}) for table in TABLES])


async def until_gone(place: Place, subject: str) -> None:
    """Wait for the host's own sweep; patience is the whole minute that is promised."""
    async with asyncio.timeout(60):
        while any(place.rows_of(subject).values()):
            await asyncio.sleep(0.05)


async def test_nothing_is_left_in_any_table_of_the_web_host(start_place: StartPlace) -> None:
    """Drafts and sign-ins of other browsers would stay there for weeks."""
    place = await start_place(0.05)
    phone, theirs = await place.phone_of(ANH), await place.phone_of(HUY)
    anh, huy = phone.identity.subject(), theirs.identity.subject()
    assert anh is not None
    assert huy is not None
    browsers = [await at_home(place, ANH, anh) for _ in range(3)]
    another = await at_home(place, HUY, huy)
    before = place.rows_of(huy)
    filled = {"web_sessions": 3, "sign_ins": 3, "entries": len(TABLES), "vault sign_ins": 3}
    assert place.rows_of(anh) == filled
    await phone.privacy.erase()
    await until_gone(place, anh)
    assert place.rows_of(huy) == before
    for visitor in browsers:
        assert (await visitor.http.get("/connection")).status_code == 401
    assert (await another.http.get("/connection")).status_code == 200


async def test_what_comes_after_the_erasure_stays(start_place: StartPlace) -> None:
    """Who begins anew before the host has asked must not lose the new draft with the old ones."""
    place = await start_place(3600.0)
    phone = await place.phone_of(ANH)
    anh = phone.identity.subject()
    assert anh
    old = await at_home(place, ANH, anh)
    await phone.privacy.erase()
    fresh = Visitor(place.host)
    await fresh.open()
    await fresh.sign_in(ANH)
    rows = place.rows_of(anh)
    assert (rows["entries"], rows["web_sessions"], rows["vault sign_ins"]) == (0, 1, 1)
    assert (await old.http.get("/connection")).status_code == 401
    await fill(place, anh)
    assert await place.erased.ask(await place.erased.known()) == frozenset()
    assert place.rows_of(anh)["entries"] == len(TABLES)


async def test_rows_of_who_comes_no_more_go_after_eighty_days(start_place: StartPlace) -> None:
    """The gateway forgets an ended sign-in after ninety days: what stayed longer could not be asked about."""
    place = await start_place(3600.0)
    phone = await place.phone_of(ANH)
    anh = phone.identity.subject()
    assert anh
    await at_home(place, ANH, anh)
    for moved, stays in ((KEPT_UNUSED - MINUTE, True), (KEPT_UNUSED + MINUTE, False)):
        now = time.time() + moved.total_seconds()
        later = ServerClock(device_time=partial(float, now))
        await ErasedAccounts(place.erased._gateway, place.process.vault, later).drop_unused()
        assert bool(place.rows_of(anh)["entries"]) is stays


def test_every_table_of_the_host_is_in_the_inventory_and_looked_at(tmp_path: Path) -> None:
    """A table that is added tomorrow has to say how its rows leave, and this file has to look."""
    Rows(tmp_path / WEB).close()
    Vault(tmp_path / VAULT, bytes(32)).close()
    named = {one.name for one in BESIDE if ".sqlite3" in one.name}
    found = set()
    for file in (WEB, VAULT):
        with sqlite3.connect(tmp_path / file) as db:
            tables = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            found |= {f"{file}: {name}" for (name,) in tables}
    assert found == named
    assert len(found) == len(LOOKED_AT)
