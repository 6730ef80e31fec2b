"""A TCP proxy that breaks what passes: delays, cuts, resets and black holes, by a seeded dice.

What breaks is chosen for each request, not for each connection: whenever the client speaks again
after an answer, the dice is thrown.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65_536
FATES = {
    "delay": 0.06,
    "cut_before": 0.03,
    "cut_after": 0.03,
    "cut_inside": 0.02,
    "reset": 0.02,
    "black_hole": 0.005,
}
"""Chances of each request: late; never arrives; answer lost; arrives in part; RST; no end at all."""
BROKEN = frozenset(FATES) - {"delay"}
HOLE = 8.0
"""Seconds that a black hole stays open; the campaign's clients give up before."""
_LINE = re.compile(rb"(GET|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n")


@dataclass
class Counts:
    """What went through: tries by what they were, and what befell them."""

    tries: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)


class FaultyProxy:
    """Listens on a free loopback port and passes on to `port`, breaking things while `faulty`."""

    def __init__(self, port: int, seed: int) -> None:
        self.counts = Counts()
        self.faulty = True
        self._target = port
        self._dice = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Begin to listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """End it."""
        self._server.close()
        for task in list(self._tasks):
            task.cancel()

    def _fate(self) -> str:
        if not self.faulty:
            return "pass"
        thrown = self._dice.random()
        for fate, chance in FATES.items():
            if thrown < chance:
                return fate
            thrown -= chance
        return "pass"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._join(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            self.counts.faults["gateway_down"] += 1
            return
        far_reader, far_writer = there
        try:
            while head := await reader.read(CHUNK):
                what = _what(head)
                self.counts.tries[what] += 1
                fate = self._fate()
                if fate != "pass":
                    self.counts.faults[fate] += 1
                done = await self._request(fate, head, (reader, writer), (far_reader, far_writer))
                (self.counts.answered if done else self.counts.broken)[what] += 1
                if not done:
                    return
        finally:
            far_writer.close()

    async def _request(
        self,
        fate: str,
        head: bytes,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> bool:
        """Carry one request and its answer; says whether the whole answer was handed over."""
        if fate == "delay":
            await asyncio.sleep(self._dice.uniform(0.05, 0.5))
        if fate == "cut_before":
            return False
        body = await _rest(head, near[0])
        if fate == "cut_inside":
            whole = head + body
            far[1].write(whole[: self._dice.randrange(1, len(whole))])
            await far[1].drain()
            return False
        far[1].write(head + body)
        await far[1].drain()
        if fate == "black_hole":
            with suppress(TimeoutError):
                await asyncio.wait_for(far[0].read(CHUNK), HOLE)
            await asyncio.sleep(HOLE)
            return False
        answer = await _message(far[0])
        if not answer:
            return False
        if near[0].at_eof():
            # Killed, or tired of waiting for a busy machine.
            self.counts.faults["client_gone"] += 1
            return False
        if fate == "cut_after":
            return False
        if fate == "reset":
            _reset(near[1])
            return False
        near[1].write(answer)
        await near[1].drain()
        return True


def _what(head: bytes) -> str:
    found = _LINE.match(head)
    if not found:
        return "other"
    path = found[2].decode().partition("?")[0].removeprefix("/api")
    if found[1] == b"POST":
        for end in ("/requests.json", "/photos", "/withdraw"):
            if path.endswith(end):
                return end.strip("/").removesuffix(".json")
    return "other"


async def _rest(head: bytes, reader: asyncio.StreamReader) -> bytes:
    """Read what of the request has not come with its first bytes."""
    while b"\r\n\r\n" not in head:
        head += (more := await reader.read(CHUNK))
        if not more:
            raise asyncio.IncompleteReadError(head, None)
    headers, _, begun = head.partition(b"\r\n\r\n")
    missing = _length(headers) - len(begun)
    return await reader.readexactly(missing) if missing > 0 else b""


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one whole answer; empty when the gateway broke off."""
    try:
        headers = await reader.readuntil(b"\r\n\r\n")
        return headers + await reader.readexactly(_length(headers))
    except (asyncio.IncompleteReadError, OSError):
        return b""


def _length(headers: bytes) -> int:
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", headers)
    return int(found[1]) if found else 0


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: what was on the way is thrown away."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
