"""An inspector's work: a code checked as a gate does, a card looked up by its number, one blocked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import Rejected
from services.offline import read_or_saved
from services.picture_codes import read_code
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/inspection/v1"
_EPOCH = date(1970, 1, 1)

Names = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A gate's verdict on a code, and what its header says; nothing is said of a malformed one.

    `valid_until` counts days since 1970-01-01.
    """

    verdict: str
    card_id: str = field(default="", repr=False)
    product: int | None = None
    group: int | None = None
    valid_until: int | None = None


class CardChecker(Protocol):
    """A gate's check. `app.entry` hands in the one of the package `gate`."""

    def check(
        self, text: str, keys: Sequence[Mapping[str, Any]], denied: Sequence[str], now: float
    ) -> CheckedCode:
        """Answer for a code at `now` (UTC seconds), remembering nothing."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What an inspector is told: `source` is `code` (a verdict) or `number` (a state).

    Names are by language, empty where the number is not known here.
    """

    source: str
    word: str
    product: Mapping[str, str]
    group: Mapping[str, str]
    valid_until: date | None
    number: str = field(default="", repr=False)

    @property
    def good(self) -> bool:
        """Whether the card may be used now."""
        return self.word in ("accepted", "active")


class CardInspection:
    """For role support or officer. A code can be checked with the keys of the last connection."""

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        clock: ServerClock,
        checker: CardChecker | None,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._checker = checker

    async def check_picture(self, picture: bytes) -> Saved[Inspected]:
        """Check the code on a picture. Raises Rejected: no_code_found, no_code_reader, photo codes."""
        return await self.check_code(await read_code(picture))

    async def check_code(self, text: str) -> Saved[Inspected]:
        """Check a code's 149 characters, as a gate that has not seen the card before."""
        if self._checker is None:
            raise Rejected("no_code_reader")
        words = await self._saved(f"{PATH}/words")
        keys = await self._saved("/gate/keys")
        denied = await self._saved("/gate/deny")
        found = self._checker.check(
            text, keys.value["keys"], denied.value["card_ids"], self._clock.now().timestamp()
        )
        until = None if found.valid_until is None else _EPOCH + timedelta(days=found.valid_until)
        inspected = Inspected(
            "code",
            found.verdict,
            _name(words.value["products"], found.product),
            _name(words.value["groups"], found.group),
            until,
        )
        oldest = min((one.as_of for one in (words, keys, denied) if one.as_of), default=None)
        return Saved(inspected, oldest)

    async def look_up(self, number: str) -> Inspected:
        """Look a card up by the number on it; NotFound when there is none. It is logged."""
        found = await self._gateway.get(f"{PATH}/cards/{segment(digits(number))}")
        return _inspected(digits(number), found)

    async def block(self, number: str, reason: str) -> Inspected:
        """Block a card for its holder (lost, stolen, misused): role support. It is logged."""
        path = f"{PATH}/cards/{segment(digits(number))}/block"
        return _inspected(digits(number), await self._gateway.post(path, json={"reason": reason}))

    async def _saved(self, path: str) -> Saved[Any]:
        async def fetch() -> Any:
            return await self._gateway.get(path)

        return await read_or_saved(self._vault, self._clock, path, fetch)


@dataclass(frozen=True, slots=True)
class StaffAct:
    """What staff did to the resident's card: looked_up or blocked."""

    act: str
    reason: str
    at: datetime

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> StaffAct:
        """Read one of the gateway's."""
        return cls(item["act"], item["reason"], datetime.fromtimestamp(item["at"], UTC))


def digits(number: str) -> str:
    """A card number without the spaces it is written with."""
    return "".join(number.split())


def _inspected(number: str, found: Mapping[str, Any]) -> Inspected:
    return Inspected(
        "number",
        found["state"],
        found["product_name"],
        found["group_name"],
        date.fromisoformat(found["valid_until"]),
        number,
    )


def _name(named: Sequence[Mapping[str, Any]], number: int | None) -> Mapping[str, str]:
    found: Mapping[str, str] = next((one["name"] for one in named if one["number"] == number), {})
    return found
