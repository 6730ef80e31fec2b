"""The PIN: what it wraps, what a wrong one costs, what is left when it is forgotten."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import NotFound, NotPermitted, Rejected
from services.lock import FileLockStore, Lock, ServerKey, VaultLockStore, flaw_of
from services.lock.sealing import Cost, seal, unseal
from services.lock.tries import FREE, WAITS, Tries
from services.vault import Vault
from tests.services.lock_twins import CHEAP, OTHER, PIN, LockedDevice, SafePlaceTwin


@pytest.fixture
def device(tmp_path: Path) -> LockedDevice:
    return LockedDevice(tmp_path)


async def with_pin(device: LockedDevice) -> LockedDevice:
    assert await device.lock.begin() == ""
    await device.drafts.put("drafts", "d-1", "Ổ gà")
    await device.lock.choose(PIN)
    return device


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


async def test_on_the_web_two_tabs_share_the_tries(tmp_path: Path) -> None:
    """The count lies with the resident, not with the tab."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32)).for_subject("s-1")
    tabs = [Lock(VaultLockStore(vault), ServerKey(), cost=CHEAP) for _ in range(6)]
    await tabs[0].choose(PIN)
    attempts = await asyncio.gather(*[tab.open(OTHER) for tab in tabs])
    assert sum(attempt.wait > 0 for attempt in attempts) >= 4
    assert not (await tabs[0].open(PIN)).opened


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
