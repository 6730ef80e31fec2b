"""The coded reasons for refusing a report or handing it on, from `registers/reasons.json`.

A city's own file stands at `registers/reasons.json` in the data folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gateway.settings import Settings

_NAME = "reasons.json"
_OURS = Path(__file__).parent.parent / "registers" / _NAME


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, what the resident reads, and how to object to it."""

    code: str
    text: str
    objection: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Every reason of one file, by what it is a reason for."""

    reject: tuple[Reason, ...]
    transfer: tuple[Reason, ...]

    def find(self, code: str) -> Reason | None:
        """The reason of that code, or None."""
        return next((r for r in (*self.reject, *self.transfer) if r.code == code), None)


def reasons(settings: Settings) -> Reasons:
    """The reasons of this installation, read anew when their file changes."""
    own = settings.data_folder / "registers" / _NAME
    file = own if own.exists() else _OURS
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> Reasons:
    found = json.loads(file.read_text(encoding="utf-8"))
    made = {kind: tuple(Reason(**item) for item in found[kind]) for kind in ("reject", "transfer")}
    return Reasons(**made)
