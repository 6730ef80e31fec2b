"""Identifiers that the app makes from others, such as the key of an entry in a health record.

Made from a stand-in such a name comes out another than in the recording. Two screens are the same if
their addresses are, name for name, one to one; a name that the recording holds anywhere is no such name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from app.replay.rehearsal import AsItIs
from services.diagnostics import Bundle, Screen
from services.diagnostics.addresses import Addresses
from services.diagnostics.digest import UNKNOWN, digest


class Names:
    """Which name of the replay stands for which of the recording, learned screen by screen."""

    def __init__(self, bundle: Bundle, addresses: Callable[[], Addresses]) -> None:
        self._bundle = bundle
        self._addresses = addresses
        self._here: dict[str, str] = {}
        self._there: dict[str, str] = {}

    def as_recorded(self, recorded: Screen, replayed: Screen) -> Screen:
        """The replayed screen under the recording's address, if that says the same of it."""
        if recorded.route == replayed.route or not self._alike(recorded.route, replayed.route):
            return replayed
        route = recorded.route
        return replace(replayed, route=route, digest=digest(route, replayed.words))

    def as_replayed(self, route: str) -> str:
        """A recorded address as it is called here."""
        return self._addresses().reduced(route, _Instead(self._here)) if self._here else route

    def _alike(self, recorded: str, replayed: str) -> bool:
        (there, theirs), (here, ours) = self._read(recorded), self._read(replayed)
        return there == here and all(map(self._joined, theirs, ours))

    def _joined(self, theirs: str, ours: str) -> bool:
        if theirs == ours:
            return True
        if theirs in self._told or ours in self._told:
            return False
        known = self._here.setdefault(theirs, ours), self._there.setdefault(ours, theirs)
        return known == (ours, theirs)

    def _read(self, route: str) -> tuple[str, list[str]]:
        """An address without its names, and the names in it."""
        seen = _Seen()
        return self._addresses().reduced(route, seen), seen.seen

    @cached_property
    def _told(self) -> str:
        """Everything the recording says: answers, addresses asked, what was stored and drawn."""
        steps = [step.detail for step in self._bundle.steps if step.kind != "route"]
        told: Any = [self._bundle.har, self._bundle.state, [dict(one) for one in steps]]
        return json.dumps(told, ensure_ascii=False)


class _Instead(AsItIs):
    """Takes the name that is known for another."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def of(self, kind: str, value: Any) -> Any:
        """Return the other name, or the value."""
        return self._names.get(value, value)


class _Seen(AsItIs):
    """Notes every name and leaves a sign in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def of(self, kind: str, value: Any) -> Any:
        """Return a sign."""
        self.seen.append(str(value))
        return UNKNOWN
