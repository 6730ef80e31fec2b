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

from app import __version__
from app.background import work
from app.checking import GateChecker
from app.config import DEFAULT_FILE, Config, load
from app.device import DesktopDevice, PhoneDevice, WebDevice
from app.dressing import adopt, dress
from app.lock import Guard
from app.opening import (
    desktop_secrets,
    device_lock,
    device_opening,
    phone_biometrics,
    phone_secrets,
    web_opening,
)
from app.presence import Opening
from app.recording import Product, begin
from app.routing import templates
from app.shell import App
from app.signals import listen, watch
from app.staged import Staged
from app.state import Persona, Revisions, Session
from services import Services, connect
from services.boundaries import BoundarySource
from services.client import open_http
from services.clock import ServerClock
from services.geocoder import Turnstile
from services.identity import Identity, ProviderSettings
from services.lock import Lock
from services.reach import Reach
from services.tokens import TokenStore
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
    config: Config, vault_key: bytes | None, public_url: str, city: Any | None = None
) -> Process:
    """Open the vault, locked without a key, and the one HTTP client; an embedded city is reached without a socket."""
    folder = data_folder()
    gateway = f"{public_url}/api" if config.gateway == "embedded" else config.gateway
    issuer = f"{public_url}/identity" if config.issuer == "embedded" else config.issuer
    http = (
        open_http()
        if city is None
        else open_http(httpx.ASGITransport(city, client=("in-process", 0)))
    )
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


def services_of(
    process: Process,
    identity: Identity,
    *,
    keep_health_copies: bool,
    lock: Lock | None = None,
    http: httpx.AsyncClient | None = None,
    user_agent: str = "",
) -> Services:
    """The services of one session; `lock` is the device's, where it has one, `http` its own way to the gateway."""
    return connect(
        gateway_url=process.gateway_url,
        http=http or process.http,
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
        lock=lock,
        user_agent=user_agent,
    )


def user_agent_of(page: ft.Page, kind: str) -> str:
    """What the gateway is told of this device: its kind and its platform, nothing more."""
    platform = page.platform.value if page.platform else "unknown"
    return f"iHaNoi/{__version__} ({kind}; {platform})"


def web_main(process: Process, staged: Staged = Staged()) -> Callable[[ft.Page], Awaitable[None]]:
    """What starts each browser tab of the web host."""

    async def main(page: ft.Page) -> None:
        from app.web import sessions
        from app.web.asking import asking_for

        web = sessions.current()
        assert web is not None, "the web host lets no socket in without a session"
        http = asking_for(process.http, page.client_ip or "", process.gateway_url)
        services = services_of(
            process,
            web.identity,
            keep_health_copies=False,
            http=http,
            user_agent=user_agent_of(page, "browser"),
        )
        await web.identity.resume()
        preferences = await web.preferences.load()
        opening = await web_opening(services, web.presence, preferences)
        device = WebDevice(
            page, web.preferences.save, web, web.identity, process.public_url, staged
        )
        start(page, services, device, preferences, process.config, opening)

    return main


async def main(page: ft.Page) -> None:
    """What Flet starts on a phone or in the desktop window."""
    phone = page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    process = make_process(load(), None, os.environ.get("IHANOI_PUBLIC_URL", ""))
    tokens, place = phone_secrets() if phone else desktop_secrets(process.vault)
    recognised = phone_biometrics() if phone else None
    lock = device_lock(process.data_folder, process.vault, place, process.clock, recognised)
    identity = process.identity_for(tokens)
    label = user_agent_of(page, "phone" if phone else "computer")
    services = services_of(process, identity, keep_health_copies=True, lock=lock, user_agent=label)
    opening = await device_opening(services, tokens)
    path = process.data_folder / "preferences.json"

    async def save(preferences: Preferences) -> None:
        await asyncio.to_thread(path.write_text, json.dumps(preferences), "utf-8")

    device = (PhoneDevice if phone else DesktopDevice)(page, save, identity)
    start(page, services, device, _read(path), process.config, opening)


def start(
    page: ft.Page,
    services: Services,
    device: Any,
    preferences: Preferences,
    config: Config,
    opening: Opening | None = None,
    persona: Persona | None = None,
) -> Session:
    """Draw the app for one session and keep it as the resident set it; `persona` is who plays them, if somebody does."""
    session = Session(
        config.offer, services.identity.person, width=page.width or 412, persona=persona
    )
    session.restore(preferences)
    revisions, opening = Revisions(), opening or Opening()
    guard = Guard(
        session,
        services,
        revisions,
        name=page.session.id,
        presence=opening.presence,
        on_lock=lambda: _close_dialogs(page),
        on_open=opening.on_open,
    )
    guard.begin(opening.needs, has_pin=opening.has_pin, proven=opening.proven)

    def resized(_e: Any) -> None:
        session.width = page.width or session.width

    dress(page, session)
    page.on_resize = resized
    page.on_close = lambda _e: _stop(page, guard)
    product = Product(__version__, config.profile, tuple(templates()))
    device = begin(page, services, device, session, product)
    watch(page, services, session, guard, covers=device.covers_switcher)
    if not page.web:
        page.session.store.set("signals", listen(page, services))
    page.render_views(App, session, services, device, revisions, guard)
    page.session.store.set("works", work(session, services, revisions, device, own=not page.web))
    page.run_task(adopt, session, device)
    return session


def _close_dialogs(page: ft.Page) -> None:
    """They would stand before the lock."""
    while page.pop_dialog() is not None:
        pass


def _stop(page: ft.Page, guard: Guard) -> None:
    """End what runs for a session that was closed."""
    guard.close()
    for name in ("loops", "works"):
        for task in list(page.session.store.get(name) or ()):
            task.cancel()


def _read(path: Path) -> Preferences:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}
