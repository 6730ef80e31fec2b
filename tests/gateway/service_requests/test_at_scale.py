"""Reports stay quick to read in a large city: what is read comes from an index, in few statements,
and not again when nothing has changed. `make bench-reports` measures it with a million.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gateway.database import Database
from tests.bench.city_of_reports import fill
from tests.bench.report_reads import (
    READS,
    Read,
    Statement,
    Step,
    plan_of,
    reading,
    settings_of,
    statements,
)
from tests.support.postgres import empty

ON_SQLITE = 2_000
"""SQLite plans by what indexes there are, not by how much there is."""
ON_POSTGRES = 20_000
MOST_SORTED = 700
"""Five states of a hundred reports each are put in order, and whatever hangs on one answer."""

_FEW = re.compile(r"\((service_request_id|split_from|subject)=\?")
_SORTED = re.compile(r"^\s*(?:->)?\s*Sort .*rows=(\d+)")


@pytest.fixture(scope="module")
def filled_sqlite(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A folder with a SQLite database of reports in it, and its address."""
    folder = tmp_path_factory.mktemp("reports")
    file = folder / "reports.sqlite3"
    shutil.copy(migrated_sqlite, file)
    url = f"sqlite:///{file}"
    fill(url, ON_SQLITE, settings_of(folder, url))
    return folder, url


@pytest.fixture(scope="module")
def filled_postgres(
    postgres_url: str, postgres_sweeper: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """The same on PostgreSQL, which plans by how much there is."""
    folder = tmp_path_factory.mktemp("reports-postgres")
    empty(postgres_sweeper)
    fill(postgres_url, ON_POSTGRES, settings_of(folder, postgres_url))
    yield folder, postgres_url
    empty(postgres_sweeper)


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Folder and address of a filled database, of each kind in turn."""
    found: tuple[Path, str] = request.getfixturevalue(f"filled_{request.param}")
    return found


def slow_steps(database: Database, statement: Statement) -> list[str]:
    """The steps that read a whole table, or put in order more than hangs on one answer."""
    plan = plan_of(database, statement)
    if database.engine.dialect.name == "sqlite":
        has_end = " LIMIT " in statement.sql
        return [step.detail for step in plan if _is_slow_on_sqlite(step, plan, has_end)]
    return [step.detail for step in plan if _is_slow_on_postgres(step.detail)]


def _is_slow_on_sqlite(step: Step, plan: list[Step], has_end: bool) -> bool:
    beside = [one.detail for one in plan if one.group == step.group]
    is_sorting = any("TEMP B-TREE FOR ORDER BY" in detail for detail in beside)
    if step.detail.startswith("SCAN anon_"):
        return False
    if step.detail.startswith("SCAN "):  # An index walked in its order may end early.
        return " USING " not in step.detail or is_sorting or not has_end
    if "TEMP B-TREE FOR ORDER BY" not in step.detail:
        return False
    read = [detail for detail in beside if detail.startswith("SEARCH ")]
    return not all(_FEW.search(detail) for detail in read)


def _is_slow_on_postgres(detail: str) -> bool:
    put_in_order = _SORTED.match(detail)
    if put_in_order:
        return int(put_in_order[1]) > MOST_SORTED
    return "Seq Scan on" in detail


@pytest.mark.parametrize("read", READS, ids=lambda read: read.name)
async def test_what_is_read_comes_from_an_index(filled: tuple[Path, str], read: Read) -> None:
    """A million reports must not make one resident wait: no table is read whole, and nothing but
    an answer is put in order.
    """
    folder, url = filled
    async with reading(settings_of(folder, url)) as city:
        with statements(city.database.engine) as sent:
            answer = await city.get(read)
        assert answer.json()
        assert sent
        for statement in sent:
            slow = slow_steps(city.database, statement)
            assert slow == [], f"{slow} of {statement.sql[:2000]}"


@pytest.mark.parametrize("read", [r for r in READS if r.hot], ids=lambda read: read.name)
async def test_a_screen_costs_four_statements_at_most(
    filled_sqlite: tuple[Path, str], read: Read
) -> None:
    """However long the list: a statement for each of its reports would be a hundred."""
    folder, url = filled_sqlite
    async with reading(settings_of(folder, url)) as city:
        with statements(city.database.engine) as sent:
            await city.get(read)
        assert 1 <= len(sent) <= 4


@pytest.mark.parametrize(
    "bad",
    [
        "SELECT * FROM service_requests WHERE description LIKE 'x%'",
        "SELECT * FROM service_requests WHERE status_code = 'done' ORDER BY address",
        "SELECT * FROM service_requests WHERE status_code <> 'done' ORDER BY lat",
    ],
)
async def test_a_slow_statement_would_be_seen(filled: tuple[Path, str], bad: str) -> None:
    """The tests above can fail."""
    folder, url = filled
    async with reading(settings_of(folder, url)) as city:
        with statements(city.database.engine) as sent, city.database.transaction() as connection:
            connection.exec_driver_sql(bad.replace("%", "%%") if "postgres" in url else bad)
        assert slow_steps(city.database, sent[0])


@pytest.mark.parametrize("name", ["mine", "public list", "nearby", "queue of a ward", "inbox"])
async def test_an_unchanged_list_costs_less_than_a_kilobyte(
    filled_sqlite: tuple[Path, str], name: str
) -> None:
    """Opening the app again on a metered connection costs next to nothing."""
    folder, url = filled_sqlite
    read = next(read for read in READS if read.name == name)
    async with reading(settings_of(folder, url)) as city:
        first = await city.get(read)
        again = await city.get(read, **{"If-None-Match": first.headers["ETag"]})
        assert len(first.content) > 5_000
        assert again.status_code == 304
        head = sum(len(field) + len(value) + 4 for field, value in again.headers.raw)
        assert head + len(again.content) + len("HTTP/1.1 304 Not Modified\r\n\r\n") < 1_000
