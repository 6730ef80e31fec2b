"""Everything by command and over HTTP, as docs/gates.md says: add, sync, a passage, sync, list."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from anyio import to_thread
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from gate.station import Station
from gateway.__main__ import main
from gateway.settings import Settings
from tests.gateway.cards.gate_twins import CityClock, GateCity
from tests.gateway.conftest import on_sqlite

ROOT = Path(__file__).parents[3]


@pytest.fixture
def gate_clock() -> CityClock:
    """Now: the gate is a program with clocks of its own."""
    return CityClock(int(time.time()))


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test knows."""
    return gate_settings


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The gateway on a port of this machine; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        host = Starlette(routes=[Mount("/api", app)])
        config = uvicorn.Config(host, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        server.should_exit = True
        await serving


@on_sqlite
async def test_a_gate_of_the_office_syncs_over_http(
    app: FastAPI,
    gate_city: GateCity,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The office's file, the gate's own program and the gateway fit each other."""
    monkeypatch.setenv("IHANOI_DATA", str(settings.data_folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "cho-mo-1"
    folder.mkdir()
    async with served(app) as address:
        where = ["--place", "stop-1", "--gateway", address, "--out", str(folder / "gate.json")]
        assert await to_thread.run_sync(main, ["gates", "add", "cho-mo-1", *where]) == 0
        station = Station(folder)
        assert (await to_thread.run_sync(station.sync)).troubles == ()
        shown = gate_city.card().code(time.time()) + "\n"
        command = [sys.executable, "-m", "gate", "check", "--folder", str(folder)]

        def check() -> str:
            done = subprocess.run(
                command, input=shown, capture_output=True, text=True, cwd=ROOT, check=True
            )
            return done.stdout

        assert (await to_thread.run_sync(check)).startswith("accepted\t")
        assert (await to_thread.run_sync(station.sync)).uploaded == 1
        assert station.standing().troubles == ()
        station.close()
    capsys.readouterr()
    assert await to_thread.run_sync(main, ["gates", "list"]) == 0
    name, kind, place, state, last, refused = capsys.readouterr().out.rstrip("\n").split("\t")
    assert (name, kind, place, state, refused) == ("cho-mo-1", "transit", "stop-1", "active", "0")
    assert abs(int(last) - time.time()) < 60
