"""The web host over the real sign-in client and the real sandbox provider, in one process."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import parse_qsl

import flet as ft
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from app.web import sessions
from app.web.host import create_web_app
from app.web.sessions import Lifetimes
from gateway import identity
from gateway.database import Database
from gateway.settings import Settings
from services.clock import ServerClock
from services.identity import Identity
from services.provider import ProviderSettings
from services.tokens import TokenStore

from .visitor import PUBLIC_URL, Visitor, running

ROOT = Path(__file__).parent.parent.parent
StartHost = Callable[..., Awaitable[ASGIApp]]


class Clock:
    """The host's clock, which a test moves on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Wire(httpx.AsyncBaseTransport):
    """The way from the host to the provider; `cut` makes it go nowhere. `pushed` is the last
    authorization request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app)
        self.cut = False
        self.pushed: dict[str, str] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, or fail as a network does."""
        if self.cut:
            raise httpx.ConnectError("no route to the provider")
        if request.url.path.endswith("/par"):
            self.pushed = dict(parse_qsl((await request.aread()).decode()))
        return await self._inner.handle_async_request(request)


async def show_who(page: ft.Page) -> None:
    """A small app: says who is signed in, tells it again from a handler, saves, leaves, crashes."""
    web = sessions.current()
    assert web is not None

    def here() -> sessions.WebSession:
        found = sessions.current()
        assert found is not None
        return found

    times = itertools.count(1)

    async def tell(e: ft.Event[ft.Button]) -> None:
        page.add(ft.Text(f"handler of {here().subject}, {next(times)}"))

    async def prefer(e: ft.Event[ft.Button]) -> None:
        await here().preferences.save({"language": "en"})
        page.add(ft.Text("saved"))

    async def leave(e: ft.Event[ft.Button]) -> None:
        await here().end()

    async def crash(e: ft.Event[ft.Button]) -> None:
        raise RuntimeError("a detail of our code")

    page.add(
        ft.Text(f"subject {web.subject}"),
        ft.Text(f"language {(await web.preferences.load()).get('language')}"),
        ft.Button("tell", on_click=tell),
        ft.Button("prefer", on_click=prefer),
        ft.Button("leave", on_click=leave),
        ft.Button("crash", on_click=crash),
    )


@pytest.fixture
def clock() -> Clock:
    """Now, until a test moves it."""
    return Clock()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The provider's folder after its first start: tables, keys and people."""
    folder = tmp_path_factory.mktemp("provider")
    _open_provider(folder)
    return folder


@pytest.fixture
def provider(prepared: Path, tmp_path: Path) -> ASGIApp:
    """The sandbox identity provider."""
    return _open_provider(Path(shutil.copytree(prepared, tmp_path / "provider")))


def _open_provider(folder: Path) -> ASGIApp:
    settings = Settings(data_folder=folder, public_url=PUBLIC_URL)
    database = Database(settings.database_url)
    database.migrate()
    return identity.create_app(settings, database)


@pytest.fixture
def wire(provider: ASGIApp) -> Wire:
    """The host's own way to the provider."""
    return Wire(Starlette(routes=[Mount("/identity", provider)]))


@pytest.fixture
def client_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client of a few files, so that a host starts at once."""
    folder = tmp_path / "client"
    (folder / "canvaskit").mkdir(parents=True)
    (folder / "main.dart.wasm").write_bytes(b"\0asm" + b"same again " * 400)
    (folder / "flutter_bootstrap.js").write_text("start();" * 200)
    (folder / "canvaskit" / "skwasm.js.symbols").write_text("names")
    monkeypatch.setenv("FLET_WEB_PATH", str(folder))
    return folder


@pytest.fixture
def assets_dir(tmp_path: Path) -> Path:
    """The real page among a few assets, and one file that nobody may ask for."""
    folder = tmp_path / "assets"
    (folder / "icons").mkdir(parents=True)
    for name in ("index.html", "manifest.json", "icons/mark.svg", "icons/icon-192.png"):
        (folder / name).write_bytes((ROOT / "assets" / name).read_bytes())
    (folder / ".env").write_text("SECRET=1")
    return folder


@pytest.fixture
async def start_host(
    tmp_path: Path,
    provider: ASGIApp,
    wire: Wire,
    clock: Clock,
    client_dir: Path,
    assets_dir: Path,
) -> AsyncIterator[StartHost]:
    """Starts a host on the data folder; a second start is a restarted server."""

    def identity_for(tokens: TokenStore) -> Identity:
        settings = ProviderSettings(
            f"{PUBLIC_URL}/identity", "ihanoi-app", ("openid", "profile", "offline_access")
        )
        return Identity(settings, httpx.AsyncClient(transport=wire), tokens, ServerClock())

    async def tell_cookie(request: Request) -> JSONResponse:
        return JSONResponse({"cookie": request.headers.get("cookie")})

    async with AsyncExitStack() as stack:

        async def start(**changed: object) -> ASGIApp:
            api = Starlette(routes=[Route("/cookie", tell_cookie)])
            options: dict[str, object] = {
                "identity_for": identity_for,
                "data_folder": tmp_path / "data",
                "public_url": PUBLIC_URL,
                "assets_dir": assets_dir,
                "mounts": {"/api": api, "/identity": provider},
                "lifetimes": Lifetimes(),
                "clock": clock,
                "sweep_seconds": 0.05,
            }
            host = create_web_app(show_who, **(options | changed))  # type: ignore[arg-type]
            await stack.enter_async_context(running(host))
            return host

        yield start


@pytest.fixture
async def host(start_host: StartHost) -> ASGIApp:
    """A running host."""
    return await start_host()


@pytest.fixture
def visitor(host: ASGIApp) -> Visitor:
    """A browser that has not been here before."""
    return Visitor(host)


@pytest.fixture
def another(host: ASGIApp) -> Visitor:
    """A second browser, somebody else's."""
    return Visitor(host)
