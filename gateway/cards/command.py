"""`python -m gateway gates`: add and end gates, list them, list flagged taps, print the root key."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from gateway.cards.gate_credentials import KINDS, add_gate, check_names, end_gate
from gateway.cards.gate_tables import gates, taps
from gateway.cards.root import open_root
from gateway.database import Database
from gateway.registers.passes import fare_classes
from gateway.settings import Settings

_MODE = 0o600


def gates_command(argv: Sequence[str], settings: Settings) -> int:
    """Run one of the commands; 0 when it did what it says, 1 when there is no such gate."""
    options = _parser().parse_args(argv)
    if options.command == "root":
        print(_root(settings))
        return 0
    database = Database(settings.database_url)
    try:
        return int(_COMMANDS[options.command](options, settings, database))
    finally:
        database.close()


def _add(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    """Write the gate's own file, which alone holds its secret."""
    file, at = Path(options.out or f"{options.gate}.json"), _now(settings)
    root = _root(settings)
    check_names(options.gate, options.place)
    # The file comes first: a secret that could not be written must not replace the old one.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        secret = database.run_here(
            lambda db: add_gate(db, options.gate, options.kind, options.place, at)
        )
        setup = {
            "gateway": options.gateway or settings.api_url,
            "gate_id": options.gate,
            "secret": secret,
            "root": root,
            "direction": options.direction,
            "products": options.product,
            "groups": fare_classes(options.language, settings.clock().date()),
        }
        out.write(json.dumps(setup, indent=2) + "\n")
    os.chmod(file, _MODE)
    print(f"{file} holds the gate's secret: bring it to the gate and leave no copy here.")
    return 0


def _end(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    ended = database.run_here(lambda db: end_gate(db, options.gate, _now(settings)))
    print(f"{options.gate} uploads no more." if ended else f"There is no gate {options.gate}.")
    return 0 if ended else 1


def _list(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    """One line a gate: name, kind, place, state, last upload (UTC seconds), refused taps."""
    found = select(gates).order_by(gates.c.gate_id)
    for row in database.run_here(lambda db: db.execute(found).all(), write=False):
        state = "ended" if row.ended_at else "active"
        last = row.last_upload_at or "-"
        print(row.gate_id, row.kind, row.place_id, state, last, row.refused_taps, sep="\t")
    return 0


def _flagged(options: argparse.Namespace, settings: Settings, database: Database) -> int:
    """One line a flagged tap, newest first: moment (UTC seconds), card, gate, direction, reason."""
    columns = (taps.c.moment, taps.c.card_id, taps.c.gate_id, taps.c.direction, taps.c.flagged)
    found = select(*columns).where(taps.c.flagged.is_not(None)).order_by(taps.c.moment.desc())
    for row in database.run_here(lambda db: db.execute(found.limit(1000)).all(), write=False):
        print(*row, sep="\t")
    return 0


_COMMANDS = {"add": _add, "end": _end, "list": _list, "flagged": _flagged}


def _root(settings: Settings) -> str:
    """The public half of the root key in hex."""
    return open_root(settings).public_key().public_bytes_raw().hex()


def _now(settings: Settings) -> int:
    return int(settings.clock().timestamp())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway gates", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help="add a gate, or give one a new credential")
    adding.add_argument("gate", help="its name: small letters, digits, hyphens")
    adding.add_argument("--place", required=True, help="the stop or yard where it stands")
    adding.add_argument("--kind", choices=KINDS, default="transit", help="default: transit")
    adding.add_argument("--direction", choices=("in", "out"), default="in", help="default: in")
    adding.add_argument("--product", type=int, action="append", default=[], help="take only this")
    adding.add_argument("--language", choices=("vi", "en"), default="vi", help="of its display")
    adding.add_argument("--gateway", help="the address gates use; default: this installation's")
    adding.add_argument("--out", help="the file for the gate; default: NAME.json")
    ending = commands.add_parser("end", help="let a gate upload no more")
    ending.add_argument("gate")
    commands.add_parser("list", help=_list.__doc__)
    commands.add_parser("flagged", help=_flagged.__doc__)
    commands.add_parser("root", help="print the root's public key, which gates pin")
    return parser
