"""Every place where something is kept has a line that says whose it is and how it goes."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Double, Integer

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway.columns import Instant
from gateway.database import metadata
from gateway.privacy.inventory import BESIDE, LINES, REASONS
from gateway.privacy.lines import (
    AnyOf,
    By,
    ByItsFeature,
    Exported,
    For,
    Keep,
    Line,
    NotExported,
    Through,
)
from gateway.privacy.owned import erasing_order, owned, table_of

ROOT = Path(__file__).parent.parent.parent.parent
NAMES_A_PERSON = {"subject", "person", "carer", "child", "actor", "actor_subject"}
NAMES_A_PERSON |= {"assigned_subject", "patient_id", "staff", "reader", "opened_by"}
"""Columns whose name says that they lead to somebody."""
NO_PERSON = {("service_request_updates", "actor"), ("certificate_history", "actor")}
NO_PERSON |= {("certificate_reads", "actor")}
"""Columns that only sound so: what kind of actor, or an officer's name as shown."""

each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: line.table)


def test_no_table_has_two_lines() -> None:
    """Of two answers one is wrong. That every table has one is asked in `test_database.py`."""
    assert {line.table for line in LINES} <= set(metadata.tables)
    assert not [name for name, times in Counter(line.table for line in LINES).items() if times > 1]


@each_line
def test_every_column_that_names_somebody_is_spoken_of(line: Line) -> None:
    """A second name in a row is a second person with rights over it."""
    ways = line.whose.ways if isinstance(line.whose, AnyOf) else (line.whose,)
    spoken = {way.column for way in ways if way} | {one.column for one in line.mentions}
    found = {
        column.name
        for column in table_of(line).columns
        if column.name in NAMES_A_PERSON and (line.table, column.name) not in NO_PERSON
    }
    through = {"patient_id"} if any(isinstance(way, By) for way in ways) else set()
    assert found - spoken - through == set()


@each_line
def test_every_line_names_columns_that_are_there(line: Line) -> None:
    """A renamed column must not leave its line behind."""
    columns = set(table_of(line).c.keys())
    named: set[str] = {one.column for one in line.mentions}
    for mention in line.mentions:
        named |= set(mention.values)
    for step in line.erased:
        named |= set(step.values) if isinstance(step, Keep) else set()
    if isinstance(line.export, Exported):
        named |= {*line.export.hides, *line.export.parsed, *line.export.files}
    named |= {line.objects} - {""}
    assert named <= columns
    if line.whose is not None:
        assert str(owned(line, "somebody"))


@each_line
def test_what_is_somebodys_leaves_with_them_or_says_why_not(line: Line) -> None:
    """Nothing of a resident may lie somewhere without an answer to both of their questions."""
    if line.whose is None:
        assert isinstance(line.export, NotExported)
        assert line.erased == ()
        return
    assert line.erased
    assert not isinstance(line.erased[-1], Keep) or line.erased[-1].when is None
    assert isinstance(line.export, Exported) or line.export.why != "it is about nobody"
    for step in line.erased:
        assert not isinstance(step, Keep) or step.reason in REASONS


@each_line
def test_every_line_says_how_long(line: Line) -> None:
    """A time that no column measures, or a job that is not there, keeps everything for ever."""
    if isinstance(line.kept, For):
        kind = table_of(line).c[line.kept.column].type
        assert isinstance(kind, Instant | BigInteger | Double | Integer)
    if isinstance(line.kept, ByItsFeature):
        module, _, function = line.kept.job.partition(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_tables_go_before_what_they_are_found_through() -> None:
    """What leads to a row must still be there when the row is looked for."""
    place = {line.table: number for number, line in enumerate(erasing_order())}
    for line in LINES:
        ways = line.whose.ways if isinstance(line.whose, AnyOf) else (line.whose,)
        for way in ways:
            if isinstance(way, Through):
                assert place[line.table] < place[way.table]
        for key in table_of(line).foreign_keys:
            assert place[line.table] < place[key.column.table.name]


def test_every_table_outside_the_gateway_is_written_down() -> None:
    """The web host and the vault have tables of their own."""
    known = " ".join(one.name for one in BESIDE)
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "services").rglob("*.py")]:
        for name in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", path.read_text("utf-8")):
            assert name in known, f"{path.name}: {name} needs a Beside(…) in inventory/beside.py"


def test_only_the_media_store_keeps_objects() -> None:
    """A second place that writes objects would be a place no erasure knows."""
    uses = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gateway").rglob("*.py")
        if re.search(r"^\s*(import|from) obstore", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert uses == ["gateway/media_store.py"]


def test_no_cache_of_the_gateway_remembers_a_resident() -> None:
    """What a cache keeps outlives an erasure: none may be asked by a resident's name."""
    for path in (ROOT / "gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "cache" in ast.unparse(mark) for mark in node.decorator_list
            ):
                asked = {argument.arg for argument in node.args.args}
                assert not asked & (NAMES_A_PERSON | {"row", "resident"}), f"{path}: {node.name}"
