"""`python -m gate check`: codes on standard input, one verdict a line on standard output."""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

from gate.code import Gate, check
from gate.keys import DenyList, GateError, KeySet
from gate.memory import Memory

_LONGEST_LINE = 4096
_PRODUCTS = range(0x10000)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(2, f"{sentence}.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when the input ended, 2 with one sentence when it cannot run."""
    options = _parser().parse_args(arguments)
    try:
        _check(options)
    except GateError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Nobody reads the verdicts any more; the interpreter must not fail flushing them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a stream without CR and LF at their ends; an endless one is cut, not kept."""
    while line := stream.readline(_LONGEST_LINE):
        rest = line
        while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE)
        yield line.decode("latin-1").strip("\r\n")


def _check(options: argparse.Namespace) -> None:
    if options.keys is None:
        print("No key file (--keys): every code is answered unknown_key.", file=sys.stderr)
    gate = Gate(
        keys=KeySet.load(options.keys) if options.keys else KeySet(),
        deny=DenyList.load(options.deny) if options.deny else DenyList(),
        products=frozenset(options.product),
        direction=options.direction,
        gate_id=options.gate,
    )
    clock: Callable[[], float] = time.time if options.at is None else lambda: options.at
    memory = Memory(options.state)
    for text in lines(sys.stdin.buffer):
        answer = check(text, gate, memory, clock())
        card = answer.code.card_id.hex() if answer.code else "-"
        print(f"{answer.verdict}\t{card}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m gate", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="check")
    checking = commands.add_parser(
        "check",
        allow_abbrev=False,
        help="read codes on standard input, one a line; print the verdict, a tab, the card id",
    )
    add = checking.add_argument
    add("--keys", type=Path, metavar="FILE", help="the issuer's keys, as /api/gate/keys says them")
    add("--deny", type=Path, metavar="FILE", help="refused card ids, 16 hex digits a line")
    add("--product", type=_product, action="append", default=[], metavar="N", help="take only this")
    add("--direction", choices=("in", "out"), default="in", help="default: in")
    add("--gate", default="gate", metavar="ID", help="this gate's name in its memory")
    add("--at", type=_moment, metavar="UNIX_SECONDS", help="check as if it were then")
    add("--state", type=Path, metavar="FILE", help="keep the memory here; default: this run only")
    return parser


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
