"""Whether the gateway answers: known once for a process, asked for by one probe."""

from __future__ import annotations

import asyncio

import pytest

from services.errors import Offline
from services.reach import LONGEST_PAUSE, Reach, probe_pause
from tests.support import virtual_time


class Gateway:
    def __init__(self) -> None:
        self.down = True
        self.probes: list[float] = []

    async def probe(self) -> None:
        self.probes.append(asyncio.get_running_loop().time())
        if self.down:
            raise Offline


def test_a_thousand_sessions_send_one_probe() -> None:
    """The server of the web host must not knock a thousand times."""

    async def tale() -> list[float]:
        reach, gateway = Reach(), Gateway()
        for _ in range(1000):
            reach.lost()
        waiting = [asyncio.ensure_future(reach.regained(gateway.probe)) for _ in range(1000)]
        await asyncio.sleep(10)
        assert not any(one.done() for one in waiting)
        gateway.down = False
        await asyncio.gather(*waiting)
        assert reach.open
        return gateway.probes

    probes = virtual_time.run(tale)
    assert len(probes) <= 6
    assert probes[0] <= 1.5
    assert probes[-1] <= 25


def test_the_pause_grows_to_a_minute_and_is_spread() -> None:
    """A city's phones do not ask in step."""
    assert all(0.75 <= probe_pause(1) <= 1.5 for _ in range(50))
    pauses = {probe_pause(40) for _ in range(50)}
    assert len(pauses) > 10
    assert all(LONGEST_PAUSE / 2 <= pause <= LONGEST_PAUSE for pause in pauses)


@pytest.mark.parametrize("way", ["seen", "nudge"])
def test_an_answer_to_anyone_ends_the_pause(way: str) -> None:
    """A screen that loads, or the phone's word that there is a network."""

    async def tale() -> float:
        reach, gateway = Reach(), Gateway()
        reach.lost()
        waiting = asyncio.ensure_future(reach.regained(gateway.probe))
        await asyncio.sleep(300.5)
        gateway.down = False
        began = asyncio.get_running_loop().time()
        getattr(reach, way)()
        await waiting
        return asyncio.get_running_loop().time() - began

    assert virtual_time.run(tale) <= 0.1


def test_at_the_start_it_is_asked_before_anything_waits() -> None:
    """Nothing is known yet; one small question tells."""

    async def tale() -> int:
        reach, gateway = Reach(), Gateway()
        assert not reach.open
        gateway.down = False
        await reach.regained(gateway.probe)
        await reach.regained(gateway.probe)
        return len(gateway.probes)

    assert virtual_time.run(tale) == 1
