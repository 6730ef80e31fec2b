"""Rows by the thousand, past the gateway: into SQLite in one statement a table, into PostgreSQL by COPY."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC
from operator import itemgetter
from typing import Any, Protocol

import psycopg
from sqlalchemy import Table

from gateway.columns import Instant
from gateway.database import Database


class Sink(Protocol):
    """Takes rows of a table, quickly."""

    def write(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Add the rows, which all have the same columns."""


@contextmanager
def opened(url: str, database: Database) -> Iterator[Sink]:
    """A way into that database; what was written stands when the block ends."""
    made = _Postgres if database.engine.dialect.name == "postgresql" else _Sqlite
    with closing(made(url, database)) as sink:
        yield sink


class _Sqlite:
    """Keeps moments as the gateway's own columns do."""

    def __init__(self, url: str, database: Database) -> None:
        self._connection = database.engine.raw_connection()
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "query_only=OFF"):
            self._connection.cursor().execute(f"PRAGMA {pragma}")
        self._connection.cursor().execute("BEGIN")

    def write(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        names = list(rows[0])
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({_listed(names)}) VALUES ({marks})"
        moments = [name for name in names if isinstance(table.c[name].type, Instant)]
        for row in rows:
            for name in moments:
                if (moment := row[name]) is not None:
                    row[name] = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        values = map(itemgetter(*names), rows)
        self._connection.cursor().executemany(statement, list(values))

    def close(self) -> None:
        self._connection.cursor().execute("COMMIT")
        self._connection.invalidate()


class _Postgres:
    def __init__(self, url: str, database: Database) -> None:
        self._connection = psycopg.connect(url)
        self._connection.execute("SET session_replication_role = replica")

    def write(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        names = list(rows[0])
        with self._connection.cursor().copy(
            f"COPY {table.name} ({_listed(names)}) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])

    def close(self) -> None:
        last = "(SELECT max(seq) FROM changes)"
        self._connection.execute(f"SELECT setval(pg_get_serial_sequence('changes', 'seq'), {last})")
        self._connection.commit()
        self._connection.close()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
