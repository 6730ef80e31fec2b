"""The commands of a gate's keeper: sync, status, serve."""

from __future__ import annotations

import argparse
import sys
import threading

from gate.board import Board
from gate.serving import Display, beside, keep_synced, watch
from gate.station import Standing, Station

_HOUR = 3600.0


def sync(options: argparse.Namespace) -> int:
    """Fetch and upload once; 1 when a part failed. Raises GateError."""
    station = Station(options.folder)
    done = station.sync()
    print(f"uploaded {done.uploaded} taps, {done.refused} refused")
    _print(station.standing())
    for trouble in done.troubles:
        print(trouble, file=sys.stderr)
    station.close()
    return 1 if done.troubles else 0


def status(options: argparse.Namespace) -> int:
    """Say how the gate stands; 1 when nobody may pass. Raises GateError."""
    station = Station(options.folder)
    standing = station.standing()
    _print(standing)
    for trouble in standing.troubles:
        print(trouble, file=sys.stderr)
    station.close()
    return 1 if standing.troubles else 0


def serve(options: argparse.Namespace) -> int:
    """Serve the display until the program is ended. Raises GateError."""
    board = Board(Station(options.folder), options.language)
    display = Display(board, options.port)
    print(f"The display is at {display.address}", flush=True)
    if options.sync_every:
        beside(lambda: keep_synced(options.folder, options.sync_every, threading.Event()))
    if options.frames:
        beside(lambda: watch(board, options.frames))
    try:
        display.serve_forever()
    finally:
        display.server_close()
    return 0


def _print(standing: Standing) -> None:
    clock = standing.clock
    how = "carried" if clock.carried else "by the wall clock"
    if clock.error is not None:
        how += f", within {clock.error:.1f} s"
    print(f"gate\t{standing.gate_id}")
    print(f"keys\t{_age(standing.keys_age)}")
    print(f"deny list\t{_age(standing.deny_age)}, {standing.denied} cards")
    print(f"clock\tset {_age(clock.measured_ago)}, {how}")
    print(f"taps\t{standing.waiting} wait, {standing.refused} refused by the gateway")
    print("ready" if not standing.troubles else "not ready")


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    if seconds < _HOUR:
        return f"{max(0, seconds) / 60:.0f} minutes ago"
    return f"{seconds / _HOUR:.1f} hours ago"
