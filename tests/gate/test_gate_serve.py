"""The display of a gate: its page, what it says, and who may talk to it."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.board import Board
from gate.clock import ThisMachine
from gate.code import Verdict
from gate.serving import Display
from gate.station import Station
from gate.words import LANGUAGES
from services.card_code import draw_png
from tests.gate.station_twins import Clocks, FakeLine, make_folder, signed_deny
from tests.support.card_codes import SampleCard

ROOT = Path(__file__).parents[2]
CARD = SampleCard(valid_until=65535, group=2)
X_GATE = {"X-Gate": "display"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gate's folder that has synced a moment ago, by this machine's own clocks."""
    folder, clocks = make_folder(tmp_path / "gate"), Clocks(at=time.time())
    line = FakeLine(CARD, clocks)
    line.deny = signed_deny(at=clocks.at)
    station = Station(folder, ThisMachine())
    assert station.sync(line).troubles == ()
    station.close()
    return folder


@pytest.fixture
def display(folder: Path) -> Iterator[Display]:
    """The page's server."""
    display = Display(Board(Station(folder)), 0)
    thread = threading.Thread(target=display.serve_forever)
    thread.start()
    yield display
    display.shutdown()
    display.server_close()
    thread.join()


def ask(
    display: Display, method: str, path: str, body: str | bytes = "", **headers: str
) -> tuple[int, bytes, Any]:
    """One request; the status, the body, the headers."""
    line = http.client.HTTPConnection("127.0.0.1", display.server_address[1], timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    line.request(method, path, content or None, named)
    answer = line.getresponse()
    found = answer.status, answer.read(), answer.headers
    line.close()
    return found


def board(display: Display) -> Any:
    """What the page draws."""
    return json.loads(ask(display, "GET", "/board")[1])


def test_a_scanned_line_turns_the_display_green_with_word_and_group(display: Display) -> None:
    """The guard two metres away sees colour, sign, word and fare class."""
    before = board(display)
    assert (before["answer"], before["closed"]) == (None, None)
    text = CARD.code(time.time())
    status, body, _ = ask(display, "POST", "/check", text + "\r", X_Gate="display")
    assert status == 200
    assert json.loads(body) == {
        "verdict": "accepted",
        "word": "Mời qua",
        "hint": "",
        "passes": True,
        "group": "Miễn phí",
    }
    after = board(display)
    assert after["answer"]["word"] == "Mời qua"
    assert after["number"] == before["number"] + 1
    assert "chờ gửi 1" in after["standing"]
    ask(display, "POST", "/check", text, X_Gate="display")
    again = board(display)["answer"]
    assert (again["verdict"], again["passes"], again["group"]) == ("replayed", False, "")


def test_a_dropped_picture_is_read(display: Display) -> None:
    """Where the scanner is broken, a photograph does."""
    picture = draw_png(CARD.code(time.time()))
    _, body, _ = ask(display, "POST", "/picture", picture, X_Gate="display")
    assert json.loads(body)["verdict"] == "accepted"
    _, body, _ = ask(display, "POST", "/picture", b"no picture", X_Gate="display")
    assert json.loads(body)["verdict"] == "malformed"


def test_a_gate_that_is_not_ready_says_closed_and_why(folder: Path) -> None:
    """Green without keys would be a guess; residents read where to go, the guard reads why."""
    (folder / "keys.signed").unlink()
    shown = Board(Station(folder))
    assert shown.take(CARD.code(time.time()))["verdict"] == "not_ready"
    state = shown.state()
    assert state["closed"]["word"] == "Cổng tạm ngừng"
    assert state["closed"]["hint"] == "Mời dùng cổng khác hoặc gặp nhân viên."
    assert "no key set yet: run sync" in state["standing"]


def test_a_memory_that_cannot_be_written_lets_nobody_pass(folder: Path) -> None:
    """What is not on disk did not happen, so the gate stays shut."""
    station = Station(folder)
    shown = Board(station)
    station.close()
    assert shown.take(CARD.code(time.time()))["verdict"] == "not_ready"


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js"])
def test_the_page_loads_nothing_from_elsewhere(display: Display, path: str) -> None:
    """A display with no network shows everything."""
    status, body, headers = ask(display, "GET", path)
    assert status == 200
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert not re.search(r"https?://|//[a-z]", body.decode().replace("// The display", ""))


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/check", {}, 403),
        ("POST", "/check", {"X_Gate": "display", "Host": "evil.example"}, 403),
        ("GET", "/board", {"Host": "evil.example"}, 403),
        ("GET", "/gate.json", {}, 404),
        ("GET", "/../gate.json", {}, 404),
        ("POST", "/nowhere", {"X_Gate": "display"}, 404),
    ],
)
def test_a_page_from_elsewhere_cannot_use_the_gate(
    display: Display, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    """A website open in the same browser could else open the barrier or read who passed."""
    code = CARD.code(time.time()) if method == "POST" else ""
    assert ask(display, method, path, code, **headers)[0] == status
    assert board(display)["answer"] is None


def test_a_body_that_is_too_long_is_not_read(display: Display) -> None:
    """A stuck key must not fill the memory."""
    assert ask(display, "POST", "/check", "A" * 5000, X_Gate="display")[0] == 413


def test_the_display_listens_on_this_machine_alone(display: Display) -> None:
    """Nobody in the station's wireless network reaches it."""
    assert display.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_verdict_has_words(language: str) -> None:
    """A new verdict cannot ship without something to show."""
    assert set(LANGUAGES[language]) == {*map(str, Verdict), "not_ready"}
    for verdict, words in LANGUAGES[language].items():
        assert words.word
        assert len(words.word) <= 28, "it would not be large enough to read from two metres"
        assert words.hint or verdict == "accepted"


def test_the_command_serves_and_reads_a_cameras_folder(folder: Path, tmp_path: Path) -> None:
    """`serve` alone is a whole gate: page, camera, memory."""
    (tmp_path / "frames").mkdir()
    options = ["--port", "0", "--sync-every", "0", "--frames", str(tmp_path / "frames")]
    command = [sys.executable, "-m", "gate", "serve", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as gate:
        assert gate.stdout is not None
        port = int(re.findall(r":(\d+)/", gate.stdout.readline())[0])
        (tmp_path / "frames" / "0.png").write_bytes(draw_png(CARD.code(time.time())))
        answer, ends = None, time.monotonic() + 10
        while answer is None and time.monotonic() < ends:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", "/board")
            answer = json.loads(line.getresponse().read())["answer"]
            line.close()
            time.sleep(0.1)
        gate.terminate()
    assert answer is not None
    assert answer["verdict"] == "accepted"


def test_status_says_the_ages_and_whether_the_gate_is_ready(folder: Path) -> None:
    """One command over a remote line tells the keeper everything."""
    command = [sys.executable, "-m", "gate", "status", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"keys\t0 minutes ago\ndeny list\t0 minutes ago, 0 cards\n", done.stdout)
    assert re.search(r"clock\tset 0 minutes ago, carried, within \d\.\d s\n", done.stdout)
    assert done.stdout.endswith("ready\n")
    (folder / "deny.signed").unlink()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stdout.endswith("not ready\n")
    assert "no deny list yet" in done.stderr


def test_sync_without_a_gateway_says_so_and_ends_with_one(folder: Path) -> None:
    """A timer's mail tells the keeper; the gate itself works on."""
    command = [sys.executable, "-m", "gate", "sync", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "the gate works on" in done.stderr
    assert done.stdout.endswith("ready\n")


def test_a_gates_folder_and_plain_files_are_not_mixed(folder: Path) -> None:
    """Otherwise nobody could say which list counts."""
    command = [sys.executable, "-m", "gate", "check", "--folder", str(folder), "--keys", "x"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
