"""The product as `make app` starts it: processes of their own, over a data folder that outlives them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.support.consents import everybody_agreed
from tests.support.link import Link

from .browser import free_port

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 240
PACE = {"IHANOI_CERTIFICATE_FEE": "200000", "IHANOI_CERTIFICATE_STEP_SECONDS": "1"}
"""A fee, so that there is something to pay, and an authority that hurries a little."""


class Served:
    """One command of ours in a process, and what it prints; `stop` and `start` keep its data."""

    def __init__(
        self, folder: Path, name: str, arguments: list[str], probe: str, cwd: Path | None = None
    ) -> None:
        self._log_path = folder / f"{name}.log"
        self._cwd = cwd or ROOT
        self._arguments = arguments
        self._probe = probe
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environ: dict[str, str]) -> None:
        """Start it and wait until it answers."""
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments],
                cwd=self._cwd,
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def stop(self) -> None:
        """Stop it, first politely."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None

    def log(self) -> str:
        """What it printed so far."""
        return self._log_path.read_text("utf-8", "replace")

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, self.log()
            try:
                answer = httpx.get(self._probe, timeout=5, trust_env=False)
                if answer.status_code in (200, 401):
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"it did not start: {self.log()}")


class Product:
    """`python -m app web` on a free port, everything in one process; `restart` keeps port and data."""

    asks = False
    """Whether residents are asked for their consents; else they agreed before the story begins."""
    command: tuple[str, ...] = ("-m", "app", "web")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._web = Served(folder, "server", [*self.command], f"{self.address}/connection")

    def start(self) -> Product:
        """Start it and wait until it answers."""
        _share_compressed_client(self.folder)
        self._web.start(self._environ())
        if not self.asks:
            everybody_agreed(self.folder)
        return self

    def restart(self) -> None:
        """Stop it and start it again on the same data."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop everything."""
        self._web.stop()

    def log(self) -> str:
        """What the web host printed so far."""
        return self._web.log()

    def _environ(self) -> dict[str, str]:
        return _environ(self.folder, self.port, IHANOI_PROFILE="embedded")


class FaultyProduct(Product):
    """The product with the fault of `tests.support.faulty_app` in it."""

    command = ("-m", "tests.support.faulty_app", "app", "web")


class LinkedProduct(Product):
    """The web host in one process, the gateway in another, and between them a `link` to cut."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._gateway_port = free_port()
        self.link = Link(self._gateway_port)
        self.city = self.link.address
        arguments = ["-m", "gateway", "serve", "--port", str(self._gateway_port)]
        probe = f"http://127.0.0.1:{self._gateway_port}/api/open311/v2/services.json"
        self._gateway = Served(folder, "gateway", arguments, probe)

    def start(self) -> LinkedProduct:
        """Start the gateway, then the app that reaches it over the link."""
        self._gateway.start(_environ(self.folder, self._gateway_port, IHANOI_PUBLIC_URL=self.city))
        super().start()
        return self

    def stop(self) -> None:
        """Stop the app, the gateway and the link."""
        super().stop()
        self._gateway.stop()
        self.link.close()

    def _environ(self) -> dict[str, str]:
        return _environ(
            self.folder,
            self.port,
            IHANOI_PROFILE="local",
            IHANOI_GATEWAY_URL=f"{self.city}/api",
            IHANOI_ISSUER=f"{self.city}/identity",
        )


def _environ(folder: Path, port: int, **more: str) -> dict[str, str]:
    environ = {**os.environ, "PORT": str(port), "IHANOI_DATA": str(folder), **PACE, **more}
    environ.pop("DATABASE_URL", None)
    return environ


def _share_compressed_client(folder: Path) -> None:
    """The compressed web client is the same for every folder: make it once for all runs."""
    shared, own = ROOT / ".pytest_cache" / "web-client", folder / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    if not own.exists():
        own.symlink_to(shared, target_is_directory=True)
