"""What one gate remembers of accepted cards: enough to refuse a replay and a pass-back, and the taps
that still have to reach the gateway (gate.taps).

SQLite, because a memory of passes must survive kill -9 and a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from gate.keys import GateError

PASSBACK_SECONDS = 300
_STEPS = 240
_STEP_SECONDS = 15
_SLOTS_KEPT = 2
_APPLICATION_ID = 0x686E6774  # "hngt": refuses the database of another program.
_BUSY_SECONDS = 10
_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (
    gate_id TEXT NOT NULL,
    card_id BLOB NOT NULL,
    direction TEXT NOT NULL,
    moment INTEGER NOT NULL,
    passed_at REAL NOT NULL,
    PRIMARY KEY (gate_id, card_id, direction)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taps (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    payload BLOB NOT NULL,
    direction TEXT NOT NULL,
    moment INTEGER NOT NULL,
    refused TEXT
);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_REMEMBER = """
INSERT INTO passages (gate_id, card_id, direction, moment, passed_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET moment = excluded.moment, passed_at = excluded.passed_at
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A card with a valid code before a gate; `moment` counts steps, `now` is UTC seconds.

    `payload` has the 99 bytes of the code.
    """

    gate_id: str
    direction: str
    card_id: bytes
    moment: int
    now: float
    payload: bytes = b""


class Taken(Enum):
    """What the memory says of a passage."""

    ACCEPTED = auto()
    REPLAYED = auto()
    PASSBACK = auto()


class Memory:
    """The passages of the last two slots; a file, or only this run when there is no path."""

    def __init__(self, path: Path | None = None, *, keeps_taps: bool = False) -> None:
        """Opens or makes the file; raises GateError when it cannot be this gate's memory.

        `keeps_taps`: each accepted code is kept, in the same transaction, until it is uploaded.
        One thread at a time may use it; another thread opens its own.
        """
        self._name = str(path or "memory")
        self._forgotten_before = 0
        self._keeps_taps = keeps_taps
        try:
            self._connection = sqlite3.connect(
                path or ":memory:",
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._prepare()
        except sqlite3.Error as error:
            raise GateError(f"The state file {self._name} cannot be used: {error}.") from error

    def take(self, passage: Passage) -> Taken:
        """Accepts and remembers, or says why not, in one transaction; raises GateError."""
        with self.transaction():
            return self._take(passage)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of the block or nothing; raises GateError for the file's errors."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection
        except sqlite3.Error as error:
            raise GateError(f"The state file {self._name} cannot be used: {error}.") from error

    def close(self) -> None:
        """Closes the file; every accepted passage was already on disk."""
        self._connection.close()

    def _prepare(self) -> None:
        run = self._connection.execute
        tables = run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and run("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            raise sqlite3.DatabaseError("it belongs to another program")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON")
        run(f"PRAGMA application_id = {_APPLICATION_ID}")
        self._connection.executescript(_SCHEMA)

    def _take(self, passage: Passage) -> Taken:
        self._forget(passage.now)
        before = self._connection.execute(
            "SELECT direction, moment, passed_at FROM passages WHERE gate_id = ? AND card_id = ?",
            (passage.gate_id, passage.card_id),
        ).fetchall()
        if any(moment >= passage.moment for _, moment, _ in before):
            return Taken.REPLAYED
        if any(
            direction == passage.direction and passage.now - passed_at < PASSBACK_SECONDS
            for direction, _, passed_at in before
        ):
            return Taken.PASSBACK
        self._remember(passage)
        return Taken.ACCEPTED

    def _remember(self, passage: Passage) -> None:
        values = (
            passage.gate_id,
            passage.card_id,
            passage.direction,
            passage.moment,
            passage.now,
        )
        self._connection.execute(_REMEMBER, values)
        if self._keeps_taps:
            self._connection.execute(
                "INSERT INTO taps (payload, direction, moment) VALUES (?, ?, ?)",
                (passage.payload, passage.direction, int(passage.now)),
            )

    def _forget(self, now: float) -> None:
        """Deletes what two whole slots have passed over, once an hour."""
        slot = int(now // (_STEPS * _STEP_SECONDS))
        oldest = (slot - _SLOTS_KEPT) * _STEPS
        if oldest > self._forgotten_before:
            self._connection.execute("DELETE FROM passages WHERE moment < ?", (oldest,))
            self._forgotten_before = oldest
