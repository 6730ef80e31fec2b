"""Residents with passes before the cards' API, in a city whose clock a test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.cards.holder import pass_register
from gateway.registers.passes import Entry, Pass
from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock, city_settings

RESIDENT, STRANGER = "test-minh-anh", "test-gia-huy"
START = datetime(2026, 10, 14, 2, 30, tzinfo=UTC)
"""Half past nine in Hanoi."""
NOW_SLOT = int(START.timestamp()) // 3600
PASS = Pass(
    number="010000003917",
    holder_name="Nguyễn Minh Anh",
    product=Entry(1, {"vi": "Vé tháng liên tuyến", "en": "Monthly pass, all routes"}),
    group=Entry(0, {"vi": "Phổ thông", "en": "Ordinary"}),
    valid_from=date(2026, 10, 1),
    valid_until=date(2026, 10, 31),
)
BODY = {"device_name": "Điện thoại của tôi", "platform": "android"}
HeadersFor = Callable[..., dict[str, str]]


class Passes:
    """A register in which everybody named has a pass."""

    def __init__(self) -> None:
        self.held = {RESIDENT: PASS, STRANGER: replace(PASS, holder_name="Trần Gia Huy")}

    async def find(self, subject: str, on: date) -> Pass | None:
        """The pass of that subject."""
        return self.held.get(subject)

    async def find_by_number(self, number: str, on: date) -> tuple[str, Pass] | None:
        """Whose pass has that number."""
        return next((item for item in self.held.items() if item[1].number == number), None)


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def passes(app: FastAPI) -> Passes:
    """The register of passes, which the test changes."""
    register = Passes()
    app.dependency_overrides[pass_register] = lambda: register
    return register


@pytest.fixture
def call(gateway: httpx.AsyncClient, passes: Passes, headers_for: HeadersFor) -> Call:
    """Sends a request as a resident with the scope `cards`."""

    async def send(
        method: str, path: str, body: Any = None, *, by: str = RESIDENT, key: str = ""
    ) -> httpx.Response:
        headers = headers_for(by, "cards") | ({"Idempotency-Key": key} if key else {})
        return await gateway.request(method, path, json=body, headers=headers)

    return send


async def enrol(call: Call, key: str = "first-enrolment", *, by: str = RESIDENT) -> str:
    """Puts the card on a device; its card id."""
    answer = await call("POST", "/cards/v1/enrolments", BODY, by=by, key=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["card_id"])


async def ask(
    call: Call, card_id: str, *slots: int, anchor: str = "ab" * 16, by: str = RESIDENT
) -> httpx.Response:
    """Asks for grants with the same anchor for every slot."""
    anchors = [{"slot": slot, "anchor": anchor} for slot in slots or (NOW_SLOT,)]
    body = {"card_id": card_id, "anchors": anchors}
    return await call("POST", "/cards/v1/grants", body, by=by)


async def deny_list(gateway: httpx.AsyncClient) -> list[str]:
    """What gates must refuse now."""
    answer = await gateway.get("/gate/deny", headers={"Accept": "application/json"})
    return list(answer.json()["card_ids"])
