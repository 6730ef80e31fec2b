"""Where one can park, and the sandbox account that pays for it (registers/parking_sandbox.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import gateway.registers
from gateway.dependencies import CurrentSettings
from gateway.problems import Problem

_FILE = Path(gateway.registers.__file__).with_name("parking_sandbox.json")

Place = Mapping[str, Any]


class ParkingRegister:
    """Places by their id, and the rules of the sandbox's accounts."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.places: dict[str, Place] = {row["place_id"]: row for row in document["places"]}
        self._accounts: Mapping[str, Any] = document["accounts"]

    @property
    def top_up(self) -> int:
        """What one top-up of a sandbox account adds."""
        return int(self._accounts["top_up"])

    @property
    def largest_balance(self) -> int:
        """A sandbox account is not topped up beyond this."""
        return int(self._accounts["largest_balance"])

    def opening_balance(self, subject: str) -> int:
        """What a resident's sandbox account begins with."""
        own = self._accounts["opening_balances"].get(subject)
        return int(self._accounts["opening_balance"] if own is None else own)


def parking_register(settings: CurrentSettings) -> ParkingRegister:
    """The register of this installation. Raises a 503 `Problem` where there is none."""
    if not settings.sandbox:
        raise Problem(503, "register-unavailable", "No register of parking places is connected")
    return sandbox_parking()


@cache
def sandbox_parking() -> ParkingRegister:
    """The sandbox's register."""
    return ParkingRegister(json.loads(_FILE.read_text(encoding="utf-8")))
