"""The taps that the gateway has not answered for yet, and facts that outlive a restart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gate.memory import Memory

_REFUSED_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Tap:
    """One accepted code on its way to the gateway; `moment` is UTC seconds."""

    number: int
    payload: bytes
    direction: str
    moment: int

    def as_json(self) -> dict[str, Any]:
        """As /api/gate/v1/taps takes it."""
        return {"payload": self.payload.hex(), "direction": self.direction, "moment": self.moment}


def waiting(memory: Memory, limit: int) -> list[Tap]:
    """The oldest taps that wait, at most `limit`."""
    with memory.transaction() as connection:
        found = connection.execute(
            "SELECT number, payload, direction, moment FROM taps WHERE refused IS NULL"
            " ORDER BY number LIMIT ?",
            (limit,),
        )
        return [Tap(*row) for row in found]


def settle(memory: Memory, sent: Iterable[Tap], refused: dict[int, str]) -> None:
    """Forget what the gateway has; what it refused (place in `sent` → its word) stays to be seen."""
    with memory.transaction() as connection:
        for place, tap in enumerate(sent):
            if word := refused.get(place):
                change, values = "UPDATE taps SET refused = ? WHERE number = ?", (word, tap.number)
                connection.execute(change, values)
            else:
                connection.execute("DELETE FROM taps WHERE number = ?", (tap.number,))
        connection.execute(
            "DELETE FROM taps WHERE refused IS NOT NULL AND number NOT IN"
            " (SELECT number FROM taps WHERE refused IS NOT NULL ORDER BY number DESC LIMIT ?)",
            (_REFUSED_KEPT,),
        )


def counts(memory: Memory) -> tuple[int, int]:
    """How many taps wait, and how many the gateway refused."""
    with memory.transaction() as connection:
        row = connection.execute("SELECT count(*), count(refused) FROM taps").fetchone()
    return row[0] - row[1], row[1]


def recall(memory: Memory, name: str) -> Any:
    """A fact, or None."""
    with memory.transaction() as connection:
        row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def note(memory: Memory, name: str, value: Any) -> None:
    """Keep a fact (anything JSON can hold); it is on disk when this returns."""
    with memory.transaction() as connection:
        connection.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )
