"""Serves the app on this machine: the web host, the embedded city, the desktop window beside them.

The only module outside the tests that knows the gateway, and it loads it when it is asked to serve.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

from app.config import Config, load
from app.entry import ASSETS, Process, data_folder, main, make_process, web_main
from app.personas.hosting import Personas
from app.replay.hosting import Replays
from app.staged import Staged
from services.client import GatewayClient
from services.erased import ErasedAccounts

CONCURRENT_SOCKETS = 4096
LARGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes: a photo travels from the browser in one message."""


def run_web(host: str, port: int) -> int:
    """Serve until interrupted; prints the address when the first request can come."""
    public_url = _public_url(host, port)
    app = make_web_app(load(), public_url, progress=_show_progress)
    server = _server(app, host, port)
    threading.Thread(target=_announce, args=(server, public_url), daemon=True).start()
    server.run()
    return 0


def run_desktop(host: str, port: int, *, refused: str) -> int:
    """Open the window; serve beside it unless something (`make app`) serves the port already."""
    import flet as ft

    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        # Flet would serve the web on every address of this machine instead.
        print("There is no screen here for a window. Use make app and a browser.", file=sys.stderr)
        return 1
    config = load()
    public_url = _public_url(host, port)
    os.environ["IHANOI_PUBLIC_URL"] = public_url
    if config.embedded and not refused:
        server = _server(make_city(public_url), host, port)
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
    try:
        ft.run(main, assets_dir=str(ASSETS))
    except OSError as error:
        raise OSError(
            0, f"its client could not be fetched or opened ({error})", "The desktop window"
        ) from error
    return 0


def make_web_app(config: Config, public_url: str, progress: Any = None) -> Any:
    """The ASGI app of everything: host, sign-in routes, embedded city."""
    from app.web.host import create_web_app
    from app.web.sealing import load_key
    from app.web.sessions import Lifetimes

    folder = data_folder()
    _check_writable(folder)
    city = make_city(public_url) if config.embedded else None
    vault_key = load_key(folder / "keys" / "vault.key")
    process = make_process(config, vault_key, public_url, city)
    replays, personas = Replays(process.clock.now), Personas(process)
    staged = Staged(replays.prepare, personas.prepare if config.sandbox else None)
    return create_web_app(
        personas.beside(replays.beside(web_main(process, staged))),
        identity_for=process.identity_for,
        data_folder=folder,
        public_url=public_url,
        assets_dir=ASSETS,
        mounts={route.path: route.app for route in city.routes} if city is not None else {},
        also_connect=tuple(filter(None, (config.tiles, config.geocoder))),
        progress=progress,
        lifetimes=Lifetimes(left=idle_seconds(config)),
        erased=_erased_accounts(process),
    )


def _erased_accounts(process: Process) -> ErasedAccounts:
    """What the web host asks for all its residents at once."""
    gateway = GatewayClient(process.gateway_url, process.http, process.clock)
    offered = process.config.georeport.extended
    return ErasedAccounts(gateway, process.vault, process.clock, offered=offered)


def idle_seconds(config: Config) -> float:
    """After how many seconds a sign-in that nobody uses ends: the profile's minutes, or
    IHANOI_IDLE_SECONDS. Raises ValueError when that is no number.
    """
    return float(os.environ.get("IHANOI_IDLE_SECONDS") or config.limits.idle_minutes * 60)


def make_city(public_url: str) -> Any:
    """The reference gateway under /api and its sandbox identity provider under /identity."""
    from gateway.asgi import create_city
    from gateway.settings import Settings

    environ = {**os.environ, "IHANOI_PUBLIC_URL": public_url, "IHANOI_DATA": str(data_folder())}
    return create_city(Settings.from_environment(environ))


def _public_url(host: str, port: int) -> str:
    return (os.environ.get("IHANOI_PUBLIC_URL") or f"http://{host}:{port}").rstrip("/")


def _server(app: Any, host: str, port: int) -> uvicorn.Server:
    from gateway import logs

    logs.install()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3,
        backlog=CONCURRENT_SOCKETS,
    )
    return uvicorn.Server(config)


def _check_writable(folder: Path) -> None:
    """Raises OSError, naming the folder, when nothing can be kept in it."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".writable"
    probe.write_bytes(b"")
    probe.unlink()


def _show_progress(done: int, total: int) -> None:
    last = done >= total
    if sys.stdout.isatty():
        print(
            f"\rPreparing the web client: {done} of {total} files",
            end="\n" if last else "",
            flush=True,
        )
    elif last or done == 1:
        print(f"Preparing the web client: {done} of {total} files", flush=True)


def _announce(server: uvicorn.Server, public_url: str) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    print(f"iHaNoi is ready: {public_url}\nStop it with Ctrl+C.", flush=True)
