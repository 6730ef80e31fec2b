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

    async def always(_etag: str) -> tuple[Any, str]:
        return await fetch(), ""

    return await read_if_changed(vault, clock, key, always)


async def read_if_changed(
    vault: SubjectVault,
    clock: ServerClock,
    key: str,
    fetch: Callable[[str], Awaitable[tuple[Any, str] | None]],
) -> Saved[Any]:
    """Do as `read_or_saved`, and do not fetch again what the kept copy still is.

    `fetch` takes the copy's ETag (empty without a copy) and returns the value with its own, or
    None when nothing has changed.
    """
    vault = vault.pinned()
    kept = await _kept(vault, key)
    try:
        found = await fetch(kept.get("etag", "") if kept else "")
    except (Offline, GatewayUnavailable):
        if kept is None:
            raise
        return Saved(kept["value"], datetime.fromisoformat(kept["as_of"]))
    except NotFound:
        await vault.delete(TABLE, key)
        raise
    value, etag = found if found is not None else ((kept or {})["value"], (kept or {})["etag"])
    with suppress(Rejected):
        as_of = clock.now().isoformat()
        await vault.put(TABLE, key, {"value": value, "as_of": as_of, "etag": etag})
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


async def _kept(vault: SubjectVault, key: str) -> dict[str, Any] | None:
    with suppress(NotFound, Rejected):
        kept: dict[str, Any] | None = await vault.get(TABLE, key)
        return kept
    return None
