"""A city as its gates see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from gate.station import Station
from gateway.database import Database
from gateway.settings import Settings
from tests.gate.station_twins import Clocks
from tests.gateway.cards.gate_twins import CityClock, GateCity, GateInTheField, MakeGate, Wire


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


@pytest.fixture
def make_gate(gate_city: GateCity, tmp_path: Path) -> MakeGate:
    """Sets up a gate as the office does."""

    def make(
        gate_id: str = "north", kind: str = "transit", place: str = "", **setup: Any
    ) -> GateInTheField:
        secret = gate_city.add_gate(gate_id, kind, place)["Authorization"].rpartition(".")[2]
        folder = tmp_path / f"gate-{gate_id}"
        folder.mkdir()
        root = gate_city.root.public_bytes_raw().hex()
        usual = {"gateway": "https://city.test/api", "gate_id": gate_id, "secret": secret}
        told = json.dumps({**usual, "root": root, **setup})
        (folder / "gate.json").write_text(told, encoding="utf-8")
        clocks = Clocks(at=gate_city.clock.at)
        wire = Wire(gate_city.http, [])
        return GateInTheField(Station(folder, clocks), wire, clocks, gate_city)

    return make
