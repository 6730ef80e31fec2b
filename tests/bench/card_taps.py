"""Uploading taps: `python -m tests.bench.card_taps [TAPS]` prints rows a second, and two controls.

A gate's own `sync` brings its taps over HTTP to a gateway in another process, which verifies each and
stores it in SQLite. The control with the same work is plain `sqlite3` in this process: it verifies the
same payloads with the same function and inserts them with the same columns, index, batches and pragmas.
The aim is 0.7 of that. The bare control inserts without looking: what verifying costs is the difference.

Twice: every tap is another card's, and each card taps four times in an hour (on, off, on, off), which
costs the gateway one signature and three times the hashes between two links.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from gate.memory import Memory
from gate.station import MEMORY_FILE, Station
from gate.syncing import BATCH
from gateway.cards import tap_checks
from gateway.cards.issuer import issuer_keys
from tests.support.card_codes import SampleCard

TAPS = 4_000
ROUNDS = 3
TAPS_A_CARD = (1, 4)
ROOT = Path(__file__).parents[2]
_TABLE = """
CREATE TABLE taps (tap_id TEXT PRIMARY KEY, gate_id TEXT, kind TEXT, place_id TEXT, card_id TEXT,
    slot INTEGER, step INTEGER, direction TEXT, product INTEGER, fare_group INTEGER, moment INTEGER,
    payload BLOB, flagged TEXT, received_at INTEGER);
CREATE INDEX ix_taps_card_id ON taps (card_id, slot);
CREATE INDEX ix_taps_moment ON taps (moment);
"""


class City:
    """A gateway in a process of its own, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder / "city"
        self.environ = os.environ | {"IHANOI_DATA": str(self.folder)}
        self.environ.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "gateway", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environ, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        self._wait()

    def add_gate(self, folder: Path) -> Path:
        """The folder of a new gate that has synced once."""
        folder.mkdir()
        address = f"http://127.0.0.1:{self.port}/api"
        options = ["--place", "stop-1", "--gateway", address, "--out", str(folder / "gate.json")]
        command = [sys.executable, "-m", "gateway", "gates", "add", folder.name, *options]
        subprocess.run(command, env=self.environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        assert Station(folder).sync().troubles == ()
        return folder

    def close(self) -> None:
        """End the gateway."""
        self.process.terminate()
        self.process.wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/api/gate/keys", trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the gateway did not start")


Shown = tuple[bytes, int]
"""A code's 99 bytes and when it was shown (UTC seconds)."""


def codes(issuer: SampleCard, count: int, now: float, a_card: int) -> list[Shown]:
    """What so many cards showed in the last whole hour, each `a_card` times, in order of time."""
    chance, hour = random.Random(now), int(now) // 3600 * 3600 - 3600
    found: list[Shown] = []
    for _ in range(count // a_card):
        card = issuer.but(card_id=chance.randbytes(8), seed=chance.randbytes(32))
        moments = [hour + 15 * step for step in chance.sample(range(240), a_card)]
        found += [(card.raw(moment), moment) for moment in moments]
    return sorted(found, key=lambda shown: shown[1])


def fill(folder: Path, shown: Sequence[Shown]) -> None:
    """Put taps into a gate's memory, as if it had taken them."""
    memory = Memory(folder / MEMORY_FILE)
    rows = [(raw, "in", moment) for raw, moment in shown]
    with memory.transaction() as connection:
        connection.executemany(
            "INSERT INTO taps (payload, direction, moment) VALUES (?, ?, ?)", rows
        )
    memory.close()


def upload(folder: Path, count: int) -> float:
    """Rows a second by the gate's own sync."""
    station = Station(folder)
    began = time.perf_counter()
    done = station.sync()
    seconds = time.perf_counter() - began
    assert (done.uploaded, done.refused, done.troubles) == (count, 0, ()), done
    return count / seconds


def plain(file: Path, shown: Sequence[Shown], keys: tap_checks.Keys | None) -> float:
    """Rows a second by sqlite3 alone; with `keys` each payload is verified before."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_TABLE)
    began = time.perf_counter()
    for start in range(0, len(shown), BATCH):
        rows = []
        for place, (raw, moment) in enumerate(shown[start : start + BATCH], start=start):
            found = tap_checks.read(raw)
            assert found is not None
            if keys is not None:
                assert tap_checks.refusal(found, moment, keys, moment) is None
            place_id = (f"{place:032}", "north", "transit", "stop-1", found.card_id.hex())
            rest = (found.slot, found.step, "in", found.product, found.fare_group, moment, raw)
            rows.append((*place_id, *rest, None, moment))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO taps VALUES ({', '.join('?' * 14)})", rows)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return len(shown) / seconds


def main(arguments: Sequence[str]) -> None:
    """Print the best of three rounds, each round with all three, for both kinds of riding."""
    count = int(arguments[0]) if arguments else TAPS
    with tempfile.TemporaryDirectory() as name:
        city = City(Path(name))
        try:
            for a_card in TAPS_A_CARD:
                rounds = [_round(city, Path(name), n, count, a_card) for n in range(ROUNDS)]
                _print(a_card, {key: max(each[key] for each in rounds) for key in rounds[0]})
        finally:
            city.close()
    print(json.dumps({"taps": count, "batch": BATCH, "rounds": ROUNDS}))


def _print(a_card: int, best: dict[str, float]) -> None:
    print(f"each card taps {a_card} times in the hour" if a_card > 1 else "every tap another card")
    for key, rows in best.items():
        ratio = best["gate to gateway"] / rows
        print(f"  {key:20} {rows:10,.0f} rows a second   upload is {ratio:5.2f} of it")


def _round(city: City, folder: Path, number: int, count: int, a_card: int) -> dict[str, float]:
    gate = city.add_gate(folder / f"gate-{a_card}-{number}")
    key = issuer_keys(city.folder / "keys")[-1]
    issuer = SampleCard(issuer=key.private_key, key_number=key.number, valid_until=65535)
    shown = codes(issuer, count, time.time(), a_card)
    keys = {key.number: tap_checks.PublicKey(key.private_key.public_key(), 0, 0xFFFFFFFF)}
    fill(gate, shown)
    return {
        "gate to gateway": upload(gate, len(shown)),
        "sqlite3, verifying": plain(folder / f"verifying-{a_card}-{number}", shown, keys),
        "sqlite3, bare": plain(folder / f"bare-{a_card}-{number}", shown, None),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
