"""A replay's loop: time passes without waiting, and there is no way out of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.replay.loop import NetworkRefused, ReplayLoop, ReplayTooLong

WAYS: dict[str, Callable[[ReplayLoop], Awaitable[Any]]] = {
    "connection": lambda loop: loop.create_connection(asyncio.Protocol, "127.0.0.1", 9),
    "server": lambda loop: loop.create_server(asyncio.Protocol, "127.0.0.1", 0),
    "datagram": lambda loop: loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=("127.0.0.1", 9)
    ),
    "name": lambda loop: loop.getaddrinfo("gateway.invalid", 443),
    "program": lambda loop: loop.subprocess_exec(asyncio.SubprocessProtocol, "true"),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_asks_for_a_network_is_refused(way: str) -> None:
    """A replayed act must never reach the city, whoever wrote the screen that asks."""
    loop = ReplayLoop()

    async def try_it() -> None:
        await WAYS[way](loop)

    with pytest.raises(NetworkRefused):
        loop.run_until_complete(try_it())
    loop.close()


def test_the_loop_itself_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs where the machine has no network at all."""

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("a socket was asked for")

    for name in ("socket", "socketpair", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, never)
    loop = ReplayLoop()
    assert loop.run_until_complete(asyncio.sleep(3600, "an hour later")) == "an hour later"
    assert loop.time() == pytest.approx(3600)
    loop.close()


def test_work_for_a_thread_takes_no_time_of_the_replay() -> None:
    """What the app gives to a thread is done before the clock moves, so each run is the same."""
    loop = ReplayLoop()

    async def work() -> float:
        assert await asyncio.to_thread(sum, range(10)) == 45
        return loop.time()

    assert loop.run_until_complete(work()) == 0.0
    loop.close()


def test_a_recording_that_never_rests_is_stopped() -> None:
    """A bundle made to keep the staff's server busy takes its share of CPU time and no more."""
    loop = ReplayLoop(most=0.05)

    async def spin() -> None:
        while True:
            await asyncio.sleep(1)

    with pytest.raises(ReplayTooLong):
        loop.run_until_complete(spin())
    loop.close()
