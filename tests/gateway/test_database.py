"""The database: transactions that hold, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from gateway.asgi import create_app
from gateway.columns import Instant
from gateway.database import Database, metadata
from gateway.idempotency import idempotency_keys
from gateway.privacy.inventory import BY_TABLE

pytestmark = pytest.mark.postgresql

CREATED = datetime(2026, 10, 12, 9, 12, tzinfo=timezone(timedelta(hours=7)))


def add_key(key: str) -> Callable[[Connection], object]:
    """Work that adds one row to a table of ours."""
    row = {"subject": "a", "body_hash": "x", "answer": "null", "created": CREATED, "key": key}
    return lambda connection: connection.execute(insert(idempotency_keys).values(row))


def keys_in(database: Database) -> list[str]:
    """The keys of all rows."""
    found = select(idempotency_keys.c.key).order_by(idempotency_keys.c.key)
    return database.run_here(lambda db: list(db.scalars(found)), write=False)


def test_every_table_says_whose_it_is_and_how_it_goes() -> None:
    """A table nobody wrote down is a table nobody exports, erases or ever empties."""
    missing = sorted(set(metadata.tables) - set(BY_TABLE))
    assert not missing, (
        f"add Line({missing[0]!r}, …) to a module of gateway/privacy/inventory/: what it holds, how"
        " long, whose rows (By, Through, AnyOf), export, erasure; the words are in privacy/lines.py"
    )


def test_the_migrations_make_exactly_the_tables_the_code_knows(database: Database) -> None:
    """A column that is in the code and not in a migration is missing on every real machine."""
    assert create_app.__module__ == "gateway.asgi"  # Importing it loads every feature's tables.
    with database.transaction(write=False) as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, metadata)
    assert [item for item in differences if item[0] not in {"remove_table", "remove_index"}] == []


def test_migrating_twice_at_once_does_no_harm(database_url: str) -> None:
    """Two servers that start together both migrate."""
    databases = [Database(database_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(Database.migrate, databases))
    with databases[0].transaction(write=False) as connection:
        assert "service_requests" in inspect(connection).get_table_names()
    for database in databases:
        database.close()


async def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    """Half a report is worse than none."""

    def fail(connection: Connection) -> None:
        add_key("first")(connection)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.run(fail)
    assert keys_in(database) == []


async def test_a_read_cannot_write(database: Database) -> None:
    """A read that writes would take no lock and lose updates."""
    with pytest.raises(SQLAlchemyError):
        await database.run(add_key("first"), write=False)
    await database.run(add_key("second"))
    assert keys_in(database) == ["second"]


def test_an_error_never_quotes_the_row(database: Database) -> None:
    """Error texts end in logs; a row holds what a resident wrote."""
    database.run_here(add_key("số-của-tôi"))
    with pytest.raises(SQLAlchemyError) as refused:
        database.run_here(add_key("số-của-tôi"))
    assert "parameters hidden" in str(refused.value)


def test_writers_wait_for_each_other(database: Database) -> None:
    """Many residents report in the same second; nobody may see `database is locked`."""
    barrier = threading.Barrier(8)

    def write(number: int) -> None:
        barrier.wait()
        for step in range(5):
            database.run_here(add_key(f"{number}-{step}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len(keys_in(database)) == 40


def test_a_moment_comes_back_as_the_same_moment(database: Database) -> None:
    """SQLite keeps no offset: a deadline that moves by seven hours is a broken promise."""
    database.run_here(add_key("first"))
    created = select(idempotency_keys.c.created)
    found = database.run_here(lambda db: db.scalar(created), write=False)
    assert found == CREATED
    assert found is not None
    assert found.tzinfo is UTC


def test_a_moment_without_an_offset_is_refused(tmp_path: Path) -> None:
    """Guessing the offset is how deadlines move."""
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    own = Table("own", MetaData(), Column("id", Integer, primary_key=True), Column("at", Instant))
    add = insert(own).values(at=datetime(2026, 10, 12))
    database.run_here(own.create)
    with pytest.raises(SQLAlchemyError):
        database.run_here(lambda connection: connection.execute(add))
    database.close()
