"""Consents on a device: held at once, sent once, read without a network, and a guest's for the session."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.client import GatewayClient
from services.clock import ServerClock
from services.consents import AGREED, WITHDRAWN, Consents
from services.errors import NotFound, Rejected
from services.outbox import Outbox
from services.vault import Vault

WORDS = {"title": "Tên", "words": "Tôi đồng ý", "refusing": "Nếu không", "stopping": "Dừng"}
TEXT = {"vi": WORDS, "en": WORDS}


class Gateway:
    """A ledger that the line can be cut from."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.received: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.cut = False
        self.refuses = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut")
        if request.url.path.endswith("/privacy/purposes"):
            return httpx.Response(200, json=[self.purpose("report_place", public=True)])
        if request.method == "POST":
            if self.refuses:
                problem = {"type": "/problems/consent-text-changed", "status": 409}
                return httpx.Response(409, json=problem)
            body = json.loads(request.content)
            self.received.append(body)
            self.keys.append(request.headers["Idempotency-Key"])
            self.states[request.url.path.rpartition("/")[2]] = body["decision"]
        purposes = [self.purpose(code) for code in ("report_place", "card_taps", "health_copies")]
        ledger = {"child": "", "name": "", "purposes": purposes, "history": [], "carers": []}
        return httpx.Response(200, json=ledger | {"children": []})

    def purpose(self, code: str, *, public: bool = False) -> dict[str, Any]:
        """One purpose as it stands."""
        found: dict[str, Any] = {"purpose": code, "service": "cards", "sensitive": "location"}
        found |= {"text_version": "1", "text": TEXT}
        if public:
            return found
        state = self.states.get(code, "undecided")
        return found | {"state": state, "decided": None, "decided_version": "", "may_decide": True}


class Device:
    """One device, with somebody signed in or a guest."""

    def __init__(self, folder: Path, gateway: Gateway, subject: str | None = "lan") -> None:
        self.vault = Vault(folder / f"{subject}.sqlite3", os.urandom(32))
        http = httpx.AsyncClient(transport=httpx.MockTransport(gateway))
        clock = ServerClock()
        wire = GatewayClient("http://city.test/api", http, clock, backoff=lambda _attempt: 0)
        mine = self.vault.for_subject(lambda: subject)
        self.outbox = Outbox(mine, clock)
        everyone = self.vault.for_everyone()
        self.consents = Consents(wire, mine, everyone, self.outbox, clock, web=False)
        self.stopped: list[str] = []

        async def stop() -> None:
            self.stopped.append("card_taps")

        self.consents.when_stopped("card_taps", stop)


@pytest.fixture
def gateway() -> Gateway:
    """A city's ledger."""
    return Gateway()


@pytest.fixture
def device(tmp_path: Path, gateway: Gateway) -> Device:
    """A device of somebody who is signed in."""
    return Device(tmp_path, gateway)


async def test_nothing_is_given_before_a_yes_and_the_yes_is_whole(
    device: Device, gateway: Gateway
) -> None:
    """What is sent says by which text, in which language, which way, on what and when."""
    assert not await device.consents.is_given("card_taps")
    purpose = await device.consents.purpose("card_taps")
    assert await device.consents.decide(purpose, AGREED, "vi")
    assert await device.consents.is_given("card_taps")
    [sent] = gateway.received
    decided = datetime.fromisoformat(sent.pop("decided"))
    assert abs(decided - datetime.now(UTC)) < timedelta(minutes=5)
    assert sent == {
        "decision": "agreed",
        "text_version": "1",
        "language": "vi",
        "way": "asked",
        "device": "desktop",
        "child": "",
    }


async def test_a_decision_without_a_network_holds_at_once_and_is_sent_once(
    device: Device, gateway: Gateway
) -> None:
    """A withdrawal must not wait for a signal; the gateway hears of it under one key."""
    purpose = await device.consents.purpose("card_taps")
    await device.consents.decide(purpose, AGREED, "vi")
    gateway.cut = True
    assert not await device.consents.decide(purpose, WITHDRAWN, "vi", way="privacy_page")
    assert not await device.consents.is_given("card_taps")
    assert device.stopped == ["card_taps"]
    ledger = (await device.consents.ledger()).value
    assert ledger.purpose("card_taps").waiting
    assert ledger.state_of("card_taps") == WITHDRAWN
    gateway.cut = False
    await device.outbox.drain()
    assert [body["decision"] for body in gateway.received] == ["agreed", "withdrawn"]
    assert len(set(gateway.keys)) == 2
    assert not (await device.consents.ledger()).value.purpose("card_taps").waiting


async def test_what_was_withdrawn_elsewhere_ends_here_when_the_ledger_is_read(
    device: Device, gateway: Gateway
) -> None:
    """Another device's withdrawal erases this one's copies too."""
    purpose = await device.consents.purpose("card_taps")
    await device.consents.decide(purpose, AGREED, "vi")
    gateway.states["card_taps"] = WITHDRAWN
    await device.consents.ledger()
    assert device.stopped == ["card_taps"]
    await device.consents.ledger()
    assert device.stopped == ["card_taps"]


async def test_a_text_that_changed_meanwhile_leaves_nothing_agreed_and_nothing_waiting(
    device: Device, gateway: Gateway
) -> None:
    """The resident reads the new text; the old yes is not sent again and again."""
    purpose = await device.consents.purpose("card_taps")
    gateway.refuses = True
    with pytest.raises(Rejected) as refused:
        await device.consents.decide(purpose, AGREED, "vi")
    assert refused.value.code == "consent_text_changed"
    assert not await device.consents.is_given("card_taps")
    assert await device.outbox.list() == []


async def test_what_is_known_is_known_without_a_network(device: Device, gateway: Gateway) -> None:
    """The place of a report can be found in a dead spot, if it was agreed to before."""
    purpose = await device.consents.purpose("report_place")
    await device.consents.decide(purpose, AGREED, "vi")
    gateway.cut = True
    assert await device.consents.is_given("report_place")
    assert (await device.consents.purpose("report_place")).state == AGREED


async def test_a_guests_answer_lasts_as_long_as_the_session(
    tmp_path: Path, gateway: Gateway
) -> None:
    """Nobody is signed in, so nothing is written down anywhere."""
    guest = Device(tmp_path, gateway, None)
    purpose = await guest.consents.purpose("report_place")
    assert not await guest.consents.is_given("report_place")
    await guest.consents.decide(purpose, AGREED, "vi")
    assert await guest.consents.is_given("report_place")
    assert gateway.received == []
    with pytest.raises(NotFound):
        await guest.consents.purpose("no_such_purpose")


async def test_copies_of_health_data_are_kept_only_with_the_consent(
    device: Device, gateway: Gateway
) -> None:
    """Asked until it is answered, whatever the answer."""
    found = await device.consents.copies_to_ask_about(None)
    assert found is not None
    assert not await device.consents.keeps_health_copies(None)
    await device.consents.decide(found[0], AGREED, "vi")
    assert await device.consents.keeps_health_copies(None)
    assert await device.consents.copies_to_ask_about(None) is None
