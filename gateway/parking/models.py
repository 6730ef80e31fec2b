"""The bodies of parking's routes: what is accepted, and what is answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from gateway.parking.fees import HOUR, price_at, schedule
from gateway.parking.places import Place
from gateway.registers.tariffs import rules

SHOWN_AHEAD = 24 * HOUR
"""How far beyond the present or the booked end a stay's price is foretold."""

Vehicle = Literal["car_up_to_9", "motorbike"]
_Minutes = Annotated[int, Field(gt=0, le=24 * 60)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class StartBody(_Strict):
    """A stay to begin: the plate as typed, the kind of vehicle, the place, the minutes booked."""

    plate: str = Field(min_length=1, max_length=24)
    vehicle: Vehicle
    place_id: str = Field(min_length=1, max_length=32)
    minutes: _Minutes


class ExtendBody(_Strict):
    """How much longer."""

    minutes: _Minutes


class StopBody(_Strict):
    """When the resident asked for the end, in UTC seconds, if that was earlier than now."""

    requested_at: int | None = Field(default=None, ge=0)


class ParkingPlace(BaseModel):
    """Where one can park; names are vi and en."""

    place_id: str
    kind: Literal["kerb", "yard"]
    name: dict[str, str]
    ward: dict[str, str]
    vehicles: list[str]

    @classmethod
    def of(cls, row: Place) -> ParkingPlace:
        """A row of the register."""
        return cls(**row)


class FeeLine(BaseModel):
    """`count` units (hour, day, night, full_day) at `price` VND each."""

    count: int
    unit: str
    price: int


class FeeStep(BaseModel):
    """From just after `after` (UTC seconds) on the stay costs `amount` VND."""

    after: int
    amount: int
    lines: list[FeeLine]


class Receipt(BaseModel):
    """What was paid, once, for a stay."""

    number: str
    paid_at: int
    amount: int
    lines: list[FeeLine]
    balance_after: int


class ParkingSession(BaseModel):
    """A stay. Times are UTC seconds; `fees` foretell the price while it runs."""

    session_id: str
    plate: str
    vehicle: str
    place: ParkingPlace
    started_at: int
    until: int
    ended_at: int | None
    fees: list[FeeStep]
    extensions: list[int]
    reminder_minutes: int
    receipt: Receipt | None

    @classmethod
    def of(cls, row: Row[Any], place: Place, now: int, balance: int | None) -> ParkingSession:
        """A row with its place; `balance` is what was left when it was paid."""
        known = rules("parking_rules")
        last = row.ended_at or max(row.until, now) + SHOWN_AHEAD
        steps = schedule(row.vehicle, row.started_at, max(last, row.started_at + 1))
        receipt = None
        if row.ended_at is not None and balance is not None:
            lines = [FeeLine(**asdict(line)) for line in price_at(steps, row.ended_at).lines]
            receipt = Receipt(
                number=row.receipt,
                paid_at=row.ended_at,
                amount=row.amount,
                lines=lines,
                balance_after=balance,
            )
        return cls(
            session_id=row.session_id,
            plate=row.plate,
            vehicle=row.vehicle,
            place=ParkingPlace.of(place),
            started_at=row.started_at,
            until=row.until,
            ended_at=row.ended_at,
            fees=[FeeStep(**asdict(step)) for step in steps],
            extensions=list(known["extensions"]),
            reminder_minutes=known["reminder_minutes"],
            receipt=receipt,
        )


class Account(BaseModel):
    """The account that pays. `sandbox` says that its money is play money; `top_up` adds so much."""

    balance: int
    sandbox: bool
    top_up: int


class Places(BaseModel):
    """Every place, and the minutes that can be booked at once."""

    places: list[ParkingPlace]
    minutes: list[int]


class Sessions(BaseModel):
    """A resident's own stays, the newest first."""

    sessions: list[ParkingSession]
