"""Wrong tries at the lock: they wait, they count, and no restart shortens the wait."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lock import FileLockStore, Lock, ServerKey, VaultLockStore
from services.lock.tries import FREE, WAITS, Tries
from services.vault import Vault
from tests.services.lock_twins import CHEAP, OTHER, PIN, LockedDevice
from tests.services.locked_device import device, with_pin

__all__ = ["device"]


async def test_three_wrong_tries_wait_thirty_seconds_and_then_longer(device: LockedDevice) -> None:
    """A finder of the phone gets some tens of tries a day."""
    await with_pin(device)
    lefts = [(await device.lock.open(OTHER)).left for _ in range(2)]
    assert lefts == [2, 1]
    for wait in (*WAITS, WAITS[-1]):
        attempt = await device.lock.open(OTHER)
        assert (attempt.opened, attempt.wait) == (False, wait)
        refused = await device.lock.open(PIN)
        assert (refused.opened, refused.wait) == (False, wait), "not even the right one"
        device.seconds += wait
    assert (await device.lock.open(PIN)).opened
    assert (await device.lock.open(OTHER)).left == 2, "forgiven after the right one"


async def test_a_restart_of_the_app_or_of_the_device_does_not_shorten_the_wait(
    device: LockedDevice,
) -> None:
    """Turning it off and on again must not be the way around."""
    await with_pin(device)
    for _ in range(3):
        await device.lock.open(OTHER)
    device.seconds += 10
    assert await device.start().waiting() == 20
    device.seconds = 4.0  # Started anew: that clock begins at nothing.
    assert await device.start().waiting() == 26
    assert not (await device.lock.open(PIN)).opened
    device.seconds = 30.0
    assert (await device.lock.open(PIN)).opened


@given(
    failed=st.integers(FREE, 20),
    since=st.floats(0, 1e6),
    ran=st.floats(0, 1e6),
    restarted=st.booleans(),
)
def test_no_wait_ends_before_its_time(
    failed: int, since: float, ran: float, restarted: bool
) -> None:
    """Whatever happens to the device, it has run for the whole wait before another try."""
    now = ran if restarted else since + ran
    if Tries(failed, since).wait(now) == 0:
        assert ran >= WAITS[min(failed - FREE, len(WAITS) - 1)] * (1 - 1e-9) - 1e-6


async def test_many_tries_at_once_are_no_more_than_one_after_the_other(
    device: LockedDevice,
) -> None:
    """Two windows, or a script, share the three tries."""
    await with_pin(device)
    attempts = await asyncio.gather(*[device.lock.open(OTHER) for _ in range(12)])
    assert sum(attempt.wait == WAITS[0] for attempt in attempts) >= 9
    assert await device.lock.waiting() == WAITS[0]
    record = await FileLockStore(device.folder / "lock.json").load()
    assert record is not None
    assert record["failed"] == 3


async def test_a_try_counts_before_it_is_made(
    device: LockedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killing the app between try and count would give tries for ever."""
    await with_pin(device)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.lock.lock.unseal", killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            await device.lock.open(OTHER)
    monkeypatch.undo()
    assert await device.start().waiting() == WAITS[0]


async def test_on_the_web_two_tabs_share_the_tries(tmp_path: Path) -> None:
    """The count lies with the resident, not with the tab."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32)).for_subject("s-1")
    tabs = [Lock(VaultLockStore(vault), ServerKey(), cost=CHEAP) for _ in range(6)]
    await tabs[0].choose(PIN)
    attempts = await asyncio.gather(*[tab.open(OTHER) for tab in tabs])
    assert sum(attempt.wait > 0 for attempt in attempts) >= 4
    assert not (await tabs[0].open(PIN)).opened
