"""Who answers residents, by name. In the sandbox the population register says so; a city keeps a list
at `registers/support.json` in its data folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from gateway.problems import Problem
from gateway.registers.population import sandbox_residents
from gateway.security import Caller
from gateway.settings import Settings

ROLES = ("support", "supervisor")


@dataclass(frozen=True, slots=True)
class Staff:
    """One of the staff. `name` is what residents read in their log and their thread."""

    subject: str = field(repr=False)
    name: str = field(repr=False)


def staff_of(caller: Caller, settings: Settings) -> Staff:
    """The caller by name. Raises a 403 `Problem` for one who is on no list."""
    name = names(settings).get(caller.subject)
    if name is None:
        raise Problem(403, "not-support-staff", "This sign-in is on no list of support staff")
    return Staff(caller.subject, name)


def names(settings: Settings) -> dict[str, str]:
    """The staff's names by subject; nobody where there is no list."""
    if settings.sandbox:
        return {r.subject: r.name for r in sandbox_residents() if set(r.roles) & set(ROLES)}
    file = settings.data_folder / "registers" / "support.json"
    return _read(file, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> dict[str, str]:
    found = json.loads(file.read_text(encoding="utf-8"))["staff"]
    return {item["subject"]: item["name"] for item in found}
