"""An erasure is complete: every table, every file, and nobody else's."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Column, Select, func, select

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway.database import Database
from gateway.jobs import Job
from gateway.media_store import MediaStore
from gateway.photos import Photo
from gateway.privacy import erasures
from gateway.privacy.inventory import LINES
from gateway.privacy.lines import ERASED, Delete, Keep
from gateway.privacy.owned import owned, table_of
from gateway.privacy.tables import erasures as table
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, on_sqlite
from tests.gateway.privacy import full_residents

MEDIA = next(line for line in LINES if line.table == "media")
ENDINGS = re.compile(r"(-public|-thumbnail)?\.(jpg|pdf|zip)$")

pytestmark = pytest.mark.postgresql


@pytest.fixture
def store(settings: Settings) -> MediaStore:
    """The media store of that city."""
    return MediaStore(settings.media_url)


@pytest.fixture
def full(database: Database, store: MediaStore) -> Database:
    """A city in which two residents have something everywhere, files too."""
    database.run_here(full_residents.fill)
    for line in LINES:
        if line.objects:
            column = table_of(line).c[line.objects]
            for one in values_of(database, column):
                store.put(one, Photo(b"full", b"small"))
                store.put_document(one, b"document")
                store.put_public(one, b"public")
    return database


def values_of(database: Database, column: Column[Any]) -> list[Any]:
    """Every value of a column."""
    found = select(column)
    return database.run_here(lambda db: list(db.scalars(found)), write=False)


def count(database: Database, rows: Select[Any]) -> int:
    """What a counting query says."""
    return database.run_here(lambda db: db.scalar(rows), write=False) or 0


async def erase(database: Database, settings: Settings, store: MediaStore) -> str:
    """Erase the resident's account, and return the erasure's id."""
    now = settings.clock()
    erasure_id = database.run_here(lambda db: erasures.ask(db, RESIDENT, now))
    job = Job(1, erasures.JOB, erasure_id, 0, "")
    await erasures.Erasing(settings, database, store).handle(job)
    return erasure_id


async def test_nothing_leads_to_an_erased_resident_in_any_table(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """One forgotten table is enough to find somebody again."""
    await erase(full, settings, store)
    for line in LINES:
        if Keep("population_register") in line.erased:
            continue  # The register itself names them; this is its copy.
        if line.whose is not None:
            rows = select(func.count()).select_from(table_of(line)).where(owned(line, RESIDENT))
            assert count(full, rows) == 0, line.table
        for column in table_of(line).columns:
            found = values_of(full, column)
            assert RESIDENT not in found, f"{line.table}.{column.name}"


async def test_what_stays_holds_only_what_its_line_says(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """A kept row with the resident's words in it is a row that was not looked at."""
    await erase(full, settings, store)
    left = full.run_here(lambda db: full_residents.everything(db, RESIDENT))
    for line in LINES:
        keeps = [step for step in line.erased if isinstance(step, Keep)]
        if not keeps:
            assert left[line.table] == [], line.table
        for row in left[line.table]:
            names = [column.name for column in table_of(line).columns]
            holding = {n for n, cell in zip(names, row, strict=True) if RESIDENT in str(cell)}
            written = set.intersection(*(set(step.values) for step in keeps))
            assert not holding & written, (line.table, holding & written)


async def test_another_residents_rows_are_as_they_were(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """An erasure that reaches a neighbour is the worst of all mistakes."""
    before = full.run_here(lambda db: full_residents.everything(db, STRANGER))
    await erase(full, settings, store)
    assert full.run_here(lambda db: full_residents.everything(db, STRANGER)) == before
    assert all(before[line.table] for line in LINES if line.whose and Delete() in line.erased)


async def test_files_go_with_their_rows_and_public_copies_stay(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """A photo without a row is a photo that nobody ever removes."""
    folder = settings.data_folder / "media"
    await erase(full, settings, store)
    kept = {}
    for line in LINES:
        if line.objects:
            kept[line.table] = set(values_of(full, table_of(line).c[line.objects]))
    ids = set().union(*kept.values())
    assert {ENDINGS.sub("", path.name) for path in folder.iterdir()} == ids
    [mine] = full.run_here(
        lambda db: db.scalars(
            select(table_of(MEDIA).c.media_id).where(table_of(MEDIA).c.subject.startswith(ERASED))
        ).all()
    )
    assert {path.name for path in folder.iterdir() if mine in path.name} == {f"{mine}-public.jpg"}


@on_sqlite
async def test_the_file_of_the_database_holds_nothing_of_what_was_erased(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """A deleted row lies in a file's free pages until something is written over it."""
    await erase(full, settings, store)
    left = str(full.run_here(lambda db: full_residents.everything(db, RESIDENT)))
    full.close()
    path = settings.data_folder / "gateway.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = re.findall(rf"{RESIDENT}\.[a-z_]+\.[a-z_0-9]+\.\d", path.read_bytes().decode("latin-1"))
    assert held
    assert not [words for words in held if words not in left]


async def test_a_second_run_of_the_job_changes_nothing(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """A worker that died after its work is done once more by another."""
    erasure_id = await erase(full, settings, store)
    job = Job(1, erasures.JOB, erasure_id, 0, "")
    first = full.run_here(lambda db: db.execute(select(table)).all())
    await erasures.Erasing(settings, full, store).handle(job)
    assert full.run_here(lambda db: db.execute(select(table)).all()) == first


async def test_the_receipt_counts_and_names_nobody(
    full: Database, settings: Settings, store: MediaStore
) -> None:
    """It is what a resident has in hand afterwards; anybody who finds it learns nothing of them."""
    erasure_id = await erase(full, settings, store)
    row = full.run_here(lambda db: erasures.find(db, erasure_id))
    assert (row.state, row.subject, row.pseudonym) == ("done", None, "")
    assert {item["area"] for item in row.receipt["erased"]} >= {"reports", "health", "cards"}
    assert {item["reason"] for item in row.receipt["kept"]} >= {"accounting", "public_record"}
    assert RESIDENT not in str(row.receipt)
