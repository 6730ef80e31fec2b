"""The PIN: what it wraps, what a wrong one costs, what is left when it is forgotten."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from services.errors import NotFound, NotPermitted, Rejected
from services.lock import FileLockStore, Lock, ServerKey, VaultLockStore, flaw_of
from services.lock.sealing import Cost, seal, unseal
from services.vault import Vault
from tests.services.lock_twins import CHEAP, OTHER, PIN, LockedDevice, SafePlaceTwin
from tests.services.locked_device import device, with_pin

__all__ = ["device"]


async def test_without_a_pin_the_app_opens_as_ever(device: LockedDevice) -> None:
    """Nobody is made to choose one where the device keeps the key safely."""
    assert await device.lock.begin() == ""
    await device.drafts.put("drafts", "d-1", 1)
    assert await device.start().begin() == ""
    assert await device.drafts.get("drafts", "d-1") == 1


async def test_with_a_pin_the_key_lies_nowhere_in_the_open(device: LockedDevice) -> None:
    """Whoever takes the keychain's secrets and the folder still needs the PIN."""
    await with_pin(device)
    key = device.vault.key
    assert key is not None
    assert "vault" not in device.place.kept
    here = [path.read_bytes() for path in device.folder.iterdir()]
    assert not any(key in one or key.hex().encode() in one for one in here)
    assert stat.S_IMODE((device.folder / "lock.json").stat().st_mode) == 0o600


async def test_the_pin_opens_after_a_restart_and_nothing_else_does(device: LockedDevice) -> None:
    """Drafts are there again after the right digits."""
    await with_pin(device)
    lock = device.start()
    assert await lock.begin() == "pin"
    with pytest.raises(NotPermitted) as caught:
        await device.drafts.get("drafts", "d-1")
    assert caught.value.code == "locked"
    assert not (await lock.open(OTHER)).opened
    with pytest.raises(NotPermitted):
        await device.drafts.put("drafts", "d-2", 1)
    assert (await lock.open(PIN)).opened
    assert await device.drafts.get("drafts", "d-1") == "Ổ gà"


async def test_locking_drops_the_key_from_the_vault(device: LockedDevice) -> None:
    """A phone that is taken while locked has no key to give."""
    await with_pin(device)
    device.lock.close()
    assert device.vault.key is None
    assert (await device.lock.open(PIN)).opened


async def test_the_file_alone_cannot_be_tried_out(device: LockedDevice, tmp_path: Path) -> None:
    """A copied disk has a million PINs to try; without the keychain's part none of them opens."""
    await with_pin(device)
    record = json.loads((device.folder / "lock.json").read_text())
    assert record["mixed"]
    assert unseal(record, PIN, b"") is None
    other = LockedDevice(tmp_path, SafePlaceTwin())
    with pytest.raises(NotFound) as caught:
        await other.lock.open(PIN)
    assert caught.value.code == "lock_unreadable"


async def test_another_pin_wraps_the_same_key(device: LockedDevice) -> None:
    """Changing the PIN keeps every draft, and the old one opens nothing."""
    await with_pin(device)
    assert not (await device.lock.change(OTHER, "555123")).opened
    assert (await device.lock.change(PIN, OTHER)).opened
    lock = device.start()
    assert not (await lock.open(PIN)).opened
    assert (await lock.open(OTHER)).opened
    assert await device.drafts.get("drafts", "d-1") == "Ổ gà"


async def test_removing_the_pin_gives_the_key_back_to_the_keychain(device: LockedDevice) -> None:
    """In the resident's hands: also to have no lock."""
    await with_pin(device)
    assert not (await device.lock.remove(OTHER)).opened
    assert (await device.lock.remove(PIN)).opened
    assert not (device.folder / "lock.json").exists()
    assert await device.start().begin() == ""
    assert await device.drafts.get("drafts", "d-1") == "Ổ gà"


async def test_a_key_left_in_the_open_by_a_crash_is_forgotten_at_the_next_opening(
    device: LockedDevice,
) -> None:
    """The app died between wrapping the key and forgetting it."""
    await device.lock.begin()
    plain = dict(device.place.kept)
    await device.lock.choose(PIN)
    device.place.kept |= plain
    assert await device.start().begin() == "pin"
    await device.lock.open(PIN)
    assert "vault" not in device.place.kept


async def test_a_computer_without_a_keychain_needs_a_pin_first(tmp_path: Path) -> None:
    """A headless desktop could not start at all; now the PIN is what keeps its data."""
    device = LockedDevice(tmp_path, SafePlaceTwin(closed=True))
    assert await device.lock.begin() == "choose"
    await device.lock.choose(PIN)
    await device.drafts.put("drafts", "d-1", 1)
    assert await device.start().begin() == "pin"
    assert (await device.lock.open(PIN)).opened
    assert await device.drafts.get("drafts", "d-1") == 1
    with pytest.raises(NotPermitted):
        await device.lock.remove(PIN)
    assert await device.start().begin() == "pin", "refused, so the lock stays"


