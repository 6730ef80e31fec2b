"""The fault campaign: nothing lost, nothing doubled, whatever the network and the processes do.

python -m tests.campaigns.faults [N] [--seed SEED] [--devices D]     (make faults N=20000)

Real client processes (services over a vault on disk) report through a proxy that delays, cuts,
resets and black-holes to a real gateway process over SQLite; client and gateway processes are
killed with SIGKILL at random moments and started again. At the end the gateway's database is
counted. Exit code 1 if anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.identity.keys import SigningKeys
from tests.campaigns.faulty_proxy import BROKEN, FaultyProxy
from tests.campaigns.resident_process import words_of

ROOT = Path(__file__).parents[2]
EACH = 10
"""Reports of one resident."""
GATEWAY_KILLS, CLIENT_KILLS = 400, 200
"""Submissions from one kill -9 to the next, on average; in a short run a third of all."""
PHOTO_EVERY = 5


@dataclass
class Outcome:
    """What the campaign counted."""

    wanted: int
    lost: int
    doubled: int
    photos_wrong: int
    tries: Counter[str]
    broken: Counter[str]
    faults: Counter[str]
    kills: Counter[str]
    seconds: float
    trouble: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.photos_wrong or self.trouble)

    def __str__(self) -> str:
        tries = self.tries["requests"]
        extra = tries - self.wanted
        broken = self.broken["requests"]
        rest = extra - broken
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return "\n".join(
            [
                f"submissions      {self.wanted:,}",
                f"lost             {self.lost}",
                f"doubled          {self.doubled}",
                f"photos wrong     {self.photos_wrong}",
                f"refused          {len(self.trouble)}",
                f"kill -9          clients {self.kills['client']}, gateway {self.kills['gateway']}",
                f"faults           {faults}",
                f"tries of reports {tries:,}: {extra:,} extra ({extra / self.wanted:.1%}),",
                f"                 {broken:,} because a fault or a kill broke the one before,"
                f" {rest:,} others ({rest / self.wanted:.1%})",
                f"tries of photos  {self.tries['photos']:,}",
                f"time             {self.seconds:.0f} s, {self.wanted / self.seconds:.0f} a second",
            ]
        )


class Campaign:
    """One run in a folder of its own."""

    def __init__(self, folder: Path, wanted: int, seed: int, devices: int) -> None:
        self.folder, self.wanted, self.devices = folder, wanted, devices
        self.dice = random.Random(seed)
        self.port = _free_port()
        self.proxy = FaultyProxy(self.port, seed)
        self.kills: Counter[str] = Counter()
        self.trouble: list[str] = []
        self.gateway: asyncio.subprocess.Process | None = None
        self.subjects = [f"r{number:05d}" for number in range(-(-wanted // EACH))]

    async def run(self) -> Outcome:
        began = time.monotonic()
        await self._start_gateway()
        self.port_seen = await self.proxy.start()
        plans = self._write_plans()
        killers = [asyncio.create_task(self._kill_gateway()), asyncio.create_task(self._say())]
        try:
            await asyncio.gather(*(self._device(plan) for plan in plans))
        finally:
            for killer in killers:
                killer.cancel()
            await asyncio.gather(*killers, return_exceptions=True)
            await self._stop_gateway()
            await self.proxy.stop()
        return self._count(time.monotonic() - began)

    async def _say(self) -> None:
        """Say now and then how far it is."""
        while True:
            await asyncio.sleep(60)
            done = self.proxy.counts.answered["requests"]
            print(f"… {done:,} of {self.wanted:,} answered", file=sys.stderr, flush=True)

    def _write_plans(self) -> list[Path]:
        keys = SigningKeys.load_or_make(self.folder / "gateway" / "keys")
        plans = []
        for device in range(self.devices):
            subjects = self.subjects[device :: self.devices]
            plan = {
                "gateway": f"http://127.0.0.1:{self.port_seen}/api",
                "folder": str(self.folder / f"device-{device}"),
                "tokens": {subject: self._token(keys, subject) for subject in subjects},
                "each": EACH,
                "photo_every": PHOTO_EVERY,
            }
            path = self.folder / f"plan-{device}.json"
            path.write_text(json.dumps(plan))
            plans.append(path)
        return plans

    def _token(self, keys: SigningKeys, subject: str) -> str:
        now = int(time.time())
        claims = {
            "iss": f"http://127.0.0.1:{self.port}/identity",
            "sub": subject,
            "aud": "ihanoi-gateway",
            "iat": now,
            "exp": now + 86_400,
            "auth_time": now,
            "acr": "loa2",
            "sid": subject,
            "jti": subject,
            "client_id": "ihanoi-app",
            "scope": "openid reports",
            "roles": ["resident"],
        }
        return keys.sign(claims, "at+jwt")

    async def _device(self, plan: Path) -> None:
        """Run a client process to its end, killing it now and then."""
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.campaigns.resident_process", str(plan)),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            killer = asyncio.create_task(self._kill_client(process))
            try:
                if await self._finishes(process):
                    return
            finally:
                killer.cancel()
                _kill(process)
                await process.wait()

    async def _finishes(self, process: asyncio.subprocess.Process) -> bool:
        """Read what the process says to its end; says whether it had finished."""
        assert process.stdout is not None
        async for line in process.stdout:
            words = line.decode().strip()
            if words == "FINISHED":
                return True
            self.trouble.append(words)
        return False

    async def _kill_client(self, process: asyncio.subprocess.Process) -> None:
        await self._progress(CLIENT_KILLS * self.devices)
        self.kills["client"] += _kill(process)

    async def _progress(self, about: int) -> None:
        """Wait for a random moment after some more submissions."""
        few = min(about, self.wanted // 3)
        answered = self.proxy.counts.answered
        until = answered["requests"] + self.dice.uniform(0.5, 1.5) * few
        while answered["requests"] < until:
            await asyncio.sleep(0.02)
        await asyncio.sleep(self.dice.uniform(0, 0.1))

    async def _start_gateway(self) -> None:
        folder = self.folder / "gateway"
        folder.mkdir(exist_ok=True)
        environ = {
            **os.environ,
            "IHANOI_DATA": str(folder),
            "IHANOI_REPORTS_PER_HOUR": "1000",
            "PYTHONPATH": str(ROOT),
        }
        environ.pop("IHANOI_PUBLIC_URL", None)
        with (self.folder / "gateway.log").open("ab") as log:
            self.gateway = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "gateway", "serve", "--port", str(self.port)),
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
            )
        await self._answers()

    async def _answers(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(90):
            while True:
                with suppress(httpx.HTTPError):
                    await http.get(f"http://127.0.0.1:{self.port}/api/open311/v2/services.json")
                    return
                await asyncio.sleep(0.1)

    async def _kill_gateway(self) -> None:
        while True:
            await self._progress(GATEWAY_KILLS)
            assert self.gateway is not None
            self.kills["gateway"] += _kill(self.gateway)
            await self.gateway.wait()
            await asyncio.sleep(self.dice.uniform(0, 2))
            await self._start_gateway()

    async def _stop_gateway(self) -> None:
        if self.gateway is not None and self.gateway.returncode is None:
            self.gateway.terminate()
            await self.gateway.wait()

    def _count(self, seconds: float) -> Outcome:
        database = sqlite3.connect(self.folder / "gateway" / "gateway.sqlite3")
        rows = database.execute(
            "SELECT r.description, count(m.media_id) FROM service_requests r"
            " LEFT JOIN media m ON m.service_request_id = r.service_request_id"
            " WHERE r.description LIKE 'Phản ánh thử nghiệm của %' GROUP BY r.service_request_id"
        ).fetchall()
        database.close()
        wanted = {
            words_of(subject, number): 2 * (number % PHOTO_EVERY == 0)
            for subject in self.subjects
            for number in range(EACH)
        }
        found = Counter(description for description, _ in rows)
        counts = self.proxy.counts
        return Outcome(
            wanted=len(wanted),
            lost=sum(description not in found for description in wanted),
            doubled=sum(found.values()) - len(found),
            photos_wrong=sum(wanted.get(words, -1) != photos for words, photos in rows),
            tries=counts.tries,
            broken=counts.broken,
            faults=counts.faults,
            kills=self.kills,
            seconds=seconds,
            trouble=self.trouble,
        )


def _kill(process: asyncio.subprocess.Process) -> bool:
    """Kill at once; says whether it was still alive. (Popen's own kill would reap it behind asyncio.)"""
    if process.returncode is not None:
        return False
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
        return True
    return False


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def campaign(wanted: int, *, seed: int, devices: int = 2) -> Outcome:
    """Run it in a folder that is thrown away, and say what was counted."""
    with tempfile.TemporaryDirectory(prefix="ihanoi-faults-") as folder:
        return await Campaign(Path(folder), wanted, seed, devices).run()


def main() -> int:
    """Run the campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="?", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--devices", type=int, default=2)
    chosen = parser.parse_args()
    print(
        f"seed             {chosen.seed}; of each request {sorted(BROKEN)} or a delay", flush=True
    )
    outcome = asyncio.run(campaign(chosen.wanted, seed=chosen.seed, devices=chosen.devices))
    print(outcome)
    for line in outcome.trouble[:20]:
        print("TROUBLE", line)
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
