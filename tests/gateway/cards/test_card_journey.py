"""From the resident's phone to the gate, through the real gateway and the gate's real command."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.asgi import running
from gateway.cards.holder import pass_register
from gateway.registers.passes import SandboxPasses
from gateway.registers.population import SandboxPopulation
from services.card_states import CardCode, MovedAway
from services.cards import Cards
from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound
from services.vault import Vault

ROOT = Path(__file__).parents[3]
MINH_ANH, NEWCOMER = "sandbox-nguyen-minh-anh", "sandbox-vu-khanh-linh"
MakePhone = Callable[..., Cards]


class Bearer(httpx.Auth):
    """A resident who is signed in."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(self._headers)
        yield request


@pytest_asyncio.fixture
async def city(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A line to the running gateway, mounted under /api, with the sandbox's passes alone."""
    passes = SandboxPasses(SandboxPopulation())
    app.dependency_overrides[pass_register] = lambda: passes
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/api", app)]))
    async with running(app), httpx.AsyncClient(transport=transport) as http:
        yield http


@pytest.fixture
def phone(
    city: httpx.AsyncClient, tmp_path: Path, headers_for: Callable[..., dict[str, str]]
) -> MakePhone:
    """Makes a resident's device with a vault of its own."""

    def make(name: str, subject: str = MINH_ANH) -> Cards:
        clock = ServerClock()
        auth = Bearer(headers_for(subject, "cards"))
        client = GatewayClient("http://city.test/api", city, clock, auth)
        vault = Vault(tmp_path / name / "vault.sqlite3", bytes(32))
        return Cards(client, vault.for_subject(subject), clock)

    return make


class GateInTheField:
    """A gate that took its keys and deny list along, and has no network since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def sync(self, city: httpx.AsyncClient) -> None:
        """Fetch what gates may read."""
        for name in ("keys", "deny"):
            answer = await city.get(f"http://city.test/api/gate/{name}")
            (self._folder / name).write_bytes(answer.content)

    def check(self, text: str, at: float) -> str:
        """The first word `python -m gate check` prints."""
        options = [f"--{name}={self._folder / name}" for name in ("keys", "deny", "state")]
        done = subprocess.run(
            [sys.executable, "-m", "gate", "check", *options, f"--at={at}", "--product=1"],
            input=text + "\n",
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        return done.stdout.split("\t")[0]


@pytest.fixture
def gate(tmp_path: Path) -> GateInTheField:
    """A gate with a folder of its own."""
    (tmp_path / "gate").mkdir()
    return GateInTheField(tmp_path / "gate")


async def show(cards: Cards, at: float) -> str:
    """What the phone shows then; anything but a code fails."""
    shown = await cards.code_at(at)
    assert isinstance(shown, CardCode), shown
    return shown.text


async def test_a_resident_rides_once_with_each_code(
    phone: MakePhone, gate: GateInTheField, city: httpx.AsyncClient
) -> None:
    """Enrolled at home, accepted at the gate, and a photograph of the code is worth nothing."""
    cards = phone("new")
    await cards.enrol("Điện thoại", "android")
    await gate.sync(city)
    now = time.time()
    text = await show(cards, now)
    assert gate.check(text, now) == "accepted"
    assert gate.check(text, now) == "replayed"
    assert gate.check(text, now + 31) == "too_old"
    assert gate.check(await show(cards, now + 60), now + 60) == "passback"
    later = now + 70 * 3600
    assert gate.check(await show(cards, later), later) == "accepted"


async def test_the_old_phone_stops_when_the_card_moves(
    phone: MakePhone, gate: GateInTheField, city: httpx.AsyncClient
) -> None:
    """One card, one phone: the new one rides, the old one is refused and says why."""
    old, new = phone("old"), phone("new")
    await old.enrol("Máy cũ", "android")
    await new.enrol("Máy mới", "ios")
    await gate.sync(city)
    now = time.time()
    assert gate.check(await show(old, now), now) == "revoked"
    assert gate.check(await show(new, now), now) == "accepted"
    await old.card()
    assert await old.code_at(now) == MovedAway("Máy mới")


async def test_a_lost_phone_is_blocked_from_another_device(
    phone: MakePhone, gate: GateInTheField, city: httpx.AsyncClient
) -> None:
    """Blocked from the computer at home; found again, it works at once."""
    lost, desktop = phone("lost"), phone("desktop")
    await lost.enrol("Điện thoại", "android")
    now = time.time()
    await desktop.block()
    await gate.sync(city)
    assert gate.check(await show(lost, now), now) == "revoked"
    await desktop.unblock()
    await gate.sync(city)
    assert gate.check(await show(lost, now), now) == "accepted"


async def test_the_newcomer_has_no_card(phone: MakePhone) -> None:
    """An empty wallet is not an error, and nothing can be enrolled."""
    cards = phone("new", NEWCOMER)
    assert (await cards.card()).value is None
    with pytest.raises(NotFound):
        await cards.enrol("Điện thoại", "android")
