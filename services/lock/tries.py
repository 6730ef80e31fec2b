"""How long to wait after wrong tries; nothing that is set or restarted makes it shorter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FREE = 3
"""Wrong tries until the first wait."""

WAITS = (30.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0)
"""Seconds to wait after the third wrong try and each further one; the last for all that follow."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries in a row; `since` is when the last was made, on the clock nobody can set.

    That clock counts the seconds since the device started. After a restart it says less than
    `since`: then the device has run for that long at least, and no more is counted.
    """

    failed: int = 0
    since: float = 0.0

    @property
    def left(self) -> int:
        """Tries until the next wait."""
        return max(FREE - self.failed, 1)

    def wait(self, steady: float) -> float:
        """Seconds until another try may be made."""
        if self.failed < FREE:
            return 0.0
        passed = steady - self.since if steady >= self.since else steady
        asked = WAITS[min(self.failed - FREE, len(WAITS) - 1)]
        return max(0.0, asked - passed)

    def another(self, steady: float) -> Tries:
        """One more wrong try."""
        return Tries(self.failed + 1, steady)

    def to_json(self) -> dict[str, Any]:
        """Write it for the record."""
        return {"failed": self.failed, "since": self.since}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Tries:
        """Read it; nonsense reads as none: who can write it can put an older record back as well."""
        try:
            found = cls(int(record.get("failed", 0)), float(record.get("since", 0.0)))
        except (TypeError, ValueError, OverflowError):
            return cls()
        return found if math.isfinite(found.since) else cls()
