"""Reading that still works without a network: the last answer is kept in the vault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Offline, Rejected
from services.saved import Saved
from services.vault import SubjectVault

TABLE = "saved"


async def read_or_saved(
    vault: SubjectVault, clock: ServerClock, key: str, fetch: Callable[[], Awaitable[Any]]
) -> Saved[Any]:
    """Fetch JSON and keep a copy; out of reach, return the copy with the moment it was saved.

    Raises what `fetch` raised when there is no copy. A device that cannot store still reads.
    """
    vault = vault.pinned()
    try:
        value = await fetch()
    except (Offline, GatewayUnavailable):
        copy = await _copy(vault, key)
        if copy is None:
            raise
        return copy
    except NotFound:
        await vault.delete(TABLE, key)
        raise
    with suppress(Rejected):
        await vault.put(TABLE, key, {"value": value, "as_of": clock.now().isoformat()})
    return Saved(value)


async def keep_time(clock: ServerClock, vault: SubjectVault) -> None:
    """Keep what is known of the gateway's time, for a start without a network."""
    if snapshot := clock.snapshot():
        await vault.put("clock", "gateway", snapshot)


async def recall_time(clock: ServerClock, vault: SubjectVault) -> bool:
    """Take up the kept time if this device has not restarted since; says whether it could."""
    with suppress(NotFound):
        return clock.restore(await vault.get("clock", "gateway"))
    return False


async def _copy(vault: SubjectVault, key: str) -> Saved[Any] | None:
    with suppress(NotFound):
        kept = await vault.get(TABLE, key)
        if kept is not None:
            return Saved(kept["value"], datetime.fromisoformat(kept["as_of"]))
    return None
