"""One SQL database, SQLite or PostgreSQL: transactions in one thread hop, and migrations at the
start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from anyio import to_thread
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every feature's tables stand here; migrations create them."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_newest: set[frozenset[str]] = set()
"""Where this process saw its migrations end: to read every one of them anew takes longer than the rest
of a start, and they do not change while it runs.
"""


class Database:
    """The engine: runs work in a transaction, and migrates to the present schema."""

    def __init__(self, url: str) -> None:
        """Open nothing yet; the first transaction connects.

        `url` is SQLAlchemy's or PostgreSQL's own.
        """
        self.engine = _create_engine(make_url(url))

    async def run(self, work: Callable[[Connection], T], *, write: bool = True) -> T:
        """Run `work(connection)` in one transaction, in one thread hop.

        Whatever it raises rolls back.
        """
        return await to_thread.run_sync(self.run_here, work, write)

    def run_here(self, work: Callable[[Connection], T], write: bool = True) -> T:
        """As `run`, in the calling thread."""
        with self.transaction(write=write) as connection:
            return work(connection)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Connection]:
        """One transaction: a write takes SQLite's lock at once, a read cannot write on either
        database.
        """
        with self.engine.connect() as connection:
            connection.execution_options(postgresql_readonly=not write, sqlite_write=write)
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring every feature's tables up to date, one process at a time."""
        with self.alone() as connection:
            standing = MigrationContext.configure(connection)
            if frozenset(standing.get_current_heads()) in _newest:
                return
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
            _newest.add(frozenset(standing.get_current_heads()))

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A write transaction that no other process's `alone` overlaps: for migrating and
        seeding.
        """
        with self.transaction() as connection:
            take_turn(connection, "start")
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def take_turn(connection: Connection, what: str) -> None:
    """Wait until no other transaction has the turn of that name, and keep it to this one's end; what
    is read afterwards holds what they wrote. On SQLite every write transaction waits by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def _create_engine(url: URL) -> Engine:
    """An engine whose errors never quote a row's values."""
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=url.get_backend_name() == "postgresql"
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Set what SQLite leaves off by default; transactions are then begun by us, not by the
    driver.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the beginning: a lock taken later fails instead of waiting."""
    write = connection.get_execution_options().get("sqlite_write", True)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
