"""`python -m gate serve`: the full-screen page of a gate's display, on this machine alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gate.board import Board
from gate.images import codes_in, frames
from gate.keys import GateError
from gate.station import Station

HOST = "127.0.0.1"
_PAGE = Path(__file__).parent / "page"
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_LONGEST_CODE, _LONGEST_PICTURE = 4096, 20_000_000
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Display(ThreadingHTTPServer):
    """The page's server on the loopback address; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, board: Board, port: int) -> None:
        """Listens at once; raises GateError when the port is taken."""
        self.board = board
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise GateError(f"Port {port} cannot be used: {error.strerror}.") from error

    @property
    def address(self) -> str:
        """What to open in the display's browser."""
        return f"http://{HOST}:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    """Three files, the board, a code, a picture; only for pages of this server."""

    server: Display
    timeout = 30

    def do_GET(self) -> None:
        """A file of the page, or the board."""
        if not self._is_here():
            return
        if self.path == "/board":
            self._json(self.server.board.state())
        elif self.path in _FILES:
            name, kind = _FILES[self.path]
            self._answer(HTTPStatus.OK, (_PAGE / name).read_bytes(), kind)
        elif self.path == "/favicon.ico":
            self._answer(HTTPStatus.NO_CONTENT, b"", "image/x-icon")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A line off a scanner, or a picture."""
        if not self._is_here():
            return
        # A page from elsewhere cannot set this header without asking first, and is never answered.
        if self.headers.get("X-Gate") != "display":
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == "/check" and (body := self._body(_LONGEST_CODE)) is not None:
            # As with lines on standard input: bytes, of which only CR and LF are no part.
            self._json(self.server.board.take(body.decode("latin-1").strip("\r\n")))
        elif self.path == "/picture" and (body := self._body(_LONGEST_PICTURE)) is not None:
            self._picture(body)
        elif self.path not in {"/check", "/picture"}:
            self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing of a passage is logged."""

    def _picture(self, body: bytes) -> None:
        try:
            found = codes_in(body)
        except GateError as error:
            self._json({"trouble": str(error)}, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._json(self.server.board.take(found[0] if found else ""))

    def _is_here(self) -> bool:
        """Whether the page was opened by this address: a name that leads here is not enough."""
        port = self.server.server_address[1]
        if self.headers.get("Host") in {f"{HOST}:{port}", f"localhost:{port}"}:
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def _body(self, longest: int) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > longest:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        return self.rfile.read(int(length))

    def _json(self, found: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        body = json.dumps(found, ensure_ascii=False).encode()
        self._answer(status, body, "application/json")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def beside(work: Callable[[], None]) -> None:
    """Run something in a thread that ends with the program."""
    threading.Thread(target=work, daemon=True).start()


def watch(board: Board, folder: Path) -> None:
    """Take every code that a camera's pictures in the folder show."""
    for text in frames(folder):
        board.take(text)


def keep_synced(folder: Path, seconds: float, ended: threading.Event) -> None:
    """Sync again and again, with a memory of its own, until `ended`."""
    station = Station(folder)
    try:
        while True:
            station.sync()
            if ended.wait(seconds):
                return
    finally:
        station.close()
