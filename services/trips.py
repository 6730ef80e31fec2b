"""The resident's trips: where their card went on and off, what it cost and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import NotFound
from services.offline import TABLE, read_or_saved
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/trips/v1/trips"


@dataclass(frozen=True, slots=True)
class TripStop:
    """A stop; names are by language."""

    place_id: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TripFare:
    """VND and why: free_group, pass, free_zone or distance.

    `free_km` is what the free zone takes off the ride's `km`; `free_until` is its last day.
    """

    amount: int
    reason: str
    km: float
    free_km: float
    free_until: date | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> TripFare:
        """Read the gateway's fare."""
        until = item["free_until"]
        return cls(**{**item, "free_until": until and date.fromisoformat(until)})


@dataclass(frozen=True, slots=True)
class Trip:
    """One ride. `state` is riding, done, missing_alighting or corrected.

    `stops` are those that a missing alighting can be set to until `correctable_until`.
    """

    trip_id: str
    line: str
    mode: str
    line_name: Mapping[str, str]
    start: TripStop
    end: TripStop | None
    boarded_at: datetime
    alighted_at: datetime | None
    state: str
    fare: TripFare | None
    stops: tuple[TripStop, ...]
    correctable_until: datetime | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Trip:
        """Read one of the gateway's trips."""
        end, fare = item["end"], item["fare"]
        return cls(
            trip_id=item["trip_id"],
            line=item["line"],
            mode=item["mode"],
            line_name=item["line_name"],
            start=TripStop(**item["start"]),
            end=None if end is None else TripStop(**end),
            boarded_at=datetime.fromtimestamp(item["boarded_at"], UTC),
            alighted_at=_moment(item["alighted_at"]),
            state=item["state"],
            fare=None if fare is None else TripFare.from_json(fare),
            stops=tuple(TripStop(**stop) for stop in item["stops"]),
            correctable_until=_moment(item["correctable_until"]),
        )


class Trips:
    """The resident's own trips. Reads give the saved copy when the gateway is out of reach."""

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock

    async def list_mine(self) -> Saved[list[Trip]]:
        """Return the resident's trips, the newest first."""

        async def fetch() -> Any:
            return await self._gateway.get(PATH)

        found = await read_or_saved(self._vault, self._clock, PATH, fetch)
        return Saved([Trip.from_json(item) for item in found.value["trips"]], found.as_of)

    async def forget(self) -> None:
        """Remove the copy on this device."""
        await self._vault.delete(TABLE, PATH)

    async def get(self, trip_id: str) -> Saved[Trip]:
        """Return one trip; NotFound if it is not there or another resident's."""
        mine = await self.list_mine()
        for trip in mine.value:
            if trip.trip_id == trip_id:
                return Saved(trip, mine.as_of)
        raise NotFound

    async def correct(self, trip_id: str, place_id: str) -> Trip:
        """Say where a trip ended whose alighting no gate saw. Needs the network; safe to repeat."""
        path = f"{PATH}/{segment(trip_id)}/alighting"
        return Trip.from_json(await self._gateway.put(path, json={"place_id": place_id}))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
