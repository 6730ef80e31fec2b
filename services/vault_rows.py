"""One owner's rows in the vault's file, each sealed with the owner's key and bound to its place."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.errors import NotFound

NONCE = 12


class VaultRows:
    """The rows of one owner, sealed and opened with that owner's key."""

    def __init__(self, owner: bytes, cipher: AESGCM) -> None:
        self.owner = owner
        self._cipher = cipher

    def put(self, connection: sqlite3.Connection, table: str, key: str, value: Any) -> None:
        """Seal and keep a value in place of an earlier one."""
        nonce = os.urandom(NONCE)
        text = value
        if not isinstance(value, bytes):
            text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        sealed = nonce + self._cipher.encrypt(nonce, text, self._place(table, key))
        connection.execute(
            'INSERT INTO entries (owner, "table", "key", value) VALUES (?, ?, ?, ?)'
            ' ON CONFLICT (owner, "table", "key") DO UPDATE SET value = excluded.value',
            (self.owner, table, key, sealed),
        )

    def delete(self, connection: sqlite3.Connection, table: str, key: str) -> None:
        """Remove a value."""
        statement = 'DELETE FROM entries WHERE owner = ? AND "table" = ? AND "key" = ?'
        connection.execute(statement, (self.owner, table, key))

    def get(self, connection: sqlite3.Connection, table: str, key: str) -> Any:
        """Return a value, None if there is none; NotFound for one that was altered."""
        row = connection.execute(
            'SELECT value FROM entries WHERE owner = ? AND "table" = ? AND "key" = ?',
            (self.owner, table, key),
        ).fetchone()
        return None if row is None else self._opened(table, key, row[0])

    def list(self, connection: sqlite3.Connection, table: str) -> dict[str, Any]:
        """Return key → value, oldest first, without what was altered."""
        found = connection.execute(
            'SELECT "key", value FROM entries WHERE owner = ? AND "table" = ? ORDER BY number',
            (self.owner, table),
        )
        values: dict[str, Any] = {}
        for key, sealed in found:
            with suppress(NotFound):
                values[key] = self._opened(table, key, sealed)
        return values

    def _opened(self, table: str, key: str, sealed: bytes) -> Any:
        try:
            text = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], self._place(table, key))
        except (InvalidTag, ValueError, TypeError):
            raise NotFound("saved_copy_unreadable") from None
        return json.loads(text)

    def _place(self, table: str, key: str) -> bytes:
        return json.dumps([self.owner.hex(), table, key]).encode()
