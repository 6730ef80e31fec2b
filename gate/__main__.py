"""The gate's commands: check codes, sync with the gateway, say how it stands, serve its display."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gate import checking, operating
from gate.keys import GateError

_PRODUCTS = range(0x10000)
_PLAIN = ("keys", "deny", "product", "state", "at")
DISPLAY_PORT = 8570


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(2, f"{sentence}.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when all went well, 2 with one sentence when it cannot run."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "check" and options.folder and any(map(vars(options).get, _PLAIN)):
        parser.error("--folder has its own keys, deny list, products, memory and clock")
    try:
        return int(options.run(options))
    except GateError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Nobody reads the verdicts any more; the interpreter must not fail flushing them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m gate", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="check|sync|status|serve"
    )
    checking_ = commands.add_parser(
        "check",
        allow_abbrev=False,
        help="read codes on standard input, one a line; print the verdict, a tab, the card id",
    )
    _add_check(checking_)
    for name, run, told in (
        ("sync", operating.sync, "fetch keys, time and deny list, upload taps; 1 if a part failed"),
        ("status", operating.status, "say how old keys, deny list and clock are; 1 if not ready"),
        ("serve", operating.serve, "serve the display's page on this machine, and keep in sync"),
    ):
        command = commands.add_parser(name, allow_abbrev=False, help=told)
        command.add_argument("folder", type=Path, help="the gate's folder, with its gate.json")
        command.set_defaults(run=run)
        if name == "serve":
            _add_serve(command)
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    parser.set_defaults(run=checking.run)
    add("pictures", type=Path, nargs="*", help="read the codes off these pictures instead")
    add("--frames", type=Path, metavar="FOLDER", help="read and delete a camera's pictures there")
    add("--folder", type=Path, metavar="FOLDER", help="a gate's folder, kept by sync")
    add("--keys", type=Path, metavar="FILE", help="the issuer's keys, as /api/gate/keys says them")
    add("--deny", type=Path, metavar="FILE", help="refused card ids, 16 hex digits a line")
    add("--product", type=_product, action="append", default=[], metavar="N", help="take only this")
    add("--direction", choices=("in", "out"), default="in", help="default: in")
    add("--gate", default="gate", metavar="ID", help="this gate's name in its memory")
    add("--at", type=_moment, metavar="UNIX_SECONDS", help="check as if it were then")
    add("--state", type=Path, metavar="FILE", help="keep the memory here; default: this run only")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--port", type=int, default=DISPLAY_PORT, help=f"default: {DISPLAY_PORT}")
    add("--language", choices=("vi", "en"), default="vi", help="default: vi")
    add("--frames", type=Path, metavar="FOLDER", help="read and delete a camera's pictures there")
    add("--sync-every", type=_moment, default=60.0, metavar="SECONDS", help="default: 60; 0: never")


def _product(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or int(word) not in _PRODUCTS:
        raise argparse.ArgumentTypeError(f"a product is a number from 0 to 65535, not {word!r}")
    return int(word)


def _moment(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"a time is UTC seconds since 1970, not {word!r}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
