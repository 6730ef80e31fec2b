"""The tables in `web.sqlite3`: sessions by the SHA-256 of their cookie, sign-ins under way."""

import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

SCHEMA = """
CREATE TABLE IF NOT EXISTS web_sessions (
    id BLOB PRIMARY KEY,
    created_at REAL NOT NULL,
    seen_at REAL NOT NULL,
    preferences TEXT NOT NULL,
    tokens BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sign_ins (
    state BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES web_sessions (id) ON DELETE CASCADE,
    created_at REAL NOT NULL,
    request BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_ins_session ON sign_ins (session_id, created_at);
PRAGMA user_version = 1;
"""

SIGN_INS_KEPT = 5
"""Attempts one cookie may have open at once: a tab each, and no way to fill the disk."""


class SessionRow(NamedTuple):
    """One web session; times in Unix seconds, `tokens` sealed, None for a guest."""

    id: bytes
    created_at: float
    seen_at: float
    preferences: str
    tokens: bytes | None


class Rows:
    """Synchronous statements, each its own transaction; call them through a thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # Without secure_delete the tokens of an ended session would stay in the file's free pages.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def insert(self, row: SessionRow) -> None:
        """Add a session."""
        self._run("INSERT INTO web_sessions VALUES (?, ?, ?, ?, ?)", row)

    def find(self, id_: bytes) -> SessionRow | None:
        """Return the session with this cookie's digest."""
        found = self._run("SELECT * FROM web_sessions WHERE id = ?", (id_,))
        return SessionRow(*found[0]) if found else None

    def signed_in(self) -> list[SessionRow]:
        """Return every session that holds tokens."""
        found = self._run("SELECT * FROM web_sessions WHERE tokens IS NOT NULL", ())
        return [SessionRow(*row) for row in found]

    def delete(self, id_: bytes) -> None:
        """Remove a session with its sign-ins."""
        self._run("DELETE FROM web_sessions WHERE id = ?", (id_,))

    def set_seen_at(self, id_: bytes, seen_at: float) -> None:
        """Note activity."""
        self._run("UPDATE web_sessions SET seen_at = ? WHERE id = ?", (seen_at, id_))

    def set_preferences(self, id_: bytes, preferences: str) -> None:
        """Replace the preferences."""
        self._run("UPDATE web_sessions SET preferences = ? WHERE id = ?", (preferences, id_))

    def set_tokens(self, id_: bytes, tokens: bytes | None) -> None:
        """Replace the sealed tokens of a signed-in session; a guest's row never gains any."""
        self._run(
            "UPDATE web_sessions SET tokens = ? WHERE id = ? AND tokens IS NOT NULL", (tokens, id_)
        )

    def delete_expired(
        self, *, created_before: float, seen_before: float, unused_before: float
    ) -> None:
        """Remove sessions past a limit, and those that never opened a socket after their page."""
        self._run(
            "DELETE FROM web_sessions WHERE created_at < ? OR seen_at < ?"
            " OR (seen_at = created_at AND tokens IS NULL AND created_at < ?)",
            (created_before, seen_before, unused_before),
        )

    def add_sign_in(
        self, state: bytes, session_id: bytes, created_at: float, request: bytes
    ) -> None:
        """Keep a sign-in under way; the oldest of the session beyond five are dropped."""
        self._run(
            "INSERT INTO sign_ins VALUES (?, ?, ?, ?)", (state, session_id, created_at, request)
        )
        self._run(
            "DELETE FROM sign_ins WHERE session_id = ?1 AND state NOT IN (SELECT state"
            " FROM sign_ins WHERE session_id = ?1 ORDER BY created_at DESC LIMIT ?2)",
            (session_id, SIGN_INS_KEPT),
        )

    def take_sign_in(self, state: bytes, session_id: bytes, created_after: float) -> bytes | None:
        """Remove and return the sign-in with this state, if this session began it recently."""
        found = self._run(
            "DELETE FROM sign_ins WHERE state = ? AND session_id = ? RETURNING created_at, request",
            (state, session_id),
        )
        return found[0][1] if found and found[0][0] >= created_after else None

    def delete_old_sign_ins(self, created_before: float) -> None:
        """Remove sign-ins nobody came back from."""
        self._run("DELETE FROM sign_ins WHERE created_at < ?", (created_before,))

    def _run(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()
