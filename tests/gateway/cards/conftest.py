"""A city as its gates see it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from gateway.database import Database
from gateway.settings import Settings
from tests.gateway.cards.gate_twins import CityClock, GateCity


@pytest.fixture
def gate_clock() -> CityClock:
    """The gateway's time."""
    return CityClock()


@pytest.fixture
def gate_city(
    gateway: httpx.AsyncClient, settings: Settings, database: Database, gate_clock: CityClock
) -> GateCity:
    """A gateway with a root key; its module overrides `settings` with `gate_settings`."""
    city = GateCity(gateway, settings, database, gate_clock)
    assert city.root
    return city


@pytest.fixture
def gate_settings(tmp_path: Path, database_url: str, gate_clock: CityClock) -> Settings:
    """A city without sample records whose clock the test moves."""
    return Settings(
        data_folder=tmp_path,
        database_url=database_url,
        public_url="http://city.test",
        sandbox=False,
        clock=gate_clock,
    )
