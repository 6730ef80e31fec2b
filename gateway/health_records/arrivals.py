"""What comes in: a bundle's head, its pieces, where it is from, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from gateway.health_records.bundles import Entry
from gateway.health_records.naming import Names

BATCH = 500
EXPORT = "ndjson"
"""The type of a bundle that is one patient's lines of an NDJSON file."""
ALREADY_THERE = "already stored"
ANOTHER_PATIENT = "about another patient"
NO_TYPE = "no resourceType"

Left = Counter[str]
"""Why resources were not kept, with how many of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import did: new resources by type, and what was left and why."""

    patient_id: str
    new: Counter[str]
    left: Left

    def add(self, other: Kept) -> None:
        """Count another batch in."""
        self.new.update(other.new)
        self.left.update(other.left)


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry, its place in its bundle, and the bundle's text before its resource."""

    position: int
    before: str = field(repr=False)
    entry: Entry


@dataclass(frozen=True, slots=True)
class Head:
    """What a bundle says of itself, and whose it is."""

    type: str
    identifier: str = field(repr=False)
    timestamp: str
    digest: str
    main: int | None
    patient: frozenset[str] = field(repr=False)
    others: frozenset[str] = field(repr=False)
    source_scope: str = field(default="", repr=False)

    @property
    def scope(self) -> str:
        """What makes the bundle's relative names its own: newer versions of a document share it."""
        return self.source_scope or self.identifier or self.digest

    @property
    def is_export(self) -> bool:
        """Whether it is one patient's part of an export, which is never closed."""
        return self.type == EXPORT


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a bundle came from and when; `facility_id` when a facility sent it itself."""

    source: str
    at: datetime
    facility_id: str | None = None

    @property
    def sender(self) -> str:
        """What stands before every name of a facility's resources."""
        return f"facility:{self.facility_id}#" if self.facility_id else ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that is being stored; an earlier attempt stored what stood before place `done`."""

    bundle_id: int
    patient_id: str
    head: Head
    origin: Origin
    names: Names
    done: int
    stands: bool
