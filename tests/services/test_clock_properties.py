"""Whatever happens to a device, its clock is the gateway's, or says that it is not to be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from services import clock as clock_module
from services.clock import SAME_RUN, ServerClock

DAY = 86_400.0
TRUE = 1_790_000_000.0


@dataclass
class DeviceInTheWorld:
    """A device: true time passes, its steady clock starts anew with each boot, its wall clock is its owner's.

    `names_boot` is False on devices that do not say which boot this is.
    """

    true: float = TRUE
    up: float = 500.0
    wall_wrong_by: float = 0.0
    boots: int = 1
    names_boot: bool = True
    kept: Any = None
    clock: ServerClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.opened()

    def opened(self) -> ServerClock:
        """The clock of an app that has just been started."""
        return ServerClock(lambda: self.up, lambda: self.true + self.wall_wrong_by)

    def answer(self) -> None:
        """The gateway answers, half a second after it was asked."""
        sent = self.up
        self.run(0.5)
        self.clock.observe(formatdate(self.true, usegmt=True), sent, self.up)
        self.kept = self.clock.snapshot()

    def run(self, seconds: float) -> None:
        """Time passes, awake or asleep: the steady clock counts sleep."""
        self.true += seconds
        self.up += seconds

    def set_wall(self, by: float) -> None:
        """The owner sets the clock, or flies into another zone with a clock that shows local time."""
        self.wall_wrong_by += by

    def restart_app(self) -> None:
        """The app is killed and started again without a network."""
        self.clock = self.opened()
        self.clock.restore(self.kept)

    def reboot(self, off: float) -> None:
        """The device is switched off for a while; the app starts without a network."""
        self.true += off
        self.up = 20.0
        self.boots += 1
        self.restart_app()

    def error(self) -> float:
        """How far the app's time is from the true one, in seconds."""
        return abs(self.clock.now().timestamp() - self.true)


@contextmanager
def living(device: DeviceInTheWorld) -> Iterator[None]:
    """The device's boot has a name, or none."""

    def boot() -> str:
        return f"boot-{device.boots}" if device.names_boot else ""

    with patch.object(clock_module, "boot", boot):
        yield


events = st.one_of(
    st.tuples(st.just("run"), st.floats(0, 3 * DAY)),
    st.tuples(st.just("set_wall"), st.sampled_from([-DAY, DAY, -3600.0, 3600.0, 7 * 3600.0, 90.0])),
    st.tuples(st.just("restart_app"), st.none()),
)
reboots = st.tuples(st.just("reboot"), st.floats(1, 10 * DAY))
answers = st.tuples(st.just("answer"), st.none())


def happen(device: DeviceInTheWorld, event: tuple[str, float | None]) -> None:
    """Let something happen."""
    name, amount = event
    act = getattr(device, name)
    act() if amount is None else act(amount)


@given(st.lists(events, max_size=12))
def test_suspend_zones_and_restarts_of_the_app_change_nothing(
    happened: list[tuple[str, float | None]],
) -> None:
    """Once an answer told the time, it stays right until the device itself is started anew."""
    device = DeviceInTheWorld()
    with living(device):
        device.answer()
        for event in happened:
            happen(device, event)
            assert device.clock.measured
            assert device.error() <= 1.0


@given(st.lists(st.one_of(events, reboots, answers), max_size=15))
def test_after_a_reboot_nothing_is_trusted_until_an_answer(
    happened: list[tuple[str, float | None]],
) -> None:
    """Right, or not measured: there is no third case, whatever came before."""
    device = DeviceInTheWorld()
    with living(device):
        told = False
        for event in happened:
            happen(device, event)
            told = event[0] == "answer" or (told and event[0] != "reboot")
            assert device.clock.measured == told
            if told:
                assert device.error() <= 1.0


@given(st.lists(st.one_of(events, reboots, answers), max_size=15))
def test_where_no_boot_is_named_a_moved_wall_clock_ends_the_trust(
    happened: list[tuple[str, float | None]],
) -> None:
    """The two clocks check each other; a set clock costs one connection and never a wrong code."""
    device = DeviceInTheWorld(names_boot=False)
    with living(device):
        for event in happened:
            happen(device, event)
            if device.clock.measured:
                assert device.error() <= 1.0 + SAME_RUN


@given(st.floats(-DAY, DAY).filter(lambda by: abs(by) > 2))
def test_the_offset_has_the_sign_of_what_has_to_be_added(by: float) -> None:
    """Behind is positive: adding the offset to the device's own time gives the gateway's."""
    device = DeviceInTheWorld(wall_wrong_by=by)
    device.answer()
    own = device.true + device.wall_wrong_by
    assert abs(own + device.clock.offset.total_seconds() - device.true) <= 1.0
    assert (device.clock.offset.total_seconds() > 0) == (by < 0)
