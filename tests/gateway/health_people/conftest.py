"""A family of four and a neighbour, each with a record, in a city whose clock a test moves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from gateway.health_people.population import population_register
from gateway.health_people.relations import Parenthood, replace_relations
from gateway.health_records.bundles import read_bundle
from gateway.health_records.importing import add_bundle
from gateway.registers.population import SandboxPopulation, sandbox_residents
from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock, city_settings
from tests.gateway.health_records.samples import document

MOTHER, NEIGHBOUR, CHILD, TEEN, OFFICER = (
    "test-minh-anh",
    "test-gia-huy",
    "test-minh-khoi",
    "test-thu-an",
    "test-quan",
)
NAMES = {
    MOTHER: ("Nguyễn", "Minh Anh", date(1988, 3, 8)),
    NEIGHBOUR: ("Trần", "Gia Huy", date(1979, 9, 2)),
    CHILD: ("Lê", "Minh Khôi", date(2018, 9, 12)),
    TEEN: ("Lê", "Thu An", date(2010, 12, 20)),
    OFFICER: ("Hoàng", "Đức Quân", date(1984, 6, 11)),
}
START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CODE = "7KQ4M-X2P9D"


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def records(database: Database, settings: Settings) -> dict[str, str]:
    """Everybody's record: the FHIR id by subject."""

    def begin(subject: str) -> str:
        family, given, _born = NAMES[subject]
        bundle = document(f"{family} {given}", f"Dị ứng của {given}")
        read = read_bundle(json.dumps(bundle, ensure_ascii=False).encode())
        kept = database.run_here(lambda c: add_bundle(c, settings, read, "test.json", subject))
        return kept.patient_id

    return {subject: begin(subject) for subject in NAMES}


@pytest.fixture
def call(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    headers_for: Callable[..., dict[str, str]],
    database: Database,
    records: dict[str, str],
) -> Call:
    """Sends a request as a resident with the scope `health`; the register knows the family."""
    model = sandbox_residents()[0]
    people = tuple(
        replace(model, subject=subject, family_name=family, given_name=given, birthdate=born)
        for subject, (family, given, born) in NAMES.items()
    )
    app.dependency_overrides[population_register] = lambda: SandboxPopulation(people)
    found = [Parenthood(MOTHER, one, NAMES[one][2], NAMES[one][2]) for one in (CHILD, TEEN)]
    database.run_here(lambda c: replace_relations(c, found))

    async def send(
        method: str, path: str, body: Any = None, *, by: str = MOTHER, key: str = ""
    ) -> httpx.Response:
        headers = headers_for(by, "health") | ({"Idempotency-Key": key} if key else {})
        return await gateway.request(method, path, json=body, headers=headers)

    return send


async def invited(call: Call, by: str = MOTHER, code: str = CODE, **other: Any) -> Any:
    """Invites the neighbour to read allergies, and returns the invitation."""
    bare = code.replace("-", "")
    version = (await call("GET", "/health/v1/consents/text", by=by)).json()["version"]
    body = {
        "name": "Trần Gia Huy",
        "code_hash": hashlib.sha256(bare.encode()).hexdigest(),
        "sections": ["48765-2"],
        "until": "2026-12-26",
        "text_version": version,
    }
    return await call("POST", "/health/v1/consents", body | other, by=by)


async def decided(
    call: Call, decision: str = "accept", by: str = NEIGHBOUR, code: str = CODE
) -> httpx.Response:
    """Answers the invitation of a code."""
    version = (await call("GET", "/health/v1/consents/text", by=by)).json()["version"]
    body = {"code": code, "decision": decision, "text_version": version}
    return await call("POST", "/health/v1/invitations/decision", body, by=by)


async def summary(call: Call, patient_id: str, by: str) -> httpx.Response:
    """Reads a record's summary."""
    return await call("GET", f"/fhir/R4/Patient/{patient_id}/$summary", by=by)
