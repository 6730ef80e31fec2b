"""A finger instead of the PIN: it opens what the PIN opens, until the PIN changes."""

from __future__ import annotations

from tests.services.lock_twins import OTHER, PIN, LockedDevice
from tests.services.locked_device import device, with_pin

__all__ = ["device"]


async def test_a_finger_opens_what_the_pin_opens(device: LockedDevice) -> None:
    """Six digits at each bus stop are too many; the key is the same."""
    await with_pin(device)
    assert not await device.lock.recognise(), "not before the resident turned it on"
    assert await device.lock.let_recognise(True)
    lock = device.start()
    await lock.begin()
    device.finger.refuses = True
    assert not await lock.recognise()
    assert device.vault.key is None
    device.finger.refuses = False
    for _ in range(3):
        await lock.open(OTHER)
    assert await lock.recognise(), "its owner need not wait for a child's guesses"
    assert await device.drafts.get("drafts", "d-1") == "Ổ gà"
    assert await lock.waiting() == 0


async def test_a_finger_of_before_opens_nothing_after_a_new_pin(device: LockedDevice) -> None:
    """Who was enrolled under the old PIN is asked anew."""
    await with_pin(device)
    await device.lock.let_recognise(True)
    await device.lock.change(PIN, OTHER)
    assert device.finger.key is None
    assert not await device.lock.recognises()
    await device.lock.let_recognise(True)
    device.finger.key = bytes(32)
    assert not await device.start().recognise(), "another key is not this vault's"
    await device.lock.open(OTHER)
    await device.lock.let_recognise(True)
    assert not await device.lock.let_recognise(False)
    assert device.finger.key is None


async def test_removing_or_resetting_the_pin_forgets_the_finger(device: LockedDevice) -> None:
    """No second copy of a key stays behind."""
    await with_pin(device)
    await device.lock.let_recognise(True)
    await device.lock.remove(PIN)
    assert device.finger.key is None
    await device.lock.choose(PIN)
    await device.lock.let_recognise(True)
    await device.lock.reset()
    assert device.finger.key is None


async def test_a_phone_with_nothing_enrolled_says_no(device: LockedDevice) -> None:
    """A switch that turns on and opens nothing would lock its owner out of a habit."""
    await with_pin(device)
    device.finger.enrolled = False
    assert not await device.lock.let_recognise(True)
    assert not await device.lock.recognises()
