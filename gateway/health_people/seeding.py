"""What must stand before the first request: the copy of the register's relations."""

from __future__ import annotations

from gateway.database import Database
from gateway.health_people.relations import recorded, replace_relations
from gateway.registers.population import sandbox_residents
from gateway.settings import Settings


def seed(settings: Settings, database: Database) -> None:
    """Take the sandbox register's relations over. A city's register is not connected yet: none."""
    found = recorded(sandbox_residents()) if settings.sandbox else ()
    with database.alone() as connection:
        replace_relations(connection, found)
