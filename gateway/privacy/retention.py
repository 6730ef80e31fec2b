"""What is over its time goes, each hour: the times are the inventory's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from gateway.columns import Instant
from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.privacy.lines import AnyOf, For, Line, Through
from gateway.privacy.owned import erasing_order, present, table_of
from gateway.repeating import Sleep, repeat
from gateway.settings import Settings

FIRST_AFTER, EVERY_SECONDS = 90.0, 3600.0

Forget = Callable[[str], None]


def aged(line: Line, now: datetime) -> ColumnElement[bool]:
    """What narrows the line's table to rows that are over their time. Raises ValueError for a line
    whose time is not a column's.
    """
    if not isinstance(line.kept, For):
        raise ValueError(f"{line.table} is not kept for a time of its own")
    table, kept = table_of(line), line.kept
    column, oldest = table.c[kept.column], now - kept.time
    if isinstance(column.type, Instant):
        over = column <= oldest
    else:
        over = column <= int(oldest.timestamp()) // kept.seconds
    return over if kept.when is None else and_(over, kept.when(table))


def forget_aged(connection: Connection, line: Line, now: datetime, forget: Forget) -> int:
    """Remove the line's rows that are over their time, what hangs on them first; how many."""
    over, table = aged(line, now), table_of(line)
    if connection.execute(select(table).where(over).limit(1)).first() is None:
        return 0
    for below in present():
        for way in _through(below, line.table):
            _forget_below(connection, below, way, over)
    if line.objects:
        for one in connection.scalars(select(table.c[line.objects]).where(over)).all():
            forget(one)
    return connection.execute(delete(table).where(over)).rowcount


def _forget_below(
    connection: Connection, line: Line, way: Through, over: ColumnElement[bool]
) -> None:
    """Remove the rows that hang on rows that are over, and what hangs on them in turn."""
    table = table_of(line)
    hang = [key for key in table.c[way.column].foreign_keys if key.column.table.name == way.table]
    if not hang:
        return
    under = table.c[way.column].in_(select(hang[0].column).where(over))
    for below in present():
        for further in _through(below, line.table):
            _forget_below(connection, below, further, under)
    connection.execute(delete(table).where(under))


def _through(line: Line, table: str) -> list[Through]:
    ways = line.whose.ways if isinstance(line.whose, AnyOf) else (line.whose,)
    return [way for way in ways if isinstance(way, Through) and way.table == table]


async def sweep(settings: Settings, database: Database, store: MediaStore) -> int:
    """Remove everything that is over its time now; how many rows. Each table is a transaction."""
    now, found = settings.clock(), 0
    for line in erasing_order():
        if isinstance(line.kept, For):
            work = partial(forget_aged, line=line, now=now, forget=store.delete)
            found += await database.run(work)
    return found


async def keep_sweeping(
    settings: Settings, database: Database, store: MediaStore, sleep: Sleep = asyncio.sleep
) -> None:
    """Do so each hour until cancelled; what failed is tried an hour later."""
    await repeat(
        lambda: sweep(settings, database, store),
        EVERY_SECONDS,
        "retention_not_done",
        first_after=FIRST_AFTER,
        sleep=sleep,
    )
