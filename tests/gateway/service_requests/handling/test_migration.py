"""Reports that were there before handling was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from gateway import database as module
from gateway.database import Database
from gateway.service_requests.tables import media, service_request_updates, service_requests
from tests.gateway.service_requests.reports import SENT

_ROWS = {
    "service_requests": {
        "service_request_id": "HN-2610-00001",
        "subject": "test-minh-anh",
        "service_code": "pothole",
        "description": "Ổ gà sâu.",
        "status_code": "needs_resident",
        "status_notes": "Ở đâu?",
        "urgency": "normal",
        "agency_responsible": "UBND phường Hoàn Kiếm",
        "service_notice": "",
        "requested_datetime": SENT,
        "updated_datetime": SENT,
        "expected_datetime": SENT,
        "working_days": ["2026-10-13"],
        "address": "",
        "ward_code": "00070",
        "hide_name": True,
    },
    "service_request_updates": {
        "update_id": "HN-2610-00001-001",
        "service_request_id": "HN-2610-00001",
        "status_code": "needs_resident",
        "datetime": SENT,
        "description": "Ở đâu?",
        "agency": "",
        "actor": "",
    },
    "media": {
        "media_id": "0" * 32,
        "subject": "test-minh-anh",
        "service_request_id": "HN-2610-00001",
        "position": 0,
        "stage": "before",
        "description": "",
        "created": SENT,
    },
}


def _migrate(database: Database, *, to: str, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(module._MIGRATIONS))
    with database.alone() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


def _rows(database: Database) -> dict[str, int]:
    tables = (service_requests, service_request_updates, media)
    with database.transaction(write=False) as connection:
        counted = {t.name: sa.select(sa.func.count()).select_from(t) for t in tables}
        return {name: connection.scalar(count) or 0 for name, count in counted.items()}


def test_reports_photos_and_timelines_live_through_the_migration(database: Database) -> None:
    """Children of a table that is made anew are easily dropped with it."""
    _migrate(database, to="service_requests_0001", down=True)
    with database.transaction() as connection:
        for table in (service_requests, service_request_updates, media):
            connection.execute(sa.insert(table).values(_ROWS[table.name]).inline())
    assert set(_rows(database).values()) == {1}
    _migrate(database, to="heads")
    assert set(_rows(database).values()) == {1}
    with database.transaction(write=False) as connection:
        row = connection.execute(sa.select(service_requests)).one()
        photo = connection.execute(sa.select(media)).one()
    assert (row.agency_code, row.revision, row.question) == ("ward-00070", 1, "Ở đâu?")
    assert (row.paused_since, row.closed_datetime) == (SENT, None)
    assert (row.attributes, row.submitter, row.working_days) == ({}, "resident", ["2026-10-13"])
    assert (photo.kind, photo.cleared, photo.boxes) == ("photo", False, [])
    _migrate(database, to="service_requests_0001", down=True)
    assert set(_rows(database).values()) == {1}
    _migrate(database, to="heads")


def test_the_tables_in_the_code_are_those_of_the_migrations(database: Database) -> None:
    """A column that only one of the two knows fails at the first resident who needs it."""
    with database.transaction(write=False) as connection:
        found = sa.inspect(connection)
        names = (
            "service_requests",
            "service_request_updates",
            "media",
            "follows",
            "notices",
            "changes",
            "desk_log",
            "presence",
        )
        for name in names:
            table = module.metadata.tables[name]
            columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
            assert columns == {column.name: column.nullable for column in table.columns}, name
            indexes = {str(index["name"]) for index in found.get_indexes(name)}
            assert {str(index.name) for index in table.indexes} <= indexes, name
