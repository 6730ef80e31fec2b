"""Two recordings as one, and what a manifest says of them."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from services.diagnostics.ring import Event

PACKAGES = ("flet", "httpx", "cryptography", "pillow")


def versions() -> dict[str, str]:
    """The versions that decide how the app behaves."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def renumbered(events: list[Event]) -> list[Event]:
    """Two recordings as one: steps go on counting, and times count from the first."""
    found: list[Event] = []
    shift, base, last = 0, 0.0, 0
    origin = started(events)
    for event in events:
        own = event.get("step")
        if own is not None and own["number"] + shift <= last:
            # The second recording begins here: its numbers and seconds start again.
            shift = last
            began = _began(event, own["at"])
            base = (began - origin).total_seconds() if origin else 0.0
        found.append(_moved(event, shift, base))
        if own is not None:
            last = own["number"] + shift
    return found


def _moved(event: Event, shift: int, base: float) -> Event:
    if not shift:
        return event
    moved = dict(event)
    for kind, number in (("step", "number"), ("screen", "step"), ("request", "_step")):
        if kind in event:
            at = "_at" if kind == "request" else "at"
            one = event[kind]
            moved[kind] = {**one, number: one[number] + shift, at: round(one[at] + base, 3)}
    return moved


def _began(event: Event, at: float) -> datetime:
    return datetime.fromisoformat(event["moment"]) - timedelta(seconds=at)


def started(events: Sequence[Event]) -> datetime | None:
    """The moment from which the first recording's seconds count."""
    for event in events:
        for kind, at in (("step", "at"), ("screen", "at"), ("request", "_at")):
            if kind in event:
                return _began(event, event[kind][at])
    return None
