"""An event loop whose clock jumps to the next thing that is due, and that knows no network.

It opens not even the pair of sockets by which other loops are woken, so a replay runs where there
is no network at all; and whatever asks it for a connection is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import process_time
from typing import Any, NoReturn


class NetworkRefused(OSError):
    """Something in a replay asked for a network."""


class ReplayTooLong(Exception):
    """A replay took more CPU time than it may."""


class AtOnce(ThreadPoolExecutor):
    """Returns when what it was given is done: a thread beside the loop would take uncounted time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it now; what it raises is the future's."""
        done = super().submit(fn, *args, **kwargs)
        wait([done])
        return done


class ReplayLoop(asyncio.SelectorEventLoop):
    """Never sleeps, and runs on the spot what others give to a thread.

    `most` is the CPU time in seconds after which it raises ReplayTooLong.
    """

    def __init__(self, most: float | None = None) -> None:
        super().__init__()
        self.set_default_executor(AtOnce(1))
        self._moment = 0.0
        self._until = None if most is None else process_time() + most
        ready_now = self._selector.select  # type: ignore[attr-defined]

        def select(timeout: float | None = None) -> Any:
            ready = ready_now(0)
            if not ready and timeout is None:
                raise RuntimeError("everything waits for nothing")
            self._moment += 0 if ready else max(0.0, timeout or 0.0)
            if self._until is not None and process_time() > self._until:
                raise ReplayTooLong
            return ready

        self._selector.select = select  # type: ignore[attr-defined]

    def time(self) -> float:
        """Seconds since the loop was made, none of them waited for."""
        return self._moment

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Run it on the spot, whosever threads were meant: nobody waits for them by this clock."""
        return super().run_in_executor(None, func, *args)

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None

    def _close_self_pipe(self) -> None:
        """There is none."""

    async def _refuse(self, *_arguments: Any, **_named: Any) -> NoReturn:
        raise NetworkRefused("a replay has no network")

    create_connection = create_server = create_datagram_endpoint = _refuse
    create_unix_connection = create_unix_server = getaddrinfo = getnameinfo = _refuse
    sock_connect = sock_accept = sock_recv = sock_sendall = _refuse
    subprocess_exec = subprocess_shell = _refuse
