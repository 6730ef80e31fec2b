"""Schemathesis over the whole API: `python -m tests.campaigns.fuzz_api [SECONDS]`; 0 when nothing broke.

A gateway with the sandbox's records answers on loopback; its OpenAPI document says what may be sent and
what must come back. Every request goes out as a resident with every scope and role, so that it reaches
what lies behind the doors; who may not is tried by tests/gateway/test_authorization_matrix.py. A server
error, an undocumented status, an answer of another shape, or bad data that is taken fails the run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import problems
from gateway.asgi import create_app, running
from gateway.database import Database
from gateway.settings import Settings
from tests.browser.browser import free_port
from tests.gateway.conftest import ISSUER, issuer_app, make_headers
from tests.gateway.test_authorization_matrix import ROLES, SCOPES

SECONDS = 600
EVERY_SCOPE = " ".join((*SCOPES, "patient/*.cruds", "offline_access"))
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
"""What is held of every answer. Left out: whether good data is always taken, because it may be about
what is not there, and whether doors hold, because the matrix asks that of each.
"""


SIGNED = "Bearer everybody"


class AsEverybody:
    """Puts a token made just now where a request says `SIGNED`: one resident with all rights."""

    def __init__(self, app: ASGIApp, subject: str) -> None:
        self._app, self._subject = app, subject

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        said = (b"authorization", SIGNED.encode())
        if scope["type"] == "http" and said in scope["headers"]:
            header = make_headers(self._subject, EVERY_SCOPE, roles=ROLES)["Authorization"]
            others = [each for each in scope["headers"] if each != said]
            scope = {**scope, "headers": [*others, (b"authorization", header.encode())]}
        await self._app(scope, receive, send)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The gateway's address, while it answers from a thread."""
    port = free_port()
    settings = Settings(
        data_folder=folder, public_url=f"http://127.0.0.1:{port}", issuer=ISSUER, sandbox=True
    )
    database = Database(settings.database_url)
    database.migrate()
    transport = httpx.ASGITransport(issuer_app())
    gateway = create_app(settings, database=database, issuer_transport=transport)
    city = Starlette(
        routes=[Mount("/api", AsEverybody(gateway, "sandbox-nguyen-minh-anh"))],
        lifespan=lambda _app: running(gateway),
        exception_handlers={404: problems.answer},
    )
    config = uvicorn.Config(city, port=port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    yield f"{settings.public_url}/api"
    server.should_exit = True
    thread.join(10)


CONFIGURATION = """
[checks]
negative_data_rejection.expected-statuses = [
    400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx",
]
"""
"""A body that is too large for its operation is refused before anything in it is looked at."""


def fuzz(seconds: int, *more: str) -> tuple[int, str]:
    """Run it for so long; the exit status and what was found, in words."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as address:
        (Path(name) / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
        command = [str(Path(sys.executable).with_name("st")), "run", f"{address}/openapi.json"]
        options = [f"--url={address}", f"--max-time={seconds}", f"--checks={','.join(CHECKS)}"]
        options.append(f"--header=Authorization: {SIGNED}")
        quiet = [
            "--no-color",
            "--request-timeout=60",
            "--suppress-health-check=all",
            "--warnings=off",
        ]
        done = subprocess.run(
            [*command, *options, *quiet, *more],
            capture_output=True,
            text=True,
            cwd=name,
            check=False,
        )
    return done.returncode, done.stdout + done.stderr


def main(arguments: Sequence[str]) -> int:
    """Print what Schemathesis found."""
    status, words = fuzz(int(arguments[0]) if arguments else SECONDS, *arguments[1:])
    print(words)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
