"""An erasure of one resident, line by line of the inventory, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from gateway.privacy.inventory import AREAS
from gateway.privacy.lines import PSEUDONYM as A_PSEUDONYM
from gateway.privacy.lines import Delete, Exported, For, Keep, Line, Mention
from gateway.privacy.owned import erasing_order, owned, present, table_of

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to the rows that `rows` narrows the line's table to."""

    line: Line
    does: Delete | Keep
    rows: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Objects:
    """Who forgets files: everything of an id, or all but the copy that everybody may see."""

    forget: Callable[[str], None] = field(repr=False)
    forget_private: Callable[[str], None] = field(repr=False)


def steps_of(line: Line, subject: str) -> list[Step]:
    """What an erasure does to the line's rows of that resident; each row is meant once."""
    if line.whose is None:
        return []
    mine = owned(line, subject)
    before: ColumnElement[bool] = literal(False)
    steps = []
    for does in line.erased:
        meant = _sure(does.when(table_of(line))) if isinstance(does, Keep) and does.when else None
        rows = and_(mine, ~before) if meant is None else and_(mine, meant, ~before)
        steps.append(Step(line, does, rows))
        before = literal(True) if meant is None else or_(before, meant)
    return steps


def _sure(meant: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, false where SQL would say unknown: a row must not fall between two steps."""
    return case((meant, 1), else_=0) == 1


def measure(connection: Connection, subject: str) -> dict[str, Any]:
    """What an erasure would erase and keep now: `erased` and `kept`, counted by area. Only what an
    export shows counts; the rest is the same once more, or secrets' hashes.
    """
    areas = {line.table: area for area, lines in AREAS.items() for line in lines}
    erased: dict[str, int] = {}
    kept: dict[tuple[str, str], tuple[int, int | None]] = {}
    for line in present():
        if not isinstance(line.export, Exported):
            continue
        for step in steps_of(line, subject):
            rows = select(func.count()).select_from(table_of(line)).where(step.rows)
            number, area = connection.scalar(rows) or 0, areas[line.table]
            if not number:
                continue
            if isinstance(step.does, Delete):
                erased[area] = erased.get(area, 0) + number
            else:
                before, days = kept.get((area, step.does.reason), (0, None))
                longest = max(filter(None, (days, _days(line))), default=None)
                kept[area, step.does.reason] = (before + number, longest)
    return {
        "erased": [{"area": area, "number": number} for area, number in erased.items()],
        "kept": [
            {"area": area, "reason": reason, "number": number, "days": days}
            for (area, reason), (number, days) in kept.items()
        ],
    }


def _days(line: Line) -> int | None:
    return line.kept.time.days if isinstance(line.kept, For) and line.kept.time else None


def erase(connection: Connection, subject: str, pseudonym: str, objects: Objects) -> None:
    """Erase every row of that resident that nothing demands, and take them out of the rest.

    Files go before the transaction ends: one that cannot be removed now undoes it, and it is tried
    again.
    """
    for line in erasing_order():
        ids = _objects(connection, line, owned(line, subject)) if line.objects else frozenset()
        for step in steps_of(line, subject):
            _do(connection, step, pseudonym)
        for mention in line.mentions:
            _forget_name(connection, line, mention, subject, pseudonym)
        _forget_files(connection, line, ids, subject, objects)


def _do(connection: Connection, step: Step, pseudonym: str) -> None:
    table = table_of(step.line)
    if isinstance(step.does, Delete):
        connection.execute(delete(table).where(step.rows))
    elif step.does.values:
        values = _written(step.does.values, pseudonym)
        connection.execute(update(table).where(step.rows).values(values))


def _forget_name(
    connection: Connection, line: Line, mention: Mention, subject: str, pseudonym: str
) -> None:
    if mention.values:
        table = table_of(line)
        theirs = update(table).where(table.c[mention.column] == subject)
        connection.execute(theirs.values(_written(mention.values, pseudonym)))


def _written(values: Mapping[str, Any], pseudonym: str) -> dict[str, Any]:
    return {name: pseudonym if value is A_PSEUDONYM else value for name, value in values.items()}


def _objects(connection: Connection, line: Line, which: ColumnElement[bool]) -> frozenset[str]:
    column = table_of(line).c[line.objects]
    return frozenset(connection.scalars(select(column).where(which)))


def _forget_files(
    connection: Connection, line: Line, ids: Iterable[str], subject: str, objects: Objects
) -> None:
    """Forget the files of rows that went, and the private ones of rows that are nobody's now."""
    for one in ids:
        row = table_of(line).c[line.objects] == one
        if not _objects(connection, line, row):
            objects.forget(one)
        elif not _objects(connection, line, and_(row, owned(line, subject))):
            objects.forget_private(one)
