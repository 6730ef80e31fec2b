"""The product as `make app` starts it: a process of its own, over a data folder that outlives it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from .browser import free_port

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 240


class Product:
    """`python -m app web` on a free port; `restart` keeps port and data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Product:
        """Start it and wait until it answers."""
        environ = {
            **os.environ,
            "PORT": str(self.port),
            "IHANOI_DATA": str(self.folder),
            "IHANOI_PROFILE": "embedded",
        }
        environ.pop("DATABASE_URL", None)
        self._share_compressed_client()
        self._log = (self.folder / "server.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "web"],
            cwd=ROOT,
            env=environ,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait()
        return self

    def restart(self) -> None:
        """Stop it and start it again on the same data."""
        self.stop()
        self.start()

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
        self._log.close()

    def log(self) -> str:
        """What it printed so far."""
        return (self.folder / "server.log").read_text("utf-8", "replace")

    def _share_compressed_client(self) -> None:
        """The compressed web client is the same for every folder: make it once for all runs."""
        shared, own = ROOT / ".pytest_cache" / "web-client", self.folder / "cache"
        shared.mkdir(parents=True, exist_ok=True)
        if not own.exists():
            own.symlink_to(shared, target_is_directory=True)

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, self.log()
            try:
                answer = httpx.get(f"{self.address}/connection", timeout=5, trust_env=False)
                if answer.status_code in (200, 401):
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        raise AssertionError(f"the app did not start: {self.log()}")
