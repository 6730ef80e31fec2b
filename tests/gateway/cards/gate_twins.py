"""What the tests of gates and their gateway share: a city with a root key, and cards it granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from anyio import from_thread, to_thread
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.station import Station
from gateway.cards.gate_credentials import add_gate
from gateway.cards.issuer import issuer_keys, make_key
from gateway.cards.root import open_root, root_file
from gateway.database import Database
from gateway.settings import Settings
from tests.gate.station_twins import Clocks
from tests.support.card_codes import AT, SampleCard


class CityClock:
    """The gateway's time, which a test moves."""

    def __init__(self, at: float = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@dataclass(frozen=True)
class GateCity:
    """A gateway as gates see it."""

    http: httpx.AsyncClient
    settings: Settings
    database: Database
    clock: CityClock

    @property
    def root(self) -> Ed25519PublicKey:
        """What is pinned in gates."""
        if not root_file(self.settings).exists():
            make_key(root_file(self.settings))
        return open_root(self.settings).public_key()

    def card(self, **changes: Any) -> SampleCard:
        """A card that this city's issuer signs for."""
        key = issuer_keys(self.settings.data_folder / "keys")[-1]
        own = SampleCard(issuer=key.private_key, key_number=key.number, valid_until=65535)
        return own.but(**changes)

    def add_gate(
        self, gate_id: str = "north", kind: str = "transit", place: str = ""
    ) -> dict[str, str]:
        """The headers of a new gate."""
        at = int(self.clock.at)
        secret = self.database.run_here(
            lambda db: add_gate(db, gate_id, kind, place or f"stop-of-{gate_id}", at)
        )
        return {"Authorization": f"Bearer {gate_id}.{secret}"}

    async def bring(self, headers: dict[str, str], *taps: dict[str, Any]) -> httpx.Response:
        """Upload taps."""
        return await self.http.post("/gate/v1/taps", headers=headers, json={"taps": list(taps)})


def tap(card: SampleCard, at: float, direction: str = "in", moment: float | None = None) -> Any:
    """The tap of what that card shows at `at`."""
    seen = int(at if moment is None else moment)
    return {"payload": card.raw(at).hex(), "direction": direction, "moment": seen}


@dataclass
class Wire:
    """A gate's line to the gateway in this process; the gate runs in a thread."""

    http: httpx.AsyncClient
    asked: list[str]

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask."""
        self.asked.append(path.partition("nonce")[0])
        answer = from_thread.run(self.http.get, path)
        return answer.status_code, answer.content

    def post(self, path: str, body: Any, secret: str) -> tuple[int, bytes]:
        """Send."""

        async def send() -> httpx.Response:
            headers = {"Authorization": f"Bearer {secret}"}
            return await self.http.post(path, json=body, headers=headers)

        answer = from_thread.run(send)
        return answer.status_code, answer.content


@dataclass
class GateInTheField:
    """A gate with its folder and its clocks."""

    station: Station
    wire: Wire
    clocks: Clocks
    city: GateCity

    async def sync(self) -> int:
        """Sync without trouble; how many taps went up."""
        done = await to_thread.run_sync(self.station.sync, self.wire)
        assert done.troubles == ()
        assert done.refused == 0
        return done.uploaded

    def take(self, card: SampleCard) -> str:
        """The word for what the card shows now."""
        answer = self.station.answer(card.code(self.clocks.at))
        return answer if isinstance(answer, str) else str(answer.verdict)

    def wait(self, seconds: float) -> None:
        """Time passes, at the gate and in the city."""
        self.clocks.at += seconds
        self.city.clock.at += seconds


MakeGate = Callable[..., GateInTheField]
