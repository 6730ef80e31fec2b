"""Two residents with a record each, and links made as a device makes them."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.database import Database
from gateway.health_records.bundles import read_bundle
from gateway.health_records.importing import add_bundle
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor
from tests.gateway.health_records.samples import document

SHARES = "/health/v1/shares"
ALLERGIES = "48765-2"


class Clock:
    """The gateway's clock, which a test sets forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 14, 9, 36, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its owner's device knows it."""

    share_id: str
    token: str
    key: bytes
    file: str
    passcode: str | None

    @property
    def path(self) -> str:
        return f"/shl/{self.token}"


Share = Callable[..., Awaitable[Link]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(settings: Settings, clock: Clock) -> Settings:
    """A city whose clock the test sets."""
    from dataclasses import replace

    return replace(settings, clock=clock)


@pytest.fixture
def records(database: Database, settings: Settings) -> dict[str, str]:
    """The logical ids of two residents' records: one allergic to penicillin, one to peanuts."""
    found = {}
    for subject, name, allergy in (
        (RESIDENT, "Nguyễn Minh Anh", "Penicillin"),
        (STRANGER, "Trần Gia Huy", "Lạc"),
    ):
        text = json.dumps(document(name, allergy), ensure_ascii=False)
        bundle = read_bundle(text.encode())
        with database.transaction() as connection:
            kept = add_bundle(connection, settings, bundle, "x", subject)
        found[subject] = kept.patient_id
    return found


def encrypted(content: object, key: bytes, **header: str) -> str:
    """A compact JWE, made here by the standard alone."""
    named = {"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json", **header}
    protected = unpadded(json.dumps(named).encode())
    iv = os.urandom(12)
    sealed = AESGCM(key).encrypt(iv, json.dumps(content).encode(), protected.encode())
    parts = (protected, "", unpadded(iv), unpadded(sealed[:-16]), unpadded(sealed[-16:]))
    return ".".join(parts)


def unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def opened(file: str, key: bytes) -> Any:
    """What a compact JWE holds. Raises InvalidTag for another's key."""
    protected, _, iv, sealed, tag = file.split(".")
    padded = [base64.urlsafe_b64decode(part + "==") for part in (iv, sealed, tag)]
    return json.loads(AESGCM(key).decrypt(padded[0], padded[1] + padded[2], protected.encode()))


@pytest.fixture
def share(gateway: httpx.AsyncClient, headers_for: HeadersFor, records: dict[str, str]) -> Share:
    """Shares a resident's allergies, as a device does it."""

    async def make(
        subject: str = RESIDENT, passcode: str | None = None, minutes: int | None = 60
    ) -> Link:
        headers = headers_for(subject, "health")
        wanted = {"section": ALLERGIES}
        content = await gateway.get(f"{SHARES}/content", headers=headers, params=wanted)
        key, token = os.urandom(32), secrets.token_urlsafe(32)
        file = encrypted(content.json(), key)
        body = {"token": token, "file": file, "sections": [ALLERGIES], "minutes": minutes}
        if passcode:
            body["passcode"] = passcode
        made = await gateway.post(SHARES, headers=headers, json=body)
        assert made.status_code == 201, made.text
        return Link(made.json()["share_id"], token, key, file, passcode)

    return make
