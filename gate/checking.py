"""`python -m gate check`: codes from lines, pictures or a camera's folder; one verdict a line."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

from gate.code import Answer, Gate, check
from gate.images import codes_in_file, frames
from gate.keys import DenyList, KeySet
from gate.memory import Memory
from gate.station import NOT_READY, Station

_LONGEST_LINE = 4096
_UNREAD = "unread\t-"
Answering = Callable[[str], Answer | str]


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a stream without CR and LF at their ends; an endless one is cut, not kept."""
    while line := stream.readline(_LONGEST_LINE):
        rest = line
        while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE)
        yield line.decode("latin-1").strip("\r\n")


def run(options: argparse.Namespace) -> int:
    """Answers every code; 0 when the input ended. Raises GateError."""
    answer = _by_folder(options) if options.folder else _by_files(options)
    said = ""
    for text in _texts(options):
        if text is None:
            print(_UNREAD, flush=True)
            continue
        found = answer(text)
        if isinstance(found, str):
            if found != said:
                print(found, file=sys.stderr)
            said = found
            print(f"{NOT_READY}\t-", flush=True)
        else:
            said = ""
            card = found.code.card_id.hex() if found.code else "-"
            print(f"{found.verdict}\t{card}", flush=True)
    return 0


def _texts(options: argparse.Namespace) -> Iterator[str | None]:
    """The codes in their order; None for a picture that shows none."""
    if options.frames:
        yield from frames(options.frames)
    elif options.pictures:
        for path in options.pictures:
            found = codes_in_file(path)
            yield from found
            if not found:
                yield None
    else:
        yield from lines(sys.stdin.buffer)


def _by_folder(options: argparse.Namespace) -> Answering:
    station = Station(options.folder)
    for trouble in station.standing().troubles:
        print(trouble, file=sys.stderr)
    return station.answer


def _by_files(options: argparse.Namespace) -> Answering:
    """A gate that was given plain files: nobody says how old they are."""
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
    return lambda text: check(text, gate, memory, clock())
