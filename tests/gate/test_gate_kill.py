"""kill -9 at any moment: whoever was let through was written down before, once, with their tap."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gate.clock import ThisMachine
from gate.station import MEMORY_FILE, Station
from tests.gate.station_twins import Clocks, FakeLine, make_folder, signed_deny
from tests.support.card_codes import SampleCard

ROOT = Path(__file__).parents[2]
CARDS = [SampleCard(card_id=n.to_bytes(8, "big"), valid_until=65535) for n in range(80)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gate's folder that has synced a moment ago, by this machine's own clocks."""
    clocks = Clocks(at=time.time())
    line = FakeLine(CARDS[0], clocks)
    line.deny = signed_deny(at=clocks.at)
    station = Station(make_folder(tmp_path / "gate"), ThisMachine())
    assert station.sync(line).troubles == ()
    station.close()
    return tmp_path / "gate"


def start(folder: Path) -> subprocess.Popen[str]:
    """The gate's own program."""
    return subprocess.Popen(
        [sys.executable, "-m", "gate", "check", "--folder", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


def taps_in(folder: Path) -> list[bytes]:
    """The payloads that wait for upload."""
    with sqlite3.connect(folder / MEMORY_FILE) as connection:
        found = [row[0] for row in connection.execute("SELECT payload FROM taps")]
    connection.close()
    return found


@pytest.mark.parametrize("answers", [1, 40])
def test_a_gate_killed_while_people_pass_forgets_nobody(folder: Path, answers: int) -> None:
    """A power cut at rush hour: no code opens twice, and no passage is lost or charged twice."""
    now = time.time()
    codes = [card.code(now) for card in CARDS]
    gate = start(folder)
    assert gate.stdin is not None
    assert gate.stdout is not None
    # All codes at once: the gate is in the middle of its work when it is killed.
    gate.stdin.write("\n".join(codes) + "\n")
    gate.stdin.flush()
    said = [gate.stdout.readline() for _ in range(answers)]
    os.kill(gate.pid, signal.SIGKILL)
    rest, _ = gate.communicate()
    said += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    assert {line.split("\t")[0] for line in said} == {"accepted"}
    let_through = len(said)
    written = taps_in(folder)
    assert let_through <= len(written) < len(CARDS)
    again = start(folder)
    out, _ = again.communicate("\n".join(codes) + "\n")
    verdicts = [line.split("\t")[0] for line in out.splitlines()]
    assert verdicts[:let_through] == ["replayed"] * let_through
    assert verdicts.count("accepted") + len(written) == len(CARDS)
    taps = taps_in(folder)
    assert len(taps) == len(set(taps)) == len(CARDS)
