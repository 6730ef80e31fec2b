"""An outage of the gateway: what the phones of a city send meanwhile, on a simulated clock."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.client import GatewayClient
from services.outbox import Outbox
from services.reach import Reach
from services.vault import Vault
from tests.support import virtual_time
from tests.support.virtual_time import ThreadlessVault


class City:
    """Counts what it is sent; in an outage nothing is answered, or 503, or only writes are refused."""

    def __init__(self) -> None:
        self.trouble = ""
        self.tries = 0
        self.tries_in_outage = 0
        self.probes_in_outage = 0
        self.arrived: set[str] = set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        write = request.method == "POST"
        self.tries += write
        if self.trouble:
            self.tries_in_outage += write
            self.probes_in_outage += not write
            if self.trouble == "hangs":
                await asyncio.sleep(25)
                raise httpx.ReadTimeout("nothing", request=request)
            if self.trouble == "unreachable":
                raise httpx.ConnectError("cut", request=request)
            if write or self.trouble == "503":
                return httpx.Response(503)
        if write:
            self.arrived.add(request.headers["Idempotency-Key"])
        return httpx.Response(200, json=[])


class Phone:
    """One resident's app: its outbox works in the background; it may be closed and opened."""

    def __init__(self, city: City, vault: Vault, who: str) -> None:
        self.city, self.vault, self.who = city, vault, who
        self.open()

    def open(self) -> None:
        clock = virtual_time.clock(asyncio.get_running_loop())
        reach = Reach()
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.city))
        gateway = GatewayClient("http://city", http, clock, reach=reach)

        async def probe() -> None:
            await gateway.fetch("/services.json", public=True, retry=False)

        async def send(payload: Any, idempotency_key: str) -> Any:
            key = idempotency_key
            return await gateway.post("/x", json=payload, idempotency_key=key, retry=False)

        self.outbox = Outbox(self.vault.for_subject(self.who), clock, reach, probe)
        self.outbox.register("report", send)
        self.working = asyncio.ensure_future(self.outbox.work())

    async def reopen(self) -> None:
        self.working.cancel()
        await asyncio.sleep(0)
        self.open()


async def story(
    vault: Vault, seed: int, trouble: str, minutes: float, phones: int, reopenings: int
) -> tuple[City, int, float]:
    """Residents report while an outage lasts; returns the city, how many, and how late the last came."""
    dice, city = random.Random(seed), City()
    loop = asyncio.get_running_loop()
    devices = [Phone(city, vault, f"s-{number}") for number in range(phones)]
    city.trouble = trouble
    seconds, written = 60 * minutes, 0

    async def resident(phone: Phone) -> None:
        nonlocal written
        for _ in range(dice.randint(1, 4)):
            await asyncio.sleep(dice.uniform(0, seconds / 6))
            written += 1
            await phone.outbox.submit("report", written)
        for _ in range(reopenings):
            await asyncio.sleep(dice.uniform(0, seconds / 6))
            await phone.reopen()

    writing = [asyncio.ensure_future(resident(phone)) for phone in devices]
    await asyncio.sleep(seconds)
    city.trouble = ""
    over = loop.time()
    await asyncio.gather(*writing)
    while len(city.arrived) < written:
        await asyncio.sleep(1)
    for phone in devices:
        phone.working.cancel()
    return city, written, loop.time() - over


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    trouble=st.sampled_from(["unreachable", "503", "hangs"]),
    minutes=st.floats(1, 240),
    phones=st.integers(1, 12),
    reopenings=st.integers(0, 2),
)
@example(seed=314983, trouble="unreachable", minutes=79.0, phones=8, reopenings=2)
def test_an_outage_costs_at_most_a_tenth_of_extra_tries(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    trouble: str,
    minutes: float,
    phones: int,
    reopenings: int,
) -> None:
    """A city's phones must not keep its gateway down; and all arrives soon after it is back."""
    vault = ThreadlessVault(tmp_path_factory.mktemp("outage") / "vault.sqlite3", bytes(32))
    told = (vault, seed, trouble, minutes, phones, reopenings)
    city, written, late = virtual_time.run(lambda: story(*told))
    assert city.tries_in_outage <= 1.1 * written
    assert city.tries <= 2.1 * written
    assert city.probes_in_outage <= phones * (2 * minutes + 12 + 4 * reopenings)
    assert late < 25 + 2 * 60 + 10
    vault.close()


def test_a_gateway_that_refuses_only_writes_is_asked_ever_less(tmp_path: Path) -> None:
    """Its reads answer, so nobody can tell an outage from bad luck: a phone is patient all the same."""
    vault = ThreadlessVault(tmp_path / "vault.sqlite3", bytes(32))
    city, written, late = virtual_time.run(lambda: story(vault, 7, "writes", 120, 1, 0))
    assert city.tries_in_outage <= written + 2 + 120 // 5
    assert late <= 610
    vault.close()


def test_someones_success_lets_everything_go_at_once(tmp_path: Path) -> None:
    """The resident opens a list, it loads: what waits leaves in the same second."""
    vault = ThreadlessVault(tmp_path / "vault.sqlite3", bytes(32))

    async def tale() -> float:
        city = City()
        phone = Phone(city, vault, "s-1")
        city.trouble = "unreachable"
        await phone.outbox.submit("report", "a")
        await asyncio.sleep(3600)
        city.trouble = ""
        began = asyncio.get_running_loop().time()
        phone.outbox._reach.seen()
        while not city.arrived:
            await asyncio.sleep(0.1)
        phone.working.cancel()
        return asyncio.get_running_loop().time() - began

    assert virtual_time.run(tale) <= 1.0
    vault.close()


def test_a_network_that_is_back_is_asked_at_once(tmp_path: Path) -> None:
    """The phone leaves the tunnel and says so."""
    vault = ThreadlessVault(tmp_path / "vault.sqlite3", bytes(32))

    async def tale() -> float:
        city = City()
        phone = Phone(city, vault, "s-1")
        city.trouble = "unreachable"
        await phone.outbox.submit("report", "a")
        await asyncio.sleep(3600)
        city.trouble = ""
        began = asyncio.get_running_loop().time()
        phone.outbox.wake()
        while not city.arrived:
            await asyncio.sleep(0.1)
        phone.working.cancel()
        return asyncio.get_running_loop().time() - began

    assert virtual_time.run(tale) <= 1.0
    vault.close()
