"""A city with officers and a clock that a test moves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gateway.database import Database
from gateway.settings import Settings
from tests.gateway.service_requests.handling.city import OFFICERS, City, Clock


@pytest.fixture
def clock() -> Clock:
    """A Monday morning."""
    return Clock()


@pytest.fixture
def settings(settings: Settings, clock: Clock, tmp_path: Path) -> Settings:
    """Settings with that clock, and officers on the city's own list."""
    folder = tmp_path / "registers"
    folder.mkdir()
    listed = [
        {"subject": subject, "name": name, "agency_code": code}
        for subject, (name, code) in OFFICERS.items()
    ]
    (folder / "officers.json").write_text(json.dumps({"officers": listed}), encoding="utf-8")
    return replace(settings, clock=clock)


@pytest.fixture
def city(gateway: httpx.AsyncClient, database: Database, clock: Clock) -> City:
    """Residents and officers over the running gateway."""
    return City(gateway, database, clock)
