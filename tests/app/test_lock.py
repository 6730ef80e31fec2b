"""When the app locks itself: a clock that a test moves, no screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.lock import GOOD_FOR, HELD, LINGER, Guard
from app.presence import Presence
from app.state import LOCKS_AFTER, ONLY_AT_START, Revisions, Session
from services import Services
from services.errors import NotPermitted
from services.lock import Attempt

MINUTE = 60.0


class Hall:
    """One session with a PIN: its clock, what waits to be sent, and whether the vault is open."""

    def __init__(self, presence: Presence | None = None, *, binds: bool = True) -> None:
        self.seconds, self.unlocked, self.waiting = 0.0, True, 0
        self.sleepers: list[tuple[float, asyncio.Event]] = []
        self.session, self.revisions = Session(), Revisions()
        self.dialogs_closed = 0
        lock = SimpleNamespace(open=self._open, close=self._close, binds=binds)
        outbox = SimpleNamespace(list=self._list, wake=lambda: None)
        self.identity = SimpleNamespace(person=None)
        services = SimpleNamespace(
            lock=lock,
            outbox=outbox,
            clock=SimpleNamespace(steady=lambda: self.seconds),
            identity=self.identity,
        )
        self.guard = Guard(
            self.session,
            cast(Services, services),
            self.revisions,
            name=str(id(self)),
            presence=presence,
            on_lock=self._closed_dialogs,
            sleep=self._sleep,
        )
        self.guard.begin("", has_pin=True)

    async def passes(self, seconds: float) -> None:
        """Let time pass, for whoever sleeps too."""
        end = self.seconds + seconds
        await turns()
        while due := [one for one in self.sleepers if one[0] <= end]:
            first = min(due, key=lambda one: one[0])
            self.seconds = max(self.seconds, first[0])
            self.sleepers.remove(first)
            first[1].set()
            await turns()
        self.seconds = end
        await turns()

    async def _sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self.sleepers.append((self.seconds + seconds, over))
        await over.wait()

    async def _open(self, pin: str) -> Attempt:
        self.unlocked = self.unlocked or pin == "right"
        return Attempt(pin == "right")

    def _close(self) -> None:
        self.unlocked = False

    def _closed_dialogs(self) -> None:
        self.dialogs_closed += 1

    async def _list(self) -> list[Any]:
        if not self.unlocked:
            raise NotPermitted("locked")
        return [SimpleNamespace(state="waiting")] * self.waiting


async def turns() -> None:
    """Let whoever can run, run."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_a_minute_out_of_sight_locks_and_less_does_not(hall: Hall) -> None:
    """Looking up a number in another app must not cost a PIN each time."""
    hall.guard.away()
    await hall.passes(MINUTE - 1)
    hall.guard.back()
    await hall.passes(MINUTE * 10)
    assert not hall.session.locked
    hall.guard.away()
    await hall.passes(MINUTE)
    assert hall.session.locked
    assert hall.dialogs_closed == 1


async def test_a_phone_that_slept_locks_when_it_wakes(hall: Hall) -> None:
    """No timer runs in a suspended phone."""
    hall.guard.away()
    hall.sleepers.clear()
    hall.seconds += MINUTE + 1
    hall.guard.back()
    assert hall.session.locked


@pytest.mark.parametrize("after", [after for after in LOCKS_AFTER if after > 0])
async def test_the_chosen_time_is_kept_to(hall: Hall, after: float) -> None:
    """Five minutes means five."""
    hall.session.lock_after = after
    hall.guard.away()
    await hall.passes(after - 0.5)
    assert not hall.session.locked
    await hall.passes(0.5)
    assert hall.session.locked


async def test_at_once_means_as_soon_as_it_is_hidden_not_when_a_chooser_opens(hall: Hall) -> None:
    """A file chooser takes the front; locking then would ask after each photo."""
    hall.session.lock_after = 0
    hall.guard.away(hidden=False)
    assert not hall.session.locked
    hall.guard.back()
    hall.guard.away(hidden=True)
    assert hall.session.locked


async def test_only_at_the_start_never_locks_while_it_runs(hall: Hall) -> None:
    """The resident's own choice."""
    hall.session.lock_after = ONLY_AT_START
    hall.guard.away()
    await hall.passes(MINUTE * 600)
    hall.guard.back()
    assert not hall.session.locked


async def test_without_a_pin_nothing_locks(hall: Hall) -> None:
    """There would be no way back in."""
    hall.session.has_pin = False
    hall.guard.away()
    await hall.passes(MINUTE * 600)
    hall.guard.back()
    hall.guard.lock()
    assert not hall.session.locked


async def test_the_key_leaves_memory_shortly_after_the_lock(hall: Hall) -> None:
    """A phone taken while locked has no key in it."""
    hall.guard.lock()
    assert hall.unlocked, "a draft of this second is still kept"
    await hall.passes(LINGER)
    assert not hall.unlocked


