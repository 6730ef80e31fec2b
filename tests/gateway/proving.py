"""A device that proves possession of its key (DPoP, RFC 9449) before the gateway."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.gateway.conftest import PUBLIC_URL, make_token
from tests.support.proof_key import ProofKey

PATH = "/health/v1/shares"
URL = f"{PUBLIC_URL}/api{PATH}"
attack = pytest.mark.attack


@dataclass
class Device:
    """A signed-in device: its key, its token, and the gateway's last nonce."""

    gateway: httpx.AsyncClient
    key: ProofKey = field(default_factory=ProofKey)
    token: str = ""
    nonce: str | None = None

    def __post_init__(self) -> None:
        self.token = self.token or make_token(scope="health", cnf={"jkt": self.key.thumbprint})

    def proof(self, method: str = "GET", url: str = URL, **changes: Any) -> str:
        """A right proof for the guarded route, unless something is made wrong on purpose."""
        return self.key.proof(method, url, **{"nonce": self.nonce, "token": self.token, **changes})

    async def show(self, *proofs: str, scheme: str = "DPoP", method: str = "GET") -> httpx.Response:
        """Call the guarded route with these proofs."""
        headers = [("Authorization", f"{scheme} {self.token}"), *(("DPoP", p) for p in proofs)]
        answer = await self.gateway.request(method, f"{PATH}?with=query", headers=headers)
        self.nonce = answer.headers.get("dpop-nonce", self.nonce)
        return answer

    async def opens(self) -> Device:
        """Fetch a nonce and see that a right proof is let in."""
        assert (await self.show(self.proof())).headers["dpop-nonce"]
        assert (await self.show(self.proof())).status_code == 200
        return self


@pytest_asyncio.fixture
async def device(gateway: httpx.AsyncClient) -> Device:
    """A device that was let in a moment ago."""
    return await Device(gateway).opens()


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time of the checks below."""
    return Clock()
