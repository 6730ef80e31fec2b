"""A stay in a parking place as the gateway knows it, and what it costs at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

StayState = Literal["running", "ending_soon", "over_time", "ended"]


@dataclass(frozen=True, slots=True)
class ParkingPlace:
    """Where one can park; names are by language. At a `kerb` a stay begins by plate."""

    place_id: str
    kind: str
    name: Mapping[str, str]
    ward: Mapping[str, str]
    vehicles: tuple[str, ...]

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ParkingPlace:
        """Read one of the gateway's places."""
        return cls(**{**item, "vehicles": tuple(item["vehicles"])})


@dataclass(frozen=True, slots=True)
class FeeLine:
    """`count` units at `price` VND each; `unit` is hour, day, night or full_day."""

    count: int
    unit: str
    price: int


@dataclass(frozen=True, slots=True)
class FeeStep:
    """From just after a moment on the stay costs `amount` VND, made of `lines`."""

    after: datetime
    amount: int
    lines: tuple[FeeLine, ...]

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> FeeStep:
        """Read one of the gateway's steps."""
        return cls(_moment(item["after"]), item["amount"], _lines(item))


@dataclass(frozen=True, slots=True)
class ParkingReceipt:
    """What was paid, once."""

    number: str
    paid_at: datetime
    amount: int
    lines: tuple[FeeLine, ...]
    balance_after: int

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ParkingReceipt:
        """Read the gateway's receipt."""
        paid_at = _moment(item["paid_at"])
        return cls(item["number"], paid_at, item["amount"], _lines(item), item["balance_after"])


@dataclass(frozen=True, slots=True)
class ParkingSession:
    """One stay. `fees` foretell its price, so that it is known without a network."""

    session_id: str
    plate: str = field(repr=False)
    vehicle: str
    place: ParkingPlace
    started_at: datetime
    until: datetime
    ended_at: datetime | None
    fees: tuple[FeeStep, ...]
    extensions: tuple[int, ...]
    reminder: timedelta
    receipt: ParkingReceipt | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ParkingSession:
        """Read one of the gateway's stays."""
        ended, receipt = item["ended_at"], item["receipt"]
        return cls(
            session_id=item["session_id"],
            plate=item["plate"],
            vehicle=item["vehicle"],
            place=ParkingPlace.from_json(item["place"]),
            started_at=_moment(item["started_at"]),
            until=_moment(item["until"]),
            ended_at=None if ended is None else _moment(ended),
            fees=tuple(map(FeeStep.from_json, item["fees"])),
            extensions=tuple(item["extensions"]),
            reminder=timedelta(minutes=item["reminder_minutes"]),
            receipt=None if receipt is None else ParkingReceipt.from_json(receipt),
        )

    def state_at(self, now: datetime) -> StayState:
        """Where the stay stands at a moment of the gateway's time."""
        if self.ended_at is not None:
            return "ended"
        if now > self.until:
            return "over_time"
        return "ending_soon" if self.until - now <= self.reminder else "running"

    def price_at(self, now: datetime) -> FeeStep:
        """What ending at that moment would cost; a begun hour counts whole."""
        return next((step for step in reversed(self.fees) if step.after < now), self.fees[0])

    def extension_price(self, minutes: int, now: datetime) -> int:
        """How much more the stay costs if its booked end moves by so many minutes."""
        end = max(self.until, now)
        return self.price_at(end + timedelta(minutes=minutes)).amount - self.price_at(end).amount

    def next_step(self, now: datetime) -> tuple[datetime, int] | None:
        """When the price rises next, and by how much; None when it is not foretold."""
        amount = self.price_at(now).amount
        later = next((step for step in self.fees if step.after >= now), None)
        return None if later is None else (later.after, later.amount - amount)


@dataclass(frozen=True, slots=True)
class ParkingAccount:
    """The account that pays; `sandbox` says that its money is play money."""

    balance: int
    sandbox: bool
    top_up: int


def _lines(item: Mapping[str, Any]) -> tuple[FeeLine, ...]:
    return tuple(FeeLine(**line) for line in item["lines"])


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