async def test_what_waits_is_sent_first_but_not_for_ever(hall: Hall) -> None:
    """A report sent on the way home goes, though the phone is in the pocket."""
    hall.waiting = 1
    hall.guard.lock()
    await hall.passes(MINUTE)
    assert hall.unlocked
    hall.waiting = 0
    await hall.passes(LINGER)
    assert not hall.unlocked
    again = Hall()
    again.waiting = 1
    again.guard.lock()
    await again.passes(HELD)
    assert not again.unlocked


async def test_the_right_pin_opens_and_everything_is_asked_anew(hall: Hall) -> None:
    """What could not be read behind the lock is not left as an error."""
    hall.guard.lock()
    await hall.passes(LINGER)
    before = hall.revisions.outbox
    assert not (await hall.guard.open("wrong")).opened
    assert hall.session.locked
    assert (await hall.guard.open("right")).opened
    assert not hall.session.locked
    assert hall.unlocked
    assert hall.revisions.outbox == before + 1


async def test_unlocking_at_once_keeps_the_key(hall: Hall) -> None:
    """The dropping of before must not hit the opened vault."""
    hall.guard.lock()
    await hall.guard.open("right")
    await hall.passes(HELD * 2)
    assert hall.unlocked


async def test_a_typed_pin_is_good_for_five_minutes_and_as_long_as_it_is_looked_at(
    hall: Hall,
) -> None:
    """Reading a long record must not be broken off; leaving it must."""
    assert not hall.guard.fresh()
    await hall.guard.open("right")
    for _ in range(10):
        await hall.passes(GOOD_FOR - 1)
        hall.guard.keep_fresh()
    assert hall.guard.fresh()
    await hall.passes(GOOD_FOR + 1)
    hall.guard.keep_fresh()
    assert not hall.guard.fresh()


async def test_nothing_is_looked_at_while_the_app_is_out_of_sight(hall: Hall) -> None:
    """A record left open under other windows closes itself."""
    await hall.guard.open("right")
    hall.guard.away()
    await hall.passes(GOOD_FOR - 1)
    hall.guard.keep_fresh()
    await hall.passes(2)
    assert not hall.guard.fresh()


async def test_two_tabs_are_one_presence() -> None:
    """Reading in one tab does not lock the other; leaving both does."""
    presence = Presence()
    one, other = Hall(presence), Hall(presence)
    one.guard.away()
    await one.passes(MINUTE * 5)
    assert not one.session.locked
    one.guard.back()
    assert not one.session.locked
    other.seconds = one.seconds
    one.guard.away()
    other.guard.away()
    await other.passes(MINUTE)
    assert other.session.locked
    assert not presence.here(other.seconds, MINUTE)


async def test_a_new_tab_is_open_beside_an_open_one_and_locked_after_a_lock() -> None:
    """A link in a new tab asks nothing; a thief's new tab asks."""
    presence = Presence()
    hall = Hall(presence)
    assert presence.here(0.0, MINUTE)
    hall.guard.away()
    assert presence.here(MINUTE - 1, MINUTE)
    assert not presence.here(MINUTE + 1, MINUTE)
    assert presence.here(MINUTE * 100, ONLY_AT_START)
    hall.guard.lock()
    assert not presence.here(0.0, MINUTE)
    assert not presence.here(0.0, ONLY_AT_START)
    assert not Presence().here(0.0, ONLY_AT_START)


@pytest.mark.parametrize(
    ("binds", "since", "opens"),
    [(False, 1, True), (False, 0, False), (True, 1, False)],
    ids=["web, anew", "web, of before", "device"],
)
async def test_a_new_sign_in_opens_the_screen_but_never_a_device(
    binds: bool, since: int, opens: bool
) -> None:
    """On the web the PIN has only the screen behind it; the sign-in of before proves nothing."""
    hall = Hall(binds=binds)
    hall.identity.person = SimpleNamespace(auth_time=1000)
    hall.guard.lock()
    hall.identity.person = SimpleNamespace(auth_time=1000 + since)
    await hall.guard.signed_in_anew()
    assert hall.session.locked is not opens
    assert hall.guard.proven is opens
    await hall.passes(GOOD_FOR + 1)
    assert not hall.guard.proven, "an hour later the old PIN is asked for again"


async def test_a_closed_window_leaves_no_timer_behind(hall: Hall) -> None:
    """On the web thousands of tabs are closed a day."""
    tasks: Callable[[], int] = lambda: len(asyncio.all_tasks())  # noqa: E731
    before = tasks()
    hall.guard.away()
    hall.guard.back()
    hall.guard.lock()
    hall.guard.close()
    await turns()
    assert tasks() == before
