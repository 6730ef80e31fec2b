"""A gate that is set up: its folder holds who it is, what it was given, and what it remembers.

It needs no network. What it cannot answer for (lists too old, a clock that may be wrong) it refuses
with the word `not_ready` and a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gate.clock import GateClock, Machine, Reading
from gate.code import Answer, Gate, check
from gate.keys import DenyList, GateError, KeySet
from gate.line import HttpLine, Line
from gate.lists import ListFolder, Lists
from gate.memory import Memory
from gate.setup import Setup, read_setup
from gate.signed import SignedDeny, SignedKeys
from gate.syncing import Synced, Syncing
from gate.taps import counts

MEMORY_FILE = "gate.sqlite3"
NOT_READY = "not_ready"
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a gate stands; ages in seconds, None for what it never had. No troubles: it is ready."""

    gate_id: str
    keys_age: float | None
    deny_age: float | None
    denied: int
    clock: Reading
    waiting: int
    refused: int
    troubles: tuple[str, ...]


class Station:
    """One gate, used by one thread at a time."""

    def __init__(self, folder: Path, machine: Machine | None = None) -> None:
        """Opens what the folder holds; raises GateError when that is no gate's folder."""
        self.setup: Setup = read_setup(folder)
        self._memory = Memory(folder / MEMORY_FILE, keeps_taps=True)
        self._folder = ListFolder(folder, self.setup.root, self._memory)
        self._clock = GateClock(self._memory, machine)
        self._gate: tuple[Lists, Gate] | None = None

    def answer(self, text: str) -> Answer | str:
        """The answer for one code, or the sentence why this gate answers for none now.

        Raises GateError when the memory cannot be written.
        """
        try:
            lists = self._folder.read()
        except GateError as error:
            return str(error)
        reading = self._clock.read()
        if troubles := _troubles(self.setup, lists, reading):
            return troubles[0]
        return check(text, self._as_gate(lists), self._memory, reading.now)

    def sync(self, line: Line | None = None) -> Synced:
        """Fetch what is new and upload what waits."""
        found = line or HttpLine(self.setup.gateway)
        return Syncing(self.setup, self._memory, self._folder, self._clock, found).run()

    def standing(self) -> Standing:
        """Ages of keys, deny list and clock, and what waits."""
        self._clock.again()
        reading, waits = self._clock.read(), counts(self._memory)
        lists = Lists(None, None)
        try:
            lists = self._folder.read()
            troubles = _troubles(self.setup, lists, reading)
        except GateError as error:
            troubles = (str(error),)
        return Standing(
            gate_id=self.setup.gate_id,
            keys_age=_age(reading, lists.keys),
            deny_age=_age(reading, lists.deny),
            denied=len(lists.deny.deny) if lists.deny else 0,
            clock=reading,
            waiting=waits[0],
            refused=waits[1],
            troubles=troubles,
        )

    def close(self) -> None:
        """Close the memory; everything was on disk already."""
        self._memory.close()

    def _as_gate(self, lists: Lists) -> Gate:
        if self._gate is None or self._gate[0] is not lists:
            self._clock.again()
            gate = Gate(
                keys=lists.keys.keys if lists.keys else KeySet(),
                deny=lists.deny.deny if lists.deny else DenyList(),
                products=self.setup.products,
                direction=self.setup.direction,
                gate_id=self.setup.gate_id,
            )
            self._gate = (lists, gate)
        return self._gate[1]


def _age(reading: Reading, one: SignedKeys | SignedDeny | None) -> float | None:
    return None if one is None else reading.now - one.issued_at


def _troubles(setup: Setup, lists: Lists, reading: Reading) -> tuple[str, ...]:
    """Why nobody may pass, as sentences."""
    if reading.trouble is not None:
        return (reading.trouble,)
    found = []
    for name, one, hours in (
        ("key set", lists.keys, setup.keys_max_age_hours),
        ("deny list", lists.deny, setup.deny_max_age_hours),
    ):
        if one is None:
            found.append(f"This gate has no {name} yet: run sync.")
        elif reading.now - one.issued_at > hours * _HOUR:
            age = (reading.now - one.issued_at) / _HOUR
            found.append(f"The {name} is {age:.0f} hours old, {hours:g} are allowed: run sync.")
    return tuple(found)
