"""A device whose app asks for a PIN."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.lock_twins import PIN, LockedDevice


@pytest.fixture
def device(tmp_path: Path) -> LockedDevice:
    return LockedDevice(tmp_path)


async def with_pin(device: LockedDevice) -> LockedDevice:
    assert await device.lock.begin() == ""
    await device.drafts.put("drafts", "d-1", "Ổ gà")
    await device.lock.choose(PIN)
    return device
