"""Which rows of a table are a resident's, and in which order tables must go."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter

from sqlalchemy import ColumnElement, Table, or_, select

from gateway.database import metadata
from gateway.privacy.inventory import BY_TABLE, LINES
from gateway.privacy.lines import AnyOf, By, Line, Through, Whose


def table_of(line: Line) -> Table:
    """The table of that line."""
    return metadata.tables[line.table]


def owned(line: Line, subject: str) -> ColumnElement[bool]:
    """What narrows the line's table to that resident's rows. Raises ValueError for nobody's."""
    if line.whose is None:
        raise ValueError(f"{line.table} is nobody's")
    return _narrowed(table_of(line), line.whose, subject)


def _narrowed(table: Table, whose: Whose, subject: str) -> ColumnElement[bool]:
    if isinstance(whose, By):
        return table.c[whose.column] == subject
    if isinstance(whose, AnyOf):
        return or_(*(_narrowed(table, way, subject) for way in whose.ways))
    above = BY_TABLE[whose.table]
    key = table_of(above).c[whose.key or whose.column]
    return table.c[whose.column].in_(select(key).where(owned(above, subject)))


def present() -> list[Line]:
    """The lines of this installation: one with a real identity provider never loads the sandbox's
    tables.
    """
    return [line for line in LINES if line.table in metadata.tables]


def erasing_order() -> list[Line]:
    """Every line, each before those that its rows are found through or hang on."""
    lines = present()
    known = {line.table for line in lines}
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in known})
    for line in lines:
        for above in {*_ways(line.whose), *_hangs_on(table_of(line))} & known - {line.table}:
            order.add(above, line.table)
    return [BY_TABLE[name] for name in order.static_order()]


def _ways(whose: Whose | None) -> Iterator[str]:
    ways = whose.ways if isinstance(whose, AnyOf) else (whose,)
    return (way.table for way in ways if isinstance(way, Through))


def _hangs_on(table: Table) -> Iterator[str]:
    return (key.column.table.name for key in table.foreign_keys)
