"""The line to the gateway: real HTTP on this machine, and a real gateway at its other end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gate.line import HttpLine, LineDown
from gate.station import Station
from gateway.cards.issuer import issuer_keys
from tests.bench.card_taps import ROOT, City
from tests.support.card_codes import SampleCard


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


def test_a_gate_of_the_office_syncs_with_a_real_gateway(tmp_path: Path) -> None:
    """Everything by command, as docs/gates.md says: add, sync, a passage, sync, list."""
    city = City(tmp_path)
    try:
        folder = city.add_gate(tmp_path / "cho-mo-1")
        key = issuer_keys(city.folder / "keys")[-1]
        card = SampleCard(issuer=key.private_key, key_number=key.number, valid_until=65535)
        command = [sys.executable, "-m", "gate", "check", "--folder", str(folder)]
        shown = card.code(time.time()) + "\n"
        done = subprocess.run(
            command, input=shown, capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert done.stdout.startswith("accepted\t"), done
        station = Station(folder)
        assert station.sync().uploaded == 1
        assert station.standing().troubles == ()
        station.close()
        listing = [sys.executable, "-m", "gateway", "gates", "list"]
        environ = {**os.environ, "IHANOI_DATA": str(city.folder)}
        listed = subprocess.run(
            listing, env=environ, capture_output=True, text=True, cwd=ROOT, check=True
        )
    finally:
        city.close()
    [line] = [line for line in listed.stdout.splitlines() if line.startswith("cho-mo-1\t")]
    name, kind, place, state, last, refused = line.split("\t")
    assert (name, kind, place, state, refused) == ("cho-mo-1", "transit", "stop-1", "active", "0")
    assert abs(int(last) - time.time()) < 60
    assert "secret" in json.loads((folder / "gate.json").read_text())
