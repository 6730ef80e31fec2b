"""`python -m gateway facilities`: the register of who may send records, and their credentials."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from sqlalchemy import func, select

from gateway.database import Database
from gateway.health_records.facilities import add_facility, end_facility
from gateway.health_records.sandbox import seed
from gateway.health_records.tables import bundles, facilities
from gateway.settings import Settings


def facilities_command(argv: Sequence[str], settings: Settings) -> int:
    """Run one of the commands; 0 when it did what it says, 1 when there is no such facility."""
    options = _parser().parse_args(argv)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        database.migrate()
        seed(settings, database)
        return _COMMANDS[options.command](options, settings, database)
    finally:
        database.close()


def _add(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    at = settings.clock()
    secret = database.run_here(
        lambda c: add_facility(c, options.facility, options.name, options.ward, at)
    )
    print(f"The credential of {options.facility}, shown this once:\n{options.facility}.{secret}")
    return 0


def _end(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    at = settings.clock()
    ended = database.run_here(lambda c: end_facility(c, options.facility, at))
    name = options.facility
    print(f"{name} sends no more." if ended else f"There is no facility {name}.")
    return 0 if ended else 1


def _list(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    """One line a facility: id, name, ward, state, bundles sent."""
    sent = (
        select(bundles.c.facility_id, func.count().label("sent"))
        .group_by(bundles.c.facility_id)
        .subquery()
    )
    query = (
        select(facilities, sent.c.sent)
        .outerjoin(sent, sent.c.facility_id == facilities.c.facility_id)
        .order_by(facilities.c.facility_id)
    )
    for row in database.run_here(lambda c: c.execute(query).all(), write=False):
        state = "ended" if row.ended_at else "sends" if row.secret_hash else "connected"
        print(row.facility_id, row.name, row.ward_code, state, row.sent or 0, sep="\t")
    return 0


_COMMANDS = {"add": _add, "end": _end, "list": _list}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway facilities",
        description="The register of health facilities, and the credentials they send with.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add one, or give one a new credential")
    add.add_argument("facility", help="its id: small letters, digits and hyphens")
    add.add_argument("--name", default="", help="its name; needed for a new one")
    add.add_argument("--ward", default="", help="the code of its ward")
    end = commands.add_parser("end", help="let one send no more")
    end.add_argument("facility")
    commands.add_parser("list", help="one line a facility")
    return parser
