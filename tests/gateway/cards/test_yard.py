"""A yard from end to end: the resident's own devices, the yard's two gates, and one payment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from gate.code import Answer, read
from gateway.cards.holder import pass_register
from gateway.parking.places import parking_register, sandbox_parking
from gateway.parking.tables import charges
from gateway.registers.passes import SandboxPasses
from gateway.registers.population import SandboxPopulation
from gateway.settings import Settings
from services.card_states import CardCode
from services.cards import Cards
from services.client import GatewayClient
from services.clock import ServerClock
from services.outbox import Outbox
from services.parking import Parking, ParkingStart
from services.parking_sessions import ParkingSession
from services.reach import Reach
from services.vault import Vault
from tests.gateway.cards.gate_twins import CityClock, GateCity, GateInTheField, MakeGate

PARKS, RIDES_ALONE = "sandbox-do-thanh-tung", "sandbox-nguyen-minh-anh"
HOUR = 3600


@pytest.fixture
def gate_clock() -> CityClock:
    """Now, because answers are dated now and devices go by that."""
    return CityClock(int(time.time()))


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test moves."""
    return gate_settings


class Bearer(httpx.Auth):
    """A resident who is signed in."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(self._headers)
        yield request


class Resident:
    """A resident's device: the card on it, and parking."""

    def __init__(self, city: GateCity, folder: Path, subject: str, headers: dict[str, str]) -> None:
        self._city = city
        clock = ServerClock()
        client = GatewayClient("http://city.test/api", city.http, clock, Bearer(headers))
        vault = Vault(folder / subject / "vault.sqlite3", os.urandom(32)).for_subject(subject)

        async def probe() -> None:
            await client.fetch("/gate/keys", public=True)

        outbox = Outbox(vault, clock, Reach(), probe)
        self.cards = Cards(client, vault, clock)
        self.parking = Parking(client, vault, outbox, clock)

    async def shows(self) -> str:
        """The code on the screen now."""
        code = await self.cards.code_at(self._city.clock.at)
        assert isinstance(code, CardCode), code
        return code.text

    async def stays(self) -> dict[str, ParkingSession]:
        """The resident's stays by their place."""
        return {stay.place.place_id: stay for stay in (await self.parking.list_mine()).value}


@pytest.fixture
def resident(
    app: FastAPI,
    gate_city: GateCity,
    tmp_path: Path,
    headers_for: Callable[..., dict[str, str]],
) -> Callable[[str], Resident]:
    """Makes a resident of the sandbox with a device of their own."""
    passes = SandboxPasses(SandboxPopulation())
    app.dependency_overrides[pass_register] = lambda: passes
    app.dependency_overrides[parking_register] = sandbox_parking

    def make(subject: str) -> Resident:
        return Resident(gate_city, tmp_path, subject, headers_for(subject, "cards"))

    return make


def word(gate: GateInTheField, code: str) -> str:
    """The gate's verdict."""
    answer = gate.station.answer(code)
    assert isinstance(answer, Answer), answer
    return str(answer.verdict)


async def test_a_yard_takes_the_card_in_and_out_and_is_paid_once(
    resident: Callable[[str], Resident], make_gate: MakeGate, gate_city: GateCity
) -> None:
    """The same card's code as on the bus, with the parking product; the kerb's stay is another."""
    mine, other = resident(PARKS), resident(RIDES_ALONE)
    for one in (mine, other):
        await one.cards.enrol("Điện thoại", "android")
    kerb = await mine.parking.start(ParkingStart("29C1-123.45", "motorbike", "HK-014", 240))
    assert kerb is not None
    entry = make_gate("entry", "parking", "cl-y1", products=[2])
    leaving = make_gate("leaving", "parking", "cl-y1", products=[2], direction="out")
    for gate in (entry, leaving):
        await gate.sync()

    assert word(entry, await other.shows()) == "wrong_product"
    code = await mine.shows()
    assert word(entry, code) == "accepted"
    assert word(entry, code) == "replayed"
    assert [await entry.sync(), await entry.sync()] == [1, 0]
    yard = (await mine.stays())["CL-Y1"]
    assert (yard.plate, yard.ended_at) == ("", None)
    assert yard.started_at.timestamp() == gate_city.clock.at
    assert await other.stays() == {}

    before = (await mine.parking.account()).balance
    for each in (entry, leaving):
        each.clocks.at += 2 * HOUR
    gate_city.clock.at += 2 * HOUR
    assert word(leaving, await mine.shows()) == "accepted"
    assert await leaving.sync() == 1
    stays = await mine.stays()
    yard = stays["CL-Y1"]
    assert yard.receipt is not None
    assert yard.ended_at is not None
    assert (yard.ended_at - yard.started_at).total_seconds() == 2 * HOUR
    after = (await mine.parking.account()).balance
    assert before - after == yard.receipt.amount > 0
    assert stays["HK-014"].ended_at is None

    # What is sent again, and ended by hand as well, is not paid again.
    await resend(gate_city, leaving, await mine.shows())
    again = await mine.parking.stop(yard.session_id)
    assert again is not None
    assert again.receipt == yard.receipt
    assert (await mine.parking.account()).balance == after
    count = select(func.count()).select_from(charges)
    assert gate_city.database.run_here(lambda db: db.scalar(count), write=False) == 1


async def resend(city: GateCity, gate: GateInTheField, code: str) -> None:
    """The line broke before the answer: the gate brings the same tap once more."""
    found = read(code)
    assert found is not None
    secret = f"Bearer leaving.{gate.station.setup.secret}"
    tap = {"payload": found.raw.hex(), "direction": "out", "moment": int(city.clock.at)}
    answer = await city.bring({"Authorization": secret}, tap)
    assert answer.json() == {"new": 0, "refused": []}
