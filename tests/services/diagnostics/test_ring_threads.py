"""What happens in a worker thread is recorded like everything else, and stops nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from services.diagnostics.ring import Ring
from services.vault import Vault


async def test_an_event_of_a_worker_thread_is_kept(tmp_path: Path) -> None:
    """A share is encrypted in a thread and asks for an id there: recording that must not stop it."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32))
    moment = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
    ring = Ring(vault.for_subject(lambda: "s-1"), lambda: moment, "one")
    first, later = {"moment": moment.isoformat(), "n": 1}, {"moment": moment.isoformat(), "n": 2}
    await asyncio.to_thread(ring.add, first)
    ring.add(later)
    await ring.flush()
    await asyncio.to_thread(ring.add, first, at_once=True)
    assert [event["n"] for event in await ring.events()] == [1, 2, 1]
    vault.close()
