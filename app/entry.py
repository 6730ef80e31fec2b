"""Puts everything together: profile → services → shell. The only place that knows all the rooms."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flet as ft
import httpx
import platformdirs

from app.background import work
from app.checking import GateChecker
from app.config import DEFAULT_FILE, Config, load
from app.device import DesktopDevice, PhoneDevice, PrepareReplay, WebDevice
from app.dressing import dress
from app.phone_store import PhoneTokenStore, vault_key
from app.shell import App
from app.signals import listen
from app.state import Revisions, Session
from services import Services, connect
from services.boundaries import BoundarySource
from services.client import open_http
from services.clock import ServerClock
from services.geocoder import Turnstile
from services.identity import Identity, ProviderSettings
from services.keychain import Keychain
from services.offline import recall_time
from services.reach import Reach
from services.tokens import KeyringTokenStore, TokenStore
from services.vault import Vault

ASSETS = Path(__file__).parent.parent / "assets"

Preferences = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Process:
    """What every session of this process shares: nothing of a resident is in it."""

    config: Config
    data_folder: Path
    public_url: str
    gateway_url: str
    provider: ProviderSettings
    http: httpx.AsyncClient
    vault: Vault
    clock: ServerClock
    reach: Reach
    outside: httpx.AsyncClient
    boundaries: BoundarySource | None
    turnstile: Turnstile

    def identity_for(self, tokens: TokenStore) -> Identity:
        """The identity of one session over its own store of tokens."""
        return Identity(self.provider, self.http, tokens, self.clock)


def data_folder() -> Path:
    """IHANOI_DATA, or the platform's folder for the data of an app."""
    return Path(os.environ.get("IHANOI_DATA") or platformdirs.user_data_dir("ihanoi"))


def make_process(
    config: Config, vault_key: bytes, public_url: str, city: Any | None = None
) -> Process:
    """Open the vault and the one HTTP client; an embedded city is reached without a socket."""
    folder = data_folder()
    gateway = f"{public_url}/api" if config.gateway == "embedded" else config.gateway
    issuer = f"{public_url}/identity" if config.issuer == "embedded" else config.issuer
    http = open_http() if city is None else open_http(httpx.ASGITransport(city))
    outside, clock = http if city is None else open_http(), ServerClock()
    return Process(
        config,
        folder,
        public_url,
        gateway,
        ProviderSettings(issuer, config.client_id, config.scopes),
        http,
        Vault(folder / "vault.sqlite3", vault_key),
        clock,
        Reach(),
        outside,
        _boundaries(config.boundaries, folder, outside, clock),
        Turnstile(clock),
    )


def _boundaries(
    where: str, folder: Path, http: httpx.AsyncClient, clock: ServerClock
) -> BoundarySource | None:
    """The file the profile names; a path is meant beside flet.toml."""
    if not where:
        return None
    if "://" not in where:
        where = str(DEFAULT_FILE.parent / where)
    return BoundarySource(where, http, clock, folder / "boundaries.json")


def services_of(process: Process, identity: Identity, *, keep_health_copies: bool) -> Services:
    """The services of one session."""
    return connect(
        gateway_url=process.gateway_url,
        http=process.http,
        identity=identity,
        vault=process.vault,
        clock=process.clock,
        assets=ASSETS,
        keep_health_copies=keep_health_copies,
        city=process.config.georeport,
        reach=process.reach,
        boundaries=process.boundaries,
        outside=process.outside,
        geocoder=process.config.geocoder,
        turnstile=process.turnstile,
        checker=GateChecker(),
        emergency=process.data_folder / "emergency-card.json" if keep_health_copies else None,
        fhir=process.config.fhir,
    )


def web_main(
    process: Process, prepare_replay: PrepareReplay | None = None
) -> Callable[[ft.Page], Awaitable[None]]:
    """What starts each browser tab of the web host."""

    async def main(page: ft.Page) -> None:
        from app.web import sessions

        web = sessions.current()
        assert web is not None, "the web host lets no socket in without a session"
        services = services_of(process, web.identity, keep_health_copies=False)
        await web.identity.resume()
        device = WebDevice(
            page, web.preferences.save, web, web.identity, process.public_url, prepare_replay
        )
        start(page, services, device, await web.preferences.load(), process.config)

    return main


async def main(page: ft.Page) -> None:
    """What Flet starts on a phone or in the desktop window."""
    phone = page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    tokens, key = await _phone_secrets() if phone else await _desktop_secrets()
    process = make_process(load(), key, os.environ.get("IHANOI_PUBLIC_URL", ""))
    identity = process.identity_for(tokens)
    services = services_of(process, identity, keep_health_copies=True)
    await identity.resume()
    await recall_time(process.clock, services.everyone)
    path = process.data_folder / "preferences.json"

    async def save(preferences: Preferences) -> None:
        await asyncio.to_thread(path.write_text, json.dumps(preferences), "utf-8")

    device = (PhoneDevice if phone else DesktopDevice)(page, save, identity)
    start(page, services, device, _read(path), process.config)


async def _desktop_secrets() -> tuple[TokenStore, bytes]:
    keychain = Keychain()
    return KeyringTokenStore(keychain), await keychain.vault_key()


async def _phone_secrets() -> tuple[TokenStore, bytes]:
    from flet_secure_storage import SecureStorage

    store = SecureStorage()
    return PhoneTokenStore(store), await vault_key(store)


def start(
    page: ft.Page, services: Services, device: Any, preferences: Preferences, config: Config
) -> None:
    """Draw the app for one session and keep it as the resident set it."""
    session = Session(config.offer, services.identity.person, width=page.width or 412)
    session.platform_dark = page.platform_brightness == ft.Brightness.DARK
    session.restore(preferences)

    def resized(_e: Any) -> None:
        session.width = page.width or session.width

    def closed(_e: Any) -> None:
        for name in ("loops", "works"):
            for task in list(page.session.store.get(name) or ()):
                task.cancel()

    dress(page, session)
    page.on_resize = resized
    page.on_close = closed
    if not page.web:
        page.session.store.set("signals", listen(page, services))
    revisions = Revisions()
    page.render_views(App, session, services, device, revisions)
    page.session.store.set("works", work(session, services, revisions, own=not page.web))


def _read(path: Path) -> Preferences:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}
