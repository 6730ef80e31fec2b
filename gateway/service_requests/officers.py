"""Which agency an officer serves. In the sandbox the population register says so; a city keeps a
list at `registers/officers.json` in its data folder.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from gateway.access_log.looks import Look
from gateway.registers.population import sandbox_residents
from gateway.service_requests.agencies import agencies
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Officer:
    """One who works at an agency's desk. `name` is what colleagues and residents read."""

    subject: str = field(repr=False)
    name: str = field(repr=False)
    agency_code: str

    @property
    def subject_key(self) -> str:
        """A name for the officer that does not tell the subject."""
        return key_of(self.subject)


def key_of(subject: str) -> str:
    """A short name for a subject, the same every time."""
    return hashlib.sha256(f"officer {subject}".encode()).hexdigest()[:16]


def looks_at(
    report: Row[Any], officer: Officer, settings: Settings, act: str, request_id: str
) -> list[Look]:
    """The line for the resident who sent that report; none for one that nobody signed in sent."""
    if report.submitter != "resident":
        return []
    look = Look(
        subject=report.subject,
        actor_subject=officer.subject,
        actor_name=officer.name,
        office=agencies(settings).name_of(officer.agency_code),
        service="reports",
        act=act,
        reference=report.service_request_id,
        at=settings.clock(),
        request_id=request_id,
    )
    return [look]


def officers(settings: Settings) -> dict[str, Officer]:
    """Every officer by subject; nobody where there is no list."""
    if settings.sandbox:
        return sandbox_officers()
    file = settings.data_folder / "registers" / "officers.json"
    return _read(file, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=1)
def sandbox_officers() -> dict[str, Officer]:
    """The synthetic officers by subject."""
    found = [r for r in sandbox_residents() if "officer" in r.roles]
    return {r.subject: Officer(r.subject, r.name, r.agency_code) for r in found}


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> dict[str, Officer]:
    found = json.loads(file.read_text(encoding="utf-8"))["officers"]
    return {item["subject"]: Officer(**item) for item in found}
