"""The access token on its way to the gateway."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from services.bearer import BearerAuth
from services.client import GatewayClient
from services.errors import (
    SignInRequired,
)
from services.identity import Identity
from tests.services.signed_in import House
from tests.services.twins import BASE, Time


class Gateway:
    """Accepts the tokens it is told to and remembers what came."""

    def __init__(self, *accepted: str, challenge: str = "Bearer") -> None:
        self.accepted = accepted
        self.challenge = challenge
        self.seen: list[str | None] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        token = request.headers.get("Authorization")
        self.seen.append(token)
        if token in {f"Bearer {one}" for one in self.accepted}:
            return httpx.Response(200, json={})
        return httpx.Response(401, headers={"WWW-Authenticate": self.challenge})

    def client(self, identity: Identity, time: Time) -> GatewayClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return GatewayClient(BASE, http, time.clock(), BearerAuth(identity))


async def test_a_refused_token_is_renewed_and_the_call_repeated_once() -> None:
    """The gateway may end a token early; the resident should not notice."""
    house, gateway = House(), Gateway("a-2")
    await house.sign_in()
    await gateway.client(house.identity, house.time).post("/x", json={})
    assert gateway.seen == ["Bearer a-1", "Bearer a-2"]


async def test_parallel_refusals_refresh_once() -> None:
    """A screen that loads five things at once holds one refresh token."""
    house, gateway = House(), Gateway("a-2")
    await house.sign_in()
    client = gateway.client(house.identity, house.time)
    await asyncio.gather(*(client.get(f"/{n}") for n in range(5)))
    assert house.provider.calls.count("token") == 2


async def test_a_gateway_that_refuses_every_token_is_asked_twice() -> None:
    """No endless loop between a gateway and a provider that disagree."""
    house, gateway = House(), Gateway()
    await house.sign_in()
    with pytest.raises(SignInRequired):
        await gateway.client(house.identity, house.time).get("/x")
    assert len(gateway.seen) == 2


async def test_a_step_up_is_not_answered_with_the_same_level_again() -> None:
    """A fresh token of level 1 is still level 1."""
    challenge = 'Bearer error="insufficient_user_authentication", acr_values="loa2"'
    house, gateway = House(), Gateway(challenge=challenge)
    await house.sign_in()
    with pytest.raises(SignInRequired) as caught:
        await gateway.client(house.identity, house.time).get("/x")
    assert caught.value.acr == "loa2"
    assert gateway.seen == ["Bearer a-1"]


async def test_who_is_not_signed_in_sends_no_token() -> None:
    """A guest asks as a guest, and the gateway decides."""
    house, gateway = House(), Gateway()
    with pytest.raises(SignInRequired):
        await gateway.client(house.identity, house.time).get("/x")
    assert gateway.seen == [None]
