"""The resident's own trips under /trips/v1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from gateway.consents import ledger as consents
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.registers.network import Stop
from gateway.security import Caller, resident
from gateway.trips import rides

T = TypeVar("T")
SHOWN = 100


class AlightingBody(BaseModel):
    """Where the ride ended."""

    model_config = ConfigDict(strict=True, extra="forbid")

    place_id: str = Field(min_length=1, max_length=64)


class TripStop(BaseModel):
    """A stop; names are vi and en."""

    place_id: str
    name: dict[str, str]

    @classmethod
    def of(cls, stop: Stop) -> TripStop:
        """A stop of the register."""
        return cls(place_id=stop.place_id, name=dict(stop.name))


class TripFare(BaseModel):
    """VND and why; `km` is the ride's length, `free_km` what the free zone takes off it."""

    amount: int
    reason: Literal["free_group", "pass", "free_zone", "distance"]
    km: float
    free_km: float
    free_until: str | None


class Trip(BaseModel):
    """A ride; moments are UTC seconds. `stops` are those a missing alighting may be set to."""

    trip_id: str
    line: str
    mode: Literal["bus", "metro"]
    line_name: dict[str, str]
    start: TripStop
    end: TripStop | None
    boarded_at: int
    alighted_at: int | None
    state: Literal["riding", "done", "missing_alighting", "corrected"]
    fare: TripFare | None
    stops: list[TripStop]
    correctable_until: int | None

    @classmethod
    def of(cls, trip: rides.Trip) -> Trip:
        """A ride as the resident sees it."""
        fare, line = trip.fare, trip.line
        others = [stop for stop in line.stops if stop != trip.start]
        return cls(
            trip_id=trip.trip_id,
            line=line.line,
            mode="metro" if line.mode == "metro" else "bus",
            line_name=dict(line.name),
            start=TripStop.of(trip.start),
            end=TripStop.of(trip.end) if trip.end else None,
            boarded_at=trip.boarded_at,
            alighted_at=trip.alighted_at,
            state=trip.state,
            fare=None if fare is None else TripFare(**asdict(fare)),
            stops=[TripStop.of(stop) for stop in others] if trip.correctable_until else [],
            correctable_until=trip.correctable_until,
        )


class Trips(BaseModel):
    """A resident's own rides, the newest first."""

    trips: list[Trip]


class Rider:
    """One resident's request about their trips."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident("cards"))],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        self.subject, self.database, self._settings = caller.subject, database, settings
        self.at = int(settings.clock().timestamp())

    async def run(self, work: Callable[[Connection], T], *, write: bool = False) -> T:
        """Work in one transaction, if the resident agreed that taps become their trips."""

        def agreed(connection: Connection) -> T:
            consents.demand(connection, self.subject, "card_taps", self._settings)
            return work(connection)

        return await self.database.run(agreed, write=write)


OnBoard = Annotated[Rider, Depends()]
router = APIRouter(prefix="/trips/v1", tags=["trips"])


@router.get("/trips")
async def list_trips(rider: OnBoard) -> Trips:
    """The resident's own rides, the newest first."""
    found = await rider.run(lambda db: rides.trips_of(db, rider.subject, rider.at))
    return Trips(trips=[Trip.of(trip) for trip in found[:SHOWN]])


@router.get("/trips/{trip_id}")
async def read_trip(trip_id: str, rider: OnBoard) -> Trip:
    """One of the resident's own rides."""
    found = await rider.run(lambda db: rides.find(db, rider.subject, trip_id, rider.at))
    return Trip.of(found)


@router.put("/trips/{trip_id}/alighting")
async def correct_alighting(trip_id: str, body: AlightingBody, rider: OnBoard) -> Trip:
    """Say where a ride ended whose alighting no gate saw; the fare is then that ride's."""
    place_id = body.place_id
    found = await rider.run(
        lambda db: rides.correct(db, rider.subject, trip_id, place_id, rider.at), write=True
    )
    return Trip.of(found)
