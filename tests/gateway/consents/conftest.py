"""A family whom nobody has asked yet, in a city whose clock a test moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from gateway.consents.purposes import purposes
from gateway.database import Database
from gateway.health_people.relations import Parenthood, replace_relations
from gateway.settings import Settings
from tests.gateway.clocked_city import CityClock, city_settings
from tests.gateway.conftest import RESIDENT, make_headers
from tests.support.consents import NOWHERE, forget_every_consent

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CHILD, TEEN = "test-minh-khoi", "test-thu-an"
BIRTHDATES = {CHILD: date(2018, 9, 12), TEEN: date(2010, 12, 20)}


class Decide(Protocol):
    """One decision of a resident, by the text in force unless said otherwise."""

    async def __call__(
        self, purpose: str, decision: str, *, by: str = RESIDENT, key: str = "", **body: Any
    ) -> httpx.Response: ...


class Ledger(Protocol):
    """A resident's ledger as JSON."""

    async def __call__(self, *, by: str = RESIDENT, child: str = "") -> dict[str, Any]: ...


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture(autouse=True)
def undecided(gateway: httpx.AsyncClient, database: Database) -> None:
    """Nobody was asked; the register knows whose parent the resident is."""

    def begin(connection: Any) -> None:
        forget_every_consent(connection)
        since = date(2020, 1, 1)
        family = (Parenthood(RESIDENT, one, born, since) for one, born in BIRTHDATES.items())
        replace_relations(connection, family)

    database.run_here(begin)


@pytest.fixture
def decide(gateway: httpx.AsyncClient) -> Decide:
    """Sends a decision as that resident."""

    async def send(
        purpose: str, decision: str, *, by: str = RESIDENT, key: str = "", **body: Any
    ) -> httpx.Response:
        known = purposes(NOWHERE).get(purpose)
        usual = {
            "decision": decision,
            "text_version": known.text.version if known else "1",
            "language": "vi",
            "way": "asked",
            "device": "phone",
        }
        headers = make_headers(by, "openid") | ({"Idempotency-Key": key} if key else {})
        path = f"/privacy/consents/{purpose}"
        return await gateway.post(path, headers=headers, json={**usual, **body})

    return send


@pytest.fixture
def ledger(gateway: httpx.AsyncClient) -> Ledger:
    """Reads a ledger as that resident."""

    async def read(*, by: str = RESIDENT, child: str = "") -> dict[str, Any]:
        query = {"child": child} if child else {}
        headers = make_headers(by, "openid")
        answer = await gateway.get("/privacy/consents", headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return read


def states(found: dict[str, Any]) -> dict[str, str]:
    """The state of each purpose that was decided about."""
    every = {one["purpose"]: one["state"] for one in found["purposes"]}
    return {purpose: state for purpose, state in every.items() if state != "undecided"}
