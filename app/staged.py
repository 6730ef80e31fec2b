"""What the web host shows in tabs beside the app: replays and personas."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.personas import Begin, Faults

PrepareReplay = Callable[[object, str, bytes, str], Awaitable[str]]
"""Reads a bundle for a web session and returns the address that opens it, once: app.replay.hosting."""
PreparePersona = Callable[[object, Begin, Faults], Awaitable[str]]
"""Begins a persona for a web session and returns the address that opens it, once: app.personas.hosting."""


@dataclass(frozen=True, slots=True)
class Staged:
    """How each is made ready; None where the host shows no such thing."""

    replay: PrepareReplay | None = None
    persona: PreparePersona | None = None
