"""Identifiers and pauses drawn at random, from one source, so that a replay can give them again.

Keys, passcodes and whatever else must be secret do not come from here but from `secrets`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Protocol


class Chance(Protocol):
    """A source of what is random and no secret."""

    def new_id(self) -> str:
        """Return a UUID (RFC 9562)."""

    def uniform(self, low: float, high: float) -> float:
        """Return a number between the two."""


class SystemChance:
    """The machine's own."""

    def new_id(self) -> str:
        """Return a random UUID."""
        return str(uuid.uuid4())

    def uniform(self, low: float, high: float) -> float:
        """Return a number between the two."""
        return random.uniform(low, high)


_finders: list[Callable[[], Chance | None]] = []
_SYSTEM = SystemChance()


def found_by(find: Callable[[], Chance | None]) -> None:
    """Say how the source of the session that is running is found; once a process, by `app.entry`."""
    _finders[:] = [find]


def new_id() -> str:
    """Return a new identifier."""
    return _source().new_id()


def uniform(low: float, high: float) -> float:
    """Return a number between the two, for pauses that should not fall together."""
    return _source().uniform(low, high)


def _source() -> Chance:
    found = _finders[0]() if _finders else None
    return found or _SYSTEM
