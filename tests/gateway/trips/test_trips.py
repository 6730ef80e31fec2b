"""Trips: from what gates saw to a fare with its reason, and a missing alighting set right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, insert, select

from gateway.cards.gate_credentials import add_gate
from gateway.cards.gate_tables import taps
from gateway.cards.tables import enrolments
from gateway.problems import Problem
from gateway.settings import Settings
from gateway.trips import rides, sandbox
from gateway.trips.tables import corrections
from tests.gateway.cards.conftest import gate_city, gate_clock, gate_settings
from tests.gateway.cards.gate_twins import GateCity, tap
from tests.gateway.trips.passes import PAID, WITH_PARKING
from tests.support.card_codes import AT, SampleCard

__all__ = ["gate_city", "gate_clock", "gate_settings"]

RESIDENT, STRANGER = "test-minh-anh", "test-gia-huy"
HeadersFor = Callable[..., dict[str, str]]


@pytest.fixture
def settings(gate_settings: Settings) -> Settings:
    """A city whose clock the test moves."""
    return gate_settings


class Rides:
    """A resident's card at gates, and what the resident then reads."""

    def __init__(self, city: GateCity, headers_for: HeadersFor) -> None:
        self.city, self._headers_for = city, headers_for
        self._gates: dict[str, dict[str, str]] = {}

    def card(
        self, subject: str = RESIDENT, card_id: bytes = b"mycard-1", **what: Any
    ) -> SampleCard:
        """A card of that resident."""
        card = self.city.card(card_id=card_id, **({"product": PAID} | what))
        row = {
            "card_id": card_id.hex(),
            "subject": subject,
            "device_name": "Máy",
            "platform": "android",
            "enrolled_at": 0,
            "ended_at": 1,
            "idempotency_key": card_id.hex(),
            "body_hash": "0" * 64,
        }
        self.city.database.run_here(lambda db: db.execute(insert(enrolments).values(**row)))
        return card

    async def pass_gate(
        self, card: SampleCard, place: str, direction: str, at: int, kind: str = "transit"
    ) -> None:
        """Show the code at that place's gate at that moment; the gate uploads at once."""
        if place not in self._gates:
            secret = self.city.database.run_here(
                lambda db: add_gate(db, f"gate-{place}", kind, place, AT)
            )
            self._gates[place] = {"Authorization": f"Bearer gate-{place}.{secret}"}
        self.city.clock.at = max(self.city.clock.at, at)
        answer = await self.city.bring(self._gates[place], tap(card, at, direction))
        assert answer.json() == {"new": 1, "refused": []}, answer.text

    async def call(
        self, method: str, path: str, body: Any = None, by: str = RESIDENT
    ) -> httpx.Response:
        """A request of the resident."""
        headers = self._headers_for(by, "cards")
        return await self.city.http.request(method, f"/trips/v1{path}", json=body, headers=headers)

    async def trips(self, by: str = RESIDENT) -> list[dict[str, Any]]:
        """The resident's trips, the newest first."""
        found: list[dict[str, Any]] = (await self.call("GET", "/trips", by=by)).json()["trips"]
        return found


@pytest.fixture
def city_rides(gate_city: GateCity, headers_for: HeadersFor) -> Rides:
    """A city in which residents ride."""
    return Rides(gate_city, headers_for)


async def test_two_taps_are_one_trip_with_its_fare(city_rides: Rides) -> None:
    """On and off; the history says line, stops, times, fare and why."""
    card = city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    assert [trip["state"] for trip in await city_rides.trips()] == ["riding"]
    await city_rides.pass_gate(card, "t1-quoc-oai", "out", AT + 2400)
    [trip] = await city_rides.trips()
    assert (trip["line"], trip["mode"], trip["state"]) == ("T1", "bus", "done")
    assert (trip["start"]["place_id"], trip["end"]["place_id"]) == ("t1-my-dinh", "t1-quoc-oai")
    assert (trip["boarded_at"], trip["alighted_at"]) == (AT, AT + 2400)
    fare = {"amount": 10_000, "reason": "distance", "km": 16.0, "free_km": 0.0}
    assert trip["fare"] == fare | {"free_until": None}
    assert (trip["stops"], trip["correctable_until"]) == ([], None)


