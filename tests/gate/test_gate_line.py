"""The line to the gateway: real HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gate.line import HttpLine, LineDown


class Elsewhere(BaseHTTPRequestHandler):
    """A server that sends everybody on, and one address that answers."""

    seen: list[str]

    def do_GET(self) -> None:
        """Notes who brought a credential."""
        type(self).seen.append(str(self.headers.get("Authorization")))
        status = 200 if self.path == "/here" else 307
        self.send_response(status)
        self.send_header("Location", "/here")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        """The same."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of such a server."""
    Elsewhere.seen = []
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_answer_is_its_status_and_body(address: str) -> None:
    """Whatever the gateway says is judged by who asked, not by the line."""
    assert HttpLine(address).get("/here") == (200, b"ok")


def test_a_credential_is_not_carried_elsewhere(address: str) -> None:
    """Whoever can redirect a gate must not get its secret."""
    assert HttpLine(address).post("/there", {}, "north.secret")[0] == 307
    assert Elsewhere.seen == ["Bearer north.secret"]


@pytest.mark.parametrize("wrong", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_line_without_an_answer_is_down(wrong: str) -> None:
    """No network is an everyday thing for a gate."""
    with pytest.raises(LineDown):
        HttpLine(wrong).get("/")
