"""Nothing is kept longer than the inventory says, shown by moving the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway.columns import Instant
from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.photos import Photo
from gateway.privacy import retention
from gateway.privacy.lines import ERASED, For, Line
from gateway.privacy.owned import erasing_order, table_of
from gateway.privacy.tables import exports
from gateway.settings import Settings
from tests.gateway.privacy import full_residents

pytestmark = pytest.mark.postgresql

THEN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def date_back(connection: Connection) -> None:
    """Let every row that is kept for a time have begun then, and its condition be met."""
    for line in erasing_order():
        if isinstance(line.kept, For):
            values = {line.kept.column: moment_in(line, THEN), **MEETING.get(line.table, {})}
            connection.execute(update(table_of(line)).values(values))


MEETING: dict[str, dict[str, Any]] = {
    "card_enrolments": {"subject": f"{ERASED}1"},
    "health_proofs": {"correction_id": None},
}
"""What makes the rows of a line those that its time is about."""


def moment_in(line: Line, moment: datetime) -> Any:
    """The moment as the line's column has it."""
    assert isinstance(line.kept, For)
    if isinstance(table_of(line).c[line.kept.column].type, Instant):
        return moment
    return int(moment.timestamp()) // line.kept.seconds


def number_of(connection: Connection, line: Line) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table_of(line))) or 0


def test_each_line_goes_when_its_time_is_over_and_not_before(database: Database) -> None:
    """A promise about how long is only worth what a clock shows."""
    with database.transaction() as connection:
        full_residents.fill(connection)
        date_back(connection)
        for line in erasing_order():
            if not isinstance(line.kept, For):
                continue
            before, unit = number_of(connection, line), timedelta(seconds=line.kept.seconds)
            over = THEN + line.kept.time
            kept = retention.forget_aged(connection, line, over - unit, lambda one: None)
            assert (kept, number_of(connection, line)) == (0, before), line.table
            assert before, line.table
            gone = retention.forget_aged(connection, line, over + unit, lambda one: None)
            assert (gone, number_of(connection, line)) == (before, 0), line.table


async def test_the_file_of_an_export_goes_with_its_day(
    database: Database, settings: Settings
) -> None:
    """A link that is dead while the file lies there has only hidden it."""
    store = MediaStore(settings.media_url)
    export_id = "0123456789abcdef" * 2
    store.put(export_id, Photo(b"everything", b"x"))
    values = {"export_id": export_id, "subject": "a", "language": "vi", "state": "ready"}
    at = settings.clock()
    row = {**values, "created": at - timedelta(days=1), "expires": at}
    database.run_here(lambda db: db.execute(exports.insert().values(row)))
    assert await retention.sweep(settings, database, store) == 1
    with pytest.raises(FileNotFoundError):
        store.get(export_id)
    assert await retention.sweep(settings, database, store) == 0


async def test_a_sweep_that_fails_is_tried_again(database: Database, settings: Settings) -> None:
    """A store that is away for an hour must not end the tidying for good."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await retention.keep_sweeping(settings, database, None, sleep)  # type: ignore[arg-type]
    assert waits == [retention.FIRST_AFTER, *[retention.EVERY_SECONDS] * 3]
