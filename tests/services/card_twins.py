"""A city that enrols and grants, as one function behind a mock transport."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.card_code import Header, day_of
from services.cards import Cards
from services.clock import ServerClock
from services.vault import SubjectVault, Vault
from tests.services.twins import Time, gateway, problem


@dataclass
class CityTwin:
    """One resident's card at the gateway. Tests change its parts, cut the line, lose answers."""

    time: Time
    issuer: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    valid_from: str = "2026-09-01"
    valid_until: str = "2026-10-31"
    blocked: bool = False
    has_pass: bool = True
    cut: bool = False
    lose: dict[str, int] = field(default_factory=dict)
    forget_to_name: bool = False
    device: dict[str, Any] | None = None
    calls: list[str] = field(default_factory=list)
    enrolled: dict[str, str] = field(default_factory=dict)
    anchors: dict[tuple[str, int], str] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        verb = request.url.path.rpartition("/")[2]
        self.calls.append(verb)
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        response: httpx.Response = getattr(self, f"_{verb}")(request)
        if self.lose.get(verb, 0) > 0:
            self.lose[verb] -= 1
            raise httpx.ReadError("lost", request=request)
        response.headers["Date"] = formatdate(self.time.now, usegmt=True)
        return response

    def move_to(self, name: str) -> None:
        """Another device takes the card."""
        self.device = {"card_id": "ee" * 8, "name": name, "platform": "ios", "enrolled_at": 0}

    def card(self) -> dict[str, Any]:
        """The card as `GET /cards/v1/card` has it."""
        return {
            "number": "010000003917",
            "product": 1,
            "product_name": {"vi": "Vé tháng liên tuyến", "en": "Monthly pass, all routes"},
            "group": 0,
            "group_name": {"vi": "Phổ thông", "en": "Ordinary"},
            "holder_name": "Nguyễn Minh Anh",
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "state": "blocked" if self.blocked else "active",
            "device": self.device,
        }

    def _card(self, _request: httpx.Request) -> httpx.Response:
        if not self.has_pass:
            return problem(404, "no-card")
        return httpx.Response(200, json=self.card())

    def _enrolments(self, request: httpx.Request) -> httpx.Response:
        if not self.has_pass:
            return problem(404, "no-card")
        key = request.headers["Idempotency-Key"]
        card_id = self.enrolled.setdefault(key, f"{len(self.enrolled) + 1:016x}")
        self.device = {"card_id": card_id, "name": "Máy này", "platform": "linux", "enrolled_at": 0}
        return httpx.Response(201, json={"card_id": card_id, "card": self.card()})

    def _grants(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        assert 0 < len(body["anchors"]) <= 72
        if self.device is None or self.device["card_id"] != body["card_id"]:
            return problem(409, "card-moved")
        for item in body["anchors"]:
            known = self.anchors.setdefault((body["card_id"], item["slot"]), item["anchor"])
            if known != item["anchor"]:
                return problem(409, "anchor-taken")
        grants = [self._grant(body["card_id"], item["slot"]) for item in body["anchors"]]
        return httpx.Response(200, json={"grants": grants})

    def _grant(self, card_id: str, slot: int) -> dict[str, Any]:
        until = day_of(date.fromisoformat(self.valid_until))
        named = bytes(8) if self.forget_to_name else bytes.fromhex(card_id)
        header = Header(3, named, slot, 1, 0, until).to_bytes()
        anchor = bytes.fromhex(self.anchors[card_id, slot])
        grant = self.issuer.sign(b"hn-card-grant-v1" + header + anchor)
        return {"slot": slot, "header": header.hex(), "grant": grant.hex()}

    def _block(self, _request: httpx.Request) -> httpx.Response:
        self.blocked = True
        return httpx.Response(200, json=self.card())

    def _unblock(self, _request: httpx.Request) -> httpx.Response:
        self.blocked = False
        return httpx.Response(200, json=self.card())


@dataclass
class Phone:
    """One resident's device: its cards over its vault, and the city it talks to."""

    city: CityTwin
    rows: SubjectVault
    clock: ServerClock

    @property
    def cards(self) -> Cards:
        """The service as a restarted app has it: nothing but the vault is remembered."""
        return Cards(gateway(self.city, clock=self.clock), self.rows, self.clock)

    def restarted(self) -> Phone:
        """The same device after a restart: no answer has told the time yet."""
        return Phone(self.city, self.rows, self.city.time.clock())


def phone(folder: Path, city: CityTwin, subject: str = "s-1") -> Phone:
    """A device with a fresh vault."""
    vault = Vault(folder / "vault.sqlite3", bytes(32))
    return Phone(city, vault.for_subject(subject), city.time.clock())


class MemoryRows(SubjectVault):
    """Rows without a file, for walks of thousands of steps."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    def pinned(self) -> SubjectVault:
        return self

    async def put(self, table: str, key: str, value: Any) -> None:
        self._kept[table, key] = json.dumps(value)

    async def get(self, table: str, key: str) -> Any:
        found = self._kept.get((table, key))
        return None if found is None else json.loads(found)

    async def list(self, table: str) -> dict[str, Any]:
        return {key: json.loads(value) for (t, key), value in self._kept.items() if t == table}

    async def delete(self, table: str, key: str) -> None:
        self._kept.pop((table, key), None)
