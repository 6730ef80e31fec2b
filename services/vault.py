"""The encrypted local store: drafts, the outbox, saved copies, card seeds.

SQLite holds rows of (owner, table, key, value). A value is AES-256-GCM under a key of its subject,
derived from the vault's key, and bound to its subject, table and key: a row copied to another
place opens nowhere. The owner column is derived too, so the file does not tell who was here.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.errors import NotFound, NotPermitted, Rejected, SignInRequired
from services.vault_rows import VaultRows

T = TypeVar("T")
Written = Callable[[Sequence[str], str], None]
"""Told of the tables that were written, and of the code with which the device refused; empty if it did not."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    owner BLOB NOT NULL,
    "table" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (owner, "table", "key")
)
"""
SIGN_INS = """
CREATE TABLE IF NOT EXISTS sign_ins (
    sign_in TEXT PRIMARY KEY,
    owner BLOB NOT NULL,
    noted REAL NOT NULL
) WITHOUT ROWID
"""
"""With which sign-ins an owner's rows came, see services.erased: digests, and Unix seconds."""
SIZES = 'SELECT "table", SUM(LENGTH(value)), COUNT(*) FROM entries WHERE owner = ? GROUP BY "table"'


class Vault:
    """The file at `path`, opened with the 32-byte `key`, or locked until `unlock` brings it.

    A file that is no database any more is put aside as `*.damaged` and a new one begun. While it
    is locked every reading and writing raises NotPermitted(`locked`).
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._key: bytes | None = None
        if key is not None:
            self.unlock(key)
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            path.replace(path.with_name(path.name + ".damaged"))
            self._connection = _open(path)

    @property
    def key(self) -> bytes | None:
        """The key, None while it is locked. For the lock that wraps it, and nobody else."""
        return self._key

    @property
    def empty(self) -> bool:
        """Whether nothing was kept here yet."""
        with self._lock:
            return self._connection.execute("SELECT 1 FROM entries LIMIT 1").fetchone() is None

    def unlock(self, key: bytes) -> None:
        """Take the 32-byte key."""
        if len(key) != 32:
            raise ValueError("the vault's key has 32 bytes")
        self._key = key

    def lock(self) -> None:
        """Let go of the key; Python cannot wipe the memory it stood in."""
        self._key = None

    async def renew(self, key: bytes) -> None:
        """Remove everything of everybody, and go on with another key."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM entries")
            db.execute("DELETE FROM sign_ins")

        await self.run(work)
        self.unlock(key)

    def for_subject(self, subject: str | Callable[[], str | None]) -> SubjectVault:
        """Return the rows of one resident; a callable names whoever is signed in at each call."""
        return SubjectVault(self, subject if callable(subject) else lambda: subject)

    def for_everyone(self) -> SubjectVault:
        """Return the rows that belong to nobody, such as the city's list of services."""
        return SubjectVault(self, lambda: "", purpose="everyone")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def derive(self, purpose: str, subject: str) -> bytes:
        """Return 32 bytes that only this vault's key, this purpose and this subject give."""
        # The length keeps one pair from being read as another.
        info = f"ihanoi vault {purpose} {len(subject)} {subject}".encode()
        if self._key is None:
            raise NotPermitted("locked")
        return HKDF(SHA256(), 32, salt=None, info=info).derive(self._key)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction in a thread; Rejected when the device cannot store."""
        return await asyncio.to_thread(self._run, work)

    async def write(self, tables: Sequence[str], work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which writes these tables."""
        return await self.run(work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._lock, self._connection:
                return work(self._connection)
        except sqlite3.OperationalError as error:
            full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
            raise Rejected("storage_full" if full else "storage_unavailable") from error


class SubjectVault:
    """One resident's rows: JSON values by table and key, in the order they were first put.

    A value given as bytes is JSON that was written already.

    Every method raises SignInRequired when nobody is signed in, NotPermitted(`locked`) while the
    vault is locked, and Rejected(`storage_full` or `storage_unavailable`) when the device cannot
    store.
    """

    def __init__(
        self,
        vault: Vault,
        subject: Callable[[], str | None],
        *,
        purpose: str = "subject",
        told: Written | None = None,
    ) -> None:
        self._vault = vault
        self._subject = subject
        self._purpose = purpose
        self._told = told

    def telling(self, told: Written) -> SubjectVault:
        """Return the same rows; `told` hears how each writing of them ended."""
        return SubjectVault(self._vault, self._subject, purpose=self._purpose, told=told)

    def pinned(self) -> SubjectVault:
        """Return the rows of whoever is signed in now, also after someone else signs in."""
        subject = self._present()
        return SubjectVault(self._vault, lambda: subject, purpose=self._purpose, told=self._told)

    @property
    def present(self) -> bool:
        """Whether anybody is signed in; always so for what belongs to everyone."""
        return self._subject() is not None

    @property
    def owner(self) -> bytes:
        """What the rows lie under: derived, so that it tells nobody whose they are."""
        return self._rows().owner

    def belongs_to(self, other: SubjectVault) -> bool:
        """Whether both mean the same resident at this moment."""
        return (self._purpose, self._subject()) == (other._purpose, other._subject())

    async def put(self, table: str, key: str, value: Any) -> None:
        """Keep a value that JSON can hold, replacing an earlier one; durable on return."""
        rows = self._rows()
        await self._write([table], lambda connection: rows.put(connection, table, key, value))

    async def change(
        self,
        put: Iterable[tuple[str, str, Any]] = (),
        delete: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep (table, key, value) and remove (table, key), all of it or nothing."""
        rows, put, delete = self._rows(), list(put), list(delete)

        def work(connection: sqlite3.Connection) -> None:
            for table, key in delete:
                rows.delete(connection, table, key)
            for table, key, value in put:
                rows.put(connection, table, key, value)

        await self._write([one[0] for one in (*put, *delete)], work)

    async def amend(self, table: str, key: str, change: Callable[[Any], Any]) -> Any:
        """Replace a value (None if there is none) by what `change` makes of it, in one step; None removes it.

        `change` gets None for a value that was altered, too.
        """
        rows = self._rows()

        def work(connection: sqlite3.Connection) -> Any:
            before = None
            with suppress(NotFound):
                before = rows.get(connection, table, key)
            after = change(before)
            if after is None:
                rows.delete(connection, table, key)
            else:
                rows.put(connection, table, key, after)
            return after

        return await self._write([table], work)

    async def get(self, table: str, key: str) -> Any:
        """Return a value, None if there is none; NotFound(`saved_copy_unreadable`) if altered."""
        rows = self._rows()
        return await self._vault.run(lambda connection: rows.get(connection, table, key))

    async def list(self, table: str) -> dict[str, Any]:
        """Return key → value, oldest first; a row that was altered is left out, and kept."""
        rows = self._rows()
        return await self._vault.run(lambda connection: rows.list(connection, table))

    async def delete(self, table: str, key: str) -> None:
        """Remove a value; none there is no error."""
        rows = self._rows()
        await self._write([table], lambda connection: rows.delete(connection, table, key))

    async def sizes(self) -> dict[str, tuple[int, int]]:
        """Return table → (bytes, rows) of what this resident has here."""
        owner = self._rows().owner
        found = await self._vault.run(lambda db: db.execute(SIZES, (owner,)).fetchall())
        return {table: (size, number) for table, size, number in found}

    async def clear(self, *tables: str) -> None:
        """Remove everything this resident has here, or all rows of these tables."""
        owner, statement = self._rows().owner, "DELETE FROM entries WHERE owner = ?"
        rows: list[tuple[Any, ...]] = [(owner, table) for table in tables] or [(owner,)]
        narrowed = f'{statement} AND "table" = ?' if tables else statement
        await self._write(tables, lambda db: db.executemany(narrowed, rows))

    async def _write(self, tables: Iterable[str], work: Callable[[sqlite3.Connection], T]) -> T:
        written, code = sorted(set(tables)), ""
        try:
            return await self._vault.write(written, work)
        except Rejected as refused:
            code = refused.code
            raise
        finally:
            if self._told is not None:
                self._told(written, code)

    def _present(self) -> str:
        subject = self._subject()
        if subject is None:
            raise SignInRequired
        return subject

    def _rows(self) -> VaultRows:
        # Resolved before the thread hop: the resident may change while the thread waits.
        subject = self._present()
        derive = self._vault.derive
        owner = derive(f"{self._purpose} owner", subject)[:16]
        return VaultRows(owner, AESGCM(derive(f"{self._purpose} key", subject)))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        for table in (SCHEMA, SIGN_INS):
            connection.execute(table)
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    os.chmod(path, 0o600)
    return connection