async def test_taps_that_come_late_and_in_any_order_make_the_same_trip(city_rides: Rides) -> None:
    """A bus comes home in the evening; the other gate has reported long before."""
    card = city_rides.card()
    city_rides.city.clock.at = AT + 2400
    await city_rides.pass_gate(card, "t1-quoc-oai", "out", AT + 2400)
    assert await city_rides.trips() == []
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    assert [trip["state"] for trip in await city_rides.trips()] == ["done"]


async def test_a_missing_alighting_is_marked_and_costs_the_longest_ride(city_rides: Rides) -> None:
    """Until the resident says where it was; then the fare is that ride's."""
    card = city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    city_rides.city.clock.at = AT + 181 * 60
    [trip] = await city_rides.trips()
    assert (trip["state"], trip["fare"]["amount"], trip["end"]) == (
        "missing_alighting",
        20_000,
        None,
    )
    assert "t1-my-dinh" not in [stop["place_id"] for stop in trip["stops"]]
    path = f"/trips/{trip['trip_id']}/alighting"
    for place, amount in (("t1-quoc-oai", 10_000), ("t1-hoai-duc", 8_000), ("t1-hoai-duc", 8_000)):
        said = (await city_rides.call("PUT", path, {"place_id": place})).json()
        assert (said["state"], said["fare"]["amount"]) == ("corrected", amount)
        assert said["end"]["place_id"] == place
    for wrong in ("2a-lang", "t1-my-dinh", "nowhere"):
        assert (await city_rides.call("PUT", path, {"place_id": wrong})).status_code == 422
    city_rides.city.clock.at = AT + 8 * 86_400
    late = await city_rides.call("PUT", path, {"place_id": "t1-quoc-oai"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/not-correctable")
    assert [t["fare"]["amount"] for t in await city_rides.trips()] == [8_000]


async def test_a_late_alighting_outweighs_the_residents_word(city_rides: Rides) -> None:
    """When the gate reports after all, what it saw counts."""
    card = city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    city_rides.city.clock.at = AT + 181 * 60
    [trip] = await city_rides.trips()
    path = f"/trips/{trip['trip_id']}/alighting"
    await city_rides.call("PUT", path, {"place_id": "t1-hoai-duc"})
    await city_rides.pass_gate(card, "t1-ba-vi", "out", AT + 3600)
    [trip] = await city_rides.trips()
    assert (trip["state"], trip["fare"]["amount"]) == ("done", 20_000)
    again = await city_rides.call("PUT", path, {"place_id": "t1-hoai-duc"})
    assert again.json()["type"] == "/problems/not-correctable"


async def test_getting_off_another_line_is_another_ride(city_rides: Rides) -> None:
    """Forgotten on the bus, tapped off the metro: the bus ride misses its alighting."""
    card = city_rides.card()
    await city_rides.pass_gate(card, "t1-my-dinh", "in", AT)
    await city_rides.pass_gate(card, "2a-cat-linh", "in", AT + 1800)
    await city_rides.pass_gate(card, "2a-ha-dong", "out", AT + 3000)
    city_rides.city.clock.at = AT + 4 * 3600
    states = [(trip["line"], trip["state"]) for trip in await city_rides.trips()]
    assert states == [("2A", "done"), ("T1", "missing_alighting")]


async def test_trips_of_two_residents_do_not_touch(city_rides: Rides) -> None:
    """Where somebody rode is theirs alone: neither read nor corrected by another."""
    mine, theirs = city_rides.card(), city_rides.card(STRANGER, b"theircd1")
    await city_rides.pass_gate(mine, "t1-my-dinh", "in", AT)
    await city_rides.pass_gate(theirs, "2a-lang", "in", AT + 60)
    city_rides.city.clock.at = AT + 190 * 60
    [own] = await city_rides.trips()
    [other] = await city_rides.trips(STRANGER)
    assert (own["line"], other["line"]) == ("T1", "2A")
    path = f"/trips/{other['trip_id']}"
    body = {"place_id": "2a-ha-dong"}
    assert (await city_rides.call("GET", path)).status_code == 404
    assert (await city_rides.call("PUT", f"{path}/alighting", body)).status_code == 404
    said = await city_rides.call("PUT", f"{path}/alighting", body, by=STRANGER)
    assert said.json()["state"] == "corrected"

    def by_itself(connection: Connection) -> None:
        now = int(city_rides.city.clock.at)
        with pytest.raises(Problem):
            rides.correct(connection, RESIDENT, other["trip_id"], "2a-ha-dong", now)
        assert rides._corrections(connection, RESIDENT) == []
        assert len(rides._corrections(connection, STRANGER)) == 1

    city_rides.city.database.run_here(by_itself)
    assert (await city_rides.trips())[0]["state"] == "missing_alighting"


async def test_a_yard_parks_by_the_card_alone(city_rides: Rides) -> None:
    """In and out at the gate are a stay that is paid once; late taps find each other."""
    card = city_rides.card(product=WITH_PARKING)
    hour = 3600
    await city_rides.pass_gate(card, "cl-y1", "in", AT, "parking")
    await city_rides.pass_gate(card, "cl-y1", "out", AT + 2 * hour, "parking")
    city_rides.city.clock.at = AT + 9 * hour
    await city_rides.pass_gate(card, "cl-y1", "out", AT + 7 * hour, "parking")
    await city_rides.pass_gate(card, "cl-y1", "in", AT + 4 * hour, "parking")

    def paid(connection: Connection) -> list[tuple[int, int]]:
        from gateway.parking.tables import parking_sessions as stays

        found = select(stays.c.started_at, stays.c.ended_at).order_by(stays.c.started_at)
        return [tuple(row) for row in connection.execute(found)]

    times = city_rides.city.database.run_here(paid, write=False)
    assert times == [(AT, AT + 2 * hour), (AT + 4 * hour, AT + 7 * hour)]
    assert await city_rides.trips() == []


def test_the_sandbox_rode_before_anybody_looked(gate_city: GateCity) -> None:
    """Its rides are verified like any upload, and made once."""
    city = Settings(data_folder=gate_city.settings.data_folder, sandbox=True, clock=gate_city.clock)
    for _twice in range(2):
        sandbox.seed(city, gate_city.database)

    def read(connection: Connection) -> tuple[int, dict[str, list[Any]]]:
        people = ("nguyen-minh-anh", "le-hoang-nam", "pham-thi-lan", "vu-khanh-linh")
        now = int(gate_city.clock.at)
        found = {key: rides.trips_of(connection, f"sandbox-{key}", now) for key in people}
        return connection.scalar(select(func.count()).select_from(taps)) or 0, found

    count, found = gate_city.database.run_here(read, write=False)
    assert count == 16
    reasons = {key: [trip.fare.reason for trip in trips] for key, trips in found.items()}
    assert reasons["nguyen-minh-anh"] == ["pass", "pass", "pass"]
    assert reasons["le-hoang-nam"] == ["distance", "free_zone", "distance", "distance"]
    assert reasons["pham-thi-lan"] == ["free_group"]
    assert found["vu-khanh-linh"] == []
    missing = [trip for trip in found["nguyen-minh-anh"] if trip.state == "missing_alighting"]
    assert [trip.line.line for trip in missing] == ["2A"]


def test_outside_the_sandbox_nobody_rides(gate_city: GateCity) -> None:
    """Synthetic rides must not reach a real city."""
    sandbox.seed(gate_city.settings, gate_city.database)
    count = select(func.count()).select_from(corrections)
    rows = gate_city.database.run_here(
        lambda db: (db.scalar(count), db.scalar(select(func.count()).select_from(taps))),
        write=False,
    )
    assert rows == (0, 0)
