"""Puts the web host together: one ASGI app for the sign-in routes, the mounted apps and Flet."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from flet.app import AppCallable
from flet_web import get_package_web_dir
from flet_web.fastapi.flet_app import app_manager
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.web import patient_session
from app.web.addresses import origin_of
from app.web.binding import Binding
from app.web.cookies import SessionCookie
from app.web.guard import HostGuard, WithoutCookie
from app.web.page import Page, make_page
from app.web.routes import SignIn
from app.web.rows import Rows
from app.web.sealing import Seal, load_key
from app.web.sessions import Lifetimes, WebSessions
from app.web.static import Progress, StaticFiles, prepare
from app.web.sweeping import Sweeping, begin_clean
from services.erased import ErasedAccounts
from services.identity import Identity
from services.tokens import TokenStore

FLET_SESSION_SECONDS = 580
"""How long the state of a tab whose websocket dropped is kept; Flet looks every ten seconds, so it is
freed within ten minutes.
"""

SWEEP_SECONDS = 30.0
"""Twice in the minute within which an erased account is gone from here too."""


def create_web_app(
    main: AppCallable,
    *,
    identity_for: Callable[[TokenStore], Identity],
    data_folder: Path,
    public_url: str,
    assets_dir: Path,
    mounts: Mapping[str, ASGIApp],
    lifetimes: Lifetimes | None = None,
    clock: Callable[[], float] = time.time,
    also_connect: tuple[str, ...] = (),
    progress: Progress | None = None,
    sweep_seconds: float = SWEEP_SECONDS,
    erased: ErasedAccounts | None = None,
) -> ASGIApp:
    """Make the host's ASGI app; the first start compresses the client, which takes seconds.

    `mounts` maps a path such as `/api` to an ASGI app, whose lifespan runs with ours; `erased` knows
    the vault that the residents' rows lie in. Raises OSError when the data folder cannot be written.
    """
    patient_session.install()
    public_url = public_url.rstrip("/")
    limits = lifetimes or Lifetimes()
    rows = Rows(data_folder / "web.sqlite3")
    seal = Seal(load_key(data_folder / "keys" / "web.key"))
    sessions = WebSessions(rows, seal, identity_for, limits, clock)
    if erased is not None:
        sessions.on_signing_in.append(partial(begin_clean, sessions, erased))
    cookie = SessionCookie(public_url, limits.absolute)
    client_dir = Path(get_package_web_dir())
    static = prepare(assets_dir, client_dir, data_folder / "cache" / "web", progress=progress)
    page = make_page(assets_dir / "index.html", static, public_url, also_connect=also_connect)
    sign_in = SignIn(sessions, cookie, identity_for, public_url, static.version)
    routes: list[BaseRoute] = [
        *sign_in.routes(),
        _flet_route(main, sessions, cookie, origin_of(public_url)),
        *(Route(path, _into_folder) for path in mounts),
        *(Mount(path, WithoutCookie(app, cookie)) for path, app in mounts.items()),
        Route("/{path:path}", _files_and_page(static, page, sessions, cookie)),
    ]
    sweeping = Sweeping(sessions, erased, sweep_seconds)
    lifespan = _lifespan(sweeping, mounts)
    return HostGuard(Starlette(routes=routes, lifespan=lifespan), public_url)


async def _into_folder(request: Request) -> Response:
    """`/verify` → `/verify/`: a mount answers below its path only."""
    return RedirectResponse(request.url.replace(path=request.url.path + "/"), 307)


def _flet_route(
    main: AppCallable, sessions: WebSessions, cookie: SessionCookie, origin: str
) -> WebSocketRoute:
    async def flet_socket(scope: Scope, receive: Receive, send: Send) -> None:
        # No upload folder: picked files come over the websocket (`pick_files(with_data=True)`).
        flet_app = patient_session.PatientApp(
            loop=asyncio.get_running_loop(),
            executor=app_manager.executor,
            main=main,
            before_main=binding.record_owner,
            session_timeout_seconds=FLET_SESSION_SECONDS,
        )
        await flet_app.handle(WebSocket(scope, receive, send))

    binding = Binding(flet_socket, sessions, cookie, origin)
    return WebSocketRoute("/ws", binding)


def _files_and_page(
    static: StaticFiles, page: Page, sessions: WebSessions, cookie: SessionCookie
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        path = request.path_params["path"]
        if found := static.answer(path, request):
            return found
        if path.startswith("v/") or "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Not found.\n", 404)
        response = page.answer(request)
        if await sessions.find(cookie.read(request.scope)) is None:
            response.headers["Set-Cookie"] = cookie.write(await sessions.create())
        return response

    return answer


def _lifespan(
    sweeping: Sweeping, mounts: Mapping[str, ASGIApp]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for mounted in mounts.values():
                if isinstance(mounted, Starlette):
                    await stack.enter_async_context(mounted.router.lifespan_context(mounted))
            await app_manager.start()
            task = asyncio.create_task(sweeping.work())
            yield
            task.cancel()
            await app_manager.shutdown()
            sweeping.sessions.rows.close()

    return lifespan
