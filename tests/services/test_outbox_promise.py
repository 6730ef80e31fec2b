"""Sent exactly once, whatever the network does."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.client import GatewayClient
from services.clock import ServerClock
from services.outbox import Outbox
from services.vault import Vault

KEY = bytes(32)


class City:
    """A gateway that stores by idempotency key, behind a network that loses either direction."""

    def __init__(self, luck: random.Random, loss: float) -> None:
        self.luck, self.loss = luck, loss
        self.reports: list[Any] = []
        self.answers: dict[str, str] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        key = dict(scope["headers"])[b"idempotency-key"].decode()
        if key not in self.answers:
            self.reports.append(json.loads(body))
            self.answers[key] = f"HN-{len(self.reports)}"
        status = 503 if self.luck.random() < self.loss / 3 else 201
        await send({"type": "http.response.start", "status": status, "headers": []})
        content = json.dumps({"id": self.answers[key]}).encode()
        await send({"type": "http.response.body", "body": content})


class FlakyTransport(httpx.ASGITransport):
    """Cuts the line before the request arrives or before its answer does."""

    def __init__(self, city: City) -> None:
        super().__init__(city)
        self.city = city

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.city.luck.random() < self.city.loss:
            raise httpx.ConnectError("cut", request=request)
        response = await super().handle_async_request(request)
        if self.city.luck.random() < self.city.loss:
            raise httpx.ReadError("cut", request=request)
        return response


STEPS = st.lists(
    st.sampled_from(["submit", "submit", "submit again", "drain", "both", "restart"]), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS, seed=st.integers(0, 2**32), loss=st.floats(0, 0.9))
async def test_whatever_the_network_does_each_report_arrives_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], seed: int, loss: float
) -> None:
    """The promise of the whole outbox, over a real client and a real vault."""
    city = City(random.Random(seed), loss)
    http = httpx.AsyncClient(transport=FlakyTransport(city))
    gateway = GatewayClient("http://city", http, ServerClock(), backoff=lambda _: 0)
    vault = Vault(tmp_path_factory.mktemp("outbox") / "vault.sqlite3", KEY)

    async def send(payload: Any, idempotency_key: str) -> Any:
        return await gateway.post("/x", json=payload, idempotency_key=idempotency_key)

    def started() -> Outbox:
        outbox = Outbox(vault.for_subject("s-1"), ServerClock())
        outbox.register("report", send)
        return outbox

    outbox, written = started(), 0
    for step in steps:
        if step == "restart":
            outbox = started()
        elif step == "drain":
            await outbox.drain()
        else:
            written += step != "submit again" or written == 0
            report = f"r-{written}"
            work: list[Awaitable[Any]] = [outbox.submit("report", report, item_id=report)]
            work += [outbox.drain(), started().drain()] if step == "both" else []
            await asyncio.gather(*work)
    city.loss = 0
    await started().drain()
    assert sorted(city.reports) == sorted(f"r-{n}" for n in range(1, written + 1))
    assert await outbox.list() == []
    vault.close()
