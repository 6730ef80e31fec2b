"""Whether copies of health data may lie on this device."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Keep = Callable[[str | None], Awaitable[bool]]
"""Whether a copy of a record (a FHIR id, None for one's own) may be kept on this device now."""


async def always(_record: str | None) -> bool:
    """Copies may be kept."""
    return True


async def never(_record: str | None) -> bool:
    """Copies may not be kept: on the web they would lie on the server."""
    return False