async def test_a_keychain_that_is_closed_for_now_does_not_cost_the_drafts(
    device: LockedDevice,
) -> None:
    """Its owner cancelled the keychain's own question: nothing is begun anew over it."""
    await device.lock.begin()
    await device.drafts.put("drafts", "d-1", 1)
    device.place.closed = True
    assert await device.start().begin() == "keychain"
    device.place.closed = False
    assert await device.lock.begin() == ""
    await device.lock.choose(PIN)
    device.place.closed = True
    with pytest.raises(NotPermitted):
        await device.lock.open(PIN)
    assert await device.lock.waiting() == 0, "such a try is not counted"


async def test_a_forgotten_pin_costs_what_it_opened_and_nothing_comes_back(
    device: LockedDevice,
) -> None:
    """After a new sign-in the app begins empty; the old rows are gone, not only unreadable."""
    await with_pin(device)
    lock = device.start()
    await lock.begin()
    assert await lock.reset() == ""
    assert device.vault.empty
    assert await device.drafts.list("drafts") == {}
    await device.drafts.put("drafts", "d-9", 9)
    assert await device.start().begin() == ""
    assert await device.drafts.list("drafts") == {"d-9": 9}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"sealed": "x"}'], ids=["cut", "half", "list", "none", "part"]
)
async def test_a_damaged_record_keeps_the_lock_shut(device: LockedDevice, text: str) -> None:
    """It must not open the app, nor crash it."""
    await with_pin(device)
    (device.folder / "lock.json").write_text(text)
    lock = device.start()
    assert await lock.begin() == "pin"
    if text.startswith('{"s'):
        assert not (await lock.open(PIN)).opened
    else:
        with pytest.raises(NotFound):
            await lock.open(PIN)
    assert await lock.reset() == ""


async def test_a_record_that_asks_for_too_much_memory_is_not_obeyed() -> None:
    """A foreign file could take the phone down before it is refused."""
    record = seal(bytes(32), PIN, b"", CHEAP)
    assert unseal(record | {"scrypt": [2**30, 8, 1]}, PIN, b"") is None
    assert unseal(record | {"scrypt": [2**4, 8, -1]}, PIN, b"") is None
    assert unseal(record, PIN, b"") == bytes(32)


async def test_on_the_web_each_resident_has_a_pin_of_their_own(tmp_path: Path) -> None:
    """Two residents of one server: the one's PIN locks nothing of the other's."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32))
    mine, other = (
        Lock(VaultLockStore(vault.for_subject(who)), ServerKey(), cost=CHEAP)
        for who in ("s-1", "s-2")
    )
    await mine.choose(PIN)
    assert (await mine.begin(), await other.begin()) == ("pin", "")
    assert not (await mine.open(OTHER)).opened
    with pytest.raises(NotFound):
        await other.open(PIN)
    assert (await mine.open(PIN)).opened
    assert await mine.reset() == ""
    assert vault.key == bytes(32), "nothing of the server's is renewed"


async def test_a_guest_on_the_web_meets_no_lock(tmp_path: Path) -> None:
    """There is nothing of theirs here."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32)).for_subject(lambda: None)
    assert await Lock(VaultLockStore(vault), ServerKey(), cost=CHEAP).begin() == ""


async def test_a_full_disk_says_so(tmp_path: Path) -> None:
    """A PIN that could not be kept must not seem chosen."""
    (tmp_path / "lock.json.new").mkdir()
    with pytest.raises(Rejected) as caught:
        await FileLockStore(tmp_path / "lock.json").amend(lambda _before: {"sealed": ""})
    assert caught.value.code == "storage_unavailable"


@pytest.mark.parametrize(
    ("digits", "repeated", "flaw"),
    [
        ("482915", "482915", ""),
        ("48291", "48291", "length"),
        ("48291a", "48291a", "length"),
        ("٤٨٢٩١٥", "٤٨٢٩١٥", "length"),
        ("111111", "111111", "easy"),
        ("123456", "123456", "easy"),
        ("987654", "987654", "easy"),
        ("482915", "482951", "different"),
    ],
)
def test_digits_anybody_would_try_first_are_refused(digits: str, repeated: str, flaw: str) -> None:
    """A third of all chosen PINs are a row of keys."""
    assert flaw_of(digits, repeated) == flaw


def test_scrypt_costs_what_the_standard_bodies_ask() -> None:
    """OWASP: 32 MB and three rounds, or as much; a file without a safe place has only this."""
    from services.lock.sealing import DEVICE_COST

    assert Cost(2**15, 8, 3) == DEVICE_COST
