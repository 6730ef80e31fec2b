"""The services put together, as a person at a Python prompt would use them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import httpx
import pytest

from services import Services, connect
from services.client import GatewayClient
from services.errors import SignInRequired
from services.identity import Identity, ProviderSettings
from services.vault import Vault
from tests.services.twins import BASE, CLIENT, ISSUER, REDIRECT, ProviderTwin, Time
from tests.support.device import MemoryTokenStore

ROOT = Path(__file__).parents[2]


class House:
    """A provider and a gateway on one transport, and one session."""

    def __init__(self, folder: Path) -> None:
        self.time = Time()
        self.provider = ProviderTwin(self.time)
        self.seen: list[str | None] = []
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        clock = self.time.clock()
        self.identity = Identity(ProviderSettings(ISSUER, CLIENT), http, MemoryTokenStore(), clock)
        self.services: Services = connect(
            gateway_url=BASE,
            identity=self.identity,
            http=http,
            clock=clock,
            vault=Vault(folder / "vault.sqlite3", bytes(32)),
            assets=ROOT / "assets",
            keep_health_copies=True,
        )

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "id.example":
            return await self.provider.handle(request)
        self.seen.append(request.headers.get("Authorization"))
        return httpx.Response(200, json=[])

    async def sign_in(self) -> None:
        request = await self.identity.begin(REDIRECT)
        await self.identity.complete(request, self.provider.authorize(request.url))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_a_signed_in_resident_asks_with_their_token(house: House) -> None:
    """Provider, vault, client and reports work together over one transport."""
    await house.sign_in()
    assert (await house.services.service_requests.list_mine()).value == []
    await house.services.vault.put("t", "k", 1)
    assert house.seen == ["Bearer a-1"]


async def test_a_guest_reads_what_is_public_and_keeps_nothing(house: House) -> None:
    """Looking around needs no account and leaves no trace."""
    assert (await house.services.service_requests.list_services()).value == []
    assert house.seen == [None]
    with pytest.raises(SignInRequired):
        await house.services.service_requests.list_mine()
    with pytest.raises(SignInRequired):
        await house.services.outbox.list()


async def test_what_was_kept_is_unreachable_after_signing_out(house: House) -> None:
    """The next person at this computer is not me; my drafts wait for me."""
    await house.sign_in()
    await house.services.vault.put("t", "k", 1)
    await house.services.identity.sign_out()
    with pytest.raises(SignInRequired):
        await house.services.vault.get("t", "k")
    await house.sign_in()
    assert await house.services.vault.get("t", "k") == 1


def test_services_cannot_be_swapped_while_in_use(house: House) -> None:
    """A view that replaced the gateway would speak for another resident."""
    with pytest.raises(FrozenInstanceError):
        house.services.gateway = GatewayClient(  # type: ignore[misc]
            BASE, httpx.AsyncClient(), house.services.clock
        )
    assert len(house.services.wards.all) == 126


def test_the_services_run_without_flet() -> None:
    """A city's engineer tries them at a prompt, without a window."""
    script = "import services, services.photos, sys; print(sorted({'flet', 'keyring', 'pydantic'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
