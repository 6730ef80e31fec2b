"""The whole product in one process: city, services and app, over a database in a folder of its own."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import flet as ft
import httpx
import pytest
from fastapi import FastAPI

from app.config import Config
from app.entry import Process, make_process, services_of, start
from app.opening import device_opening
from app.serve import make_city
from gateway.asgi import create_app, equip
from gateway.database import Database
from gateway.settings import Settings
from services import Services
from services.client import GatewayClient
from services.diagnostics import Recorder
from services.lock import Lock
from services.vault import Vault
from tests.support.consents import forget_every_consent
from tests.support.device import DeviceTwin, MemoryTokenStore
from tests.support.once import PUBLIC_URL
from tests.support.phone import Phone

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The browser leads nowhere but into the city: no list of whom to trust is read for it."""


class Home:
    """A city, and residents who open the app on phones of their own."""

    def __init__(self, process: Process, browser: httpx.AsyncClient) -> None:
        self.process = process
        self._browser = browser
        self._phones: list[Phone] = []
        self.recorders: list[Recorder] = []
        """Of every session that was begun, the newest last."""
        self.services: dict[Phone, Services] = {}

    async def phone_of(
        self,
        who: str,
        route: str = "/",
        tokens: MemoryTokenStore | None = None,
        lock: Lock | None = None,
        **preferences: str | float,
    ) -> tuple[Phone, DeviceTwin]:
        """A phone with the app opened at an address; its holder has not signed in.

        `lock` is the device's; without one a PIN locks the screen only, as on the web.
        """
        store = tokens or MemoryTokenStore()
        identity = self.process.identity_for(store)
        services: Services = services_of(self.process, identity, keep_health_copies=True, lock=lock)
        opening = await device_opening(services, store)
        self.recorders.append(services.recorder)
        device = DeviceTwin(identity, self._browser, who)
        device.preferences = preferences
        phone = Phone()
        self._phones.append(phone)
        self.services[phone] = services
        config = self.process.config

        def main(page: ft.Page) -> None:
            start(page, services, device, device.preferences, config, opening)

        await phone.open(main, route)
        return phone, device

    def ask_everybody(self) -> None:
        """As if nobody had been asked for a consent yet."""
        database = Database(Settings(self.process.data_folder).database_url)
        database.run_here(forget_every_consent)
        database.close()

    def another_vault(self) -> Home:
        """The same city seen from a device with an empty vault of its own."""
        path = self.process.data_folder / f"vault-{len(self._phones)}.sqlite3"
        process = replace(self.process, vault=Vault(path, os.urandom(32)))
        other = Home(process, self._browser)
        other._phones, other.recorders = self._phones, self.recorders
        return other

    async def signed_in(self, who: str, route: str = "/") -> tuple[Phone, DeviceTwin]:
        """The same, signed in."""
        phone, device = await self.phone_of(who, route)
        await phone.tap("Đăng nhập bằng VNeID")
        await phone.sees_no("Đăng nhập bằng VNeID")
        return phone, device

    async def close(self) -> None:
        """Close every phone."""
        for phone in self._phones:
            await phone.close()


@pytest.fixture(scope="session")
def prepared(started_city: Path) -> Path:
    """A city's folder after its first start."""
    return started_city


@cache
def kept_app() -> FastAPI:
    """The gateway all journeys share: building its routes takes longer than a tap."""
    return create_app(Settings(Path("/nonexistent"), public_url=PUBLIC_URL))


def equipped(
    settings: Settings, *, database: Database, issuer_transport: httpx.AsyncBaseTransport
) -> FastAPI:
    """The shared gateway over a city of its own."""
    equip(kept_app(), settings, database, issuer_transport)
    return kept_app()


@pytest.fixture
async def home(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Home]:
    """An embedded city in a folder of its own."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("gateway.asgi.create_app", equipped)
    # A line that is cut is tried three times: nobody has to wait in between.
    assert GatewayClient.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(GatewayClient.__init__.__kwdefaults__, "backoff", lambda _attempt: 0.001)
    async with living(tmp_path) as home:
        yield home


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[Home]:
    """An embedded city in a folder, which IHANOI_DATA names."""
    assert os.environ["IHANOI_DATA"] == str(folder)
    city = make_city(PUBLIC_URL)
    config = Config("embedded", "embedded", "embedded", "ihanoi-app", SCOPES, sandbox=True)
    process = make_process(config, os.urandom(32), PUBLIC_URL, city)
    browser = httpx.AsyncClient(mounts={PUBLIC_URL: httpx.ASGITransport(city)}, verify=NOBODY)
    async with city.router.lifespan_context(city), process.http, browser:
        home = Home(process, browser)
        yield home
        await home.close()
    process.vault.close()


SCOPES = (
    "openid",
    "profile",
    "offline_access",
    "reports",
    "health",
    "certificates",
    "cards",
    "desk",
    "support",
)
