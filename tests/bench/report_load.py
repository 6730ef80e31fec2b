"""Taking reports in: `python -m tests.bench.report_load` sends them from 32 clients at once to a
gateway of its own under uvicorn, on SQLite and on PostgreSQL.

The control is the same server answering a POST that inserts one row, asked in turn with the
reports. Throughput and the 99th percentile stand beside it as ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.postgres_server import postgres_server
from tests.gateway.service_requests.reports import PATH, REPORT

CLIENTS = 32
ROUNDS = 4
ROOT = Path(__file__).parents[2]
SERVER = """
import json, socket, sys
from pathlib import Path
import uvicorn
from fastapi import Request
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount
from gateway.asgi import running
from gateway.database import Database
from gateway.settings import Handling, Settings
from tests.gateway.conftest import PUBLIC_URL, make_app, make_token

settings = Settings(
    data_folder=Path(sys.argv[1]), database_url=sys.argv[2], public_url=PUBLIC_URL,
    sandbox=False, handling=Handling(reports_per_hour=10**9),
)
database = Database(settings.database_url)
app = make_app(settings, database)

def insert(connection):
    connection.execute(text("INSERT INTO bench_control (words) VALUES ('x')"))

@app.post("/control")
async def control(request: Request):
    await request.body()
    await database.run(insert)
    return JSONResponse({}, 201)

database.migrate()
kind = "INTEGER PRIMARY KEY" if database.engine.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
with database.transaction() as connection:
    connection.execute(text(f"CREATE TABLE bench_control (id {kind}, words TEXT)"))
listening = socket.create_server(("127.0.0.1", 0), backlog=256)
tokens = [make_token(f"resident-{n}", exp=4_000_000_000) for n in range(int(sys.argv[3]))]
print(json.dumps({"port": listening.getsockname()[1], "tokens": tokens}), flush=True)
host = Starlette(routes=[Mount("/api", app)], lifespan=lambda _host: running(app))
uvicorn.Server(uvicorn.Config(host, log_level="warning", access_log=False)).run([listening])
"""
"""The gateway behind a test issuer, with one route more; it says its port and some tokens."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many requests were answered in a second, and the 99th percentile in milliseconds."""

    rate: float
    p99: float


class Client:
    """One connection that is kept, as little of a client as can be: it shares our processor."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, path: str, body: bytes, key: str) -> int:
        """Send a form; returns the status."""
        head = (
            f"POST /api{path} HTTP/1.1\r\nHost: city.test\r\nAuthorization: Bearer {self._token}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = answered.lower().split("content-length: ")[1].split("\r\n")[0]
        await self._reader.readexactly(int(length))
        return int(answered.split()[1])

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@contextmanager
def serving(url: str, folder: Path) -> Iterator[tuple[int, list[str]]]:
    """The port and the tokens of a gateway over that database."""
    command = [sys.executable, "-c", SERVER, str(folder), url, str(CLIENTS)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = json.loads(server.stdout.readline())
        yield said["port"], said["tokens"]
    finally:
        server.terminate()
        server.wait(20)


async def load(clients: list[Client], path: str, requests: int, keys: Iterator[int]) -> list[float]:
    """Send that many from all clients at once; the milliseconds each took."""
    body = urlencode(REPORT).encode()
    left = iter(range(requests))
    times: list[float] = []

    async def send(client: Client) -> None:
        for _ in left:
            before = time.perf_counter()
            status = await client.post(path, body, f"bench-{next(keys)}")
            times.append((time.perf_counter() - before) * 1000)
            assert status == 201, status

    await asyncio.gather(*map(send, clients))
    return times


async def measure(port: int, tokens: list[str], requests: int) -> tuple[Figures, Figures]:
    """Figures of the control and of the reports, a part of each in turn."""
    keys = count()
    clients = [Client(port, token) for token in tokens]
    await asyncio.gather(*(client.open() for client in clients))
    for path in ("/control", PATH):
        await load(clients, path, 2 * CLIENTS, keys)  # Connections and caches are warm then.
    spent = {"/control": 0.0, PATH: 0.0}
    times: dict[str, list[float]] = {"/control": [], PATH: []}
    for _ in range(ROUNDS):
        for path in spent:
            before = time.perf_counter()
            times[path] += await load(clients, path, requests // ROUNDS, keys)
            spent[path] += time.perf_counter() - before
    for client in clients:
        client.close()
    control, reports = (
        Figures(len(found) / spent[path], sorted(found)[int(len(found) * 0.99)])
        for path, found in times.items()
    )
    return control, reports


def report(name: str, url: str, requests: int) -> None:
    """Print one database's two lines."""
    with tempfile.TemporaryDirectory(prefix="ihanoi-load-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        with serving(url or f"sqlite:///{place / 'load.sqlite3'}", place) as (port, tokens):
            control, reports = asyncio.run(measure(port, tokens, requests))
    print(f"{name:11} one row  {control.rate:6.0f}/s  p99 {control.p99:6.0f} ms")
    print(
        f"{name:11} reports  {reports.rate:6.0f}/s  p99 {reports.p99:6.0f} ms"
        f"   {control.rate / reports.rate:.1f}x the time, {reports.p99 / control.p99:.1f}x the p99",
        flush=True,
    )


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    asked = parser.parse_args()
    print(f"{CLIENTS} clients, {asked.requests} reports without photos and as many single rows")
    report("SQLite", "", asked.requests)
    with postgres_server("load") as [url]:
        report("PostgreSQL", url, asked.requests)


if __name__ == "__main__":
    main()
