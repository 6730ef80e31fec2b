"""An officer of the police agency acts at the gateway: their desk for certificates has no screen."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import httpx

from services.bearer import BearerAuth
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.identity import Identity
from services.provider import ProviderSettings
from tests.support import sandbox
from tests.support.device import REDIRECT, MemoryTokenStore

OFFICER = "trinh-van-lam"


def revoke(address: str, number: str, reason: str) -> None:
    """Revoke the certificate of that number."""
    path = f"/certificates/v1/office/certificates/{segment(number)}/revoke"
    with ThreadPoolExecutor(1) as pool:  # This thread's loop is the browser's.
        pool.submit(asyncio.run, _post(address, path, {"reason": reason})).result()


async def _post(address: str, path: str, body: dict[str, str]) -> None:
    clock = ServerClock()
    async with httpx.AsyncClient(trust_env=False) as http:
        settings = ProviderSettings(f"{address}/identity", "ihanoi-app", ("openid", "desk"))
        identity = Identity(settings, http, MemoryTokenStore(), clock)
        request = await identity.begin(REDIRECT, acr="loa2")
        back = await sandbox.sign_in(http, request.url, OFFICER)
        await identity.complete(request, dict(parse_qsl(urlsplit(back).query)))
        gateway = GatewayClient(f"{address}/api", http, clock, BearerAuth(identity))
        await gateway.post(path, json=body, idempotency_key=str(uuid.uuid4()))
