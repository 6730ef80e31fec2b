"""Whether somebody is at the device or browser, shared by its windows, and how a window starts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.state import ONLY_AT_START
from services.lock import Needs

FRESH = 60.0
"""Seconds within which a sign-in with the provider counts as opening the lock."""
NEVER = float("-inf")


@dataclass(slots=True)
class Presence:
    """Whether somebody is at this device, or at any tab of this browser; steady seconds."""

    front: set[str] = field(default_factory=set)
    left: float = NEVER
    locked: bool = False
    """Whether it was locked; then only the PIN opens the next tab, not a sign-in of before."""
    opened: float = NEVER
    """When the PIN was last typed, or what it guards was last looked at."""

    def here(self, steady: float, after: float) -> bool:
        """Whether an open tab is in front, or was within the time after which it would lock."""
        allowed = float("inf") if after == ONLY_AT_START and self.left > NEVER else after
        return bool(self.front) or steady - self.left <= allowed


@dataclass(frozen=True, slots=True)
class Opening:
    """How the app starts: what its lock needs, and what is to be done once it is open."""

    needs: Needs = ""
    has_pin: bool = False
    proven: bool = False
    presence: Presence | None = None
    on_open: Callable[[], Awaitable[None]] | None = None
