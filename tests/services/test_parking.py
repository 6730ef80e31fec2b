"""Stays on the device: what they cost without a network, what is sent again, who is reminded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.parking.plates import plate_of
from services.errors import Rejected
from services.outbox import Outbox
from services.parking import Parking, ParkingStart
from services.parking_sessions import ParkingSession
from services.plates import is_plate, show_plate
from services.vault import Vault
from tests.services.twins import Time, gateway, problem

START = 1_790_000_000
PLACE = {
    "place_id": "HK-014",
    "kind": "kerb",
    "name": {"vi": "Điểm đỗ HK-014", "en": "Place HK-014"},
    "ward": {"vi": "Phường Hoàn Kiếm", "en": "Hoàn Kiếm ward"},
    "vehicles": ["car_up_to_9"],
}
RATES = (25_000, 25_000, 35_000, 35_000, 45_000, 45_000)


def fees() -> list[dict[str, Any]]:
    """The first six hours of a car."""
    line = [{"count": 1, "unit": "hour", "price": 25_000}]
    return [
        {"after": START + hour * 3600, "amount": sum(RATES[: hour + 1]), "lines": line}
        for hour in range(6)
    ]


@dataclass
class KerbTwin:
    """One stay at the gateway; tests cut the line, lose answers and empty the account."""

    time: Time
    cut: bool = False
    lose: int = 0
    poor: bool = False
    ended_at: int | None = None
    until: int = START + 7200
    charges: int = 0
    calls: list[tuple[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        verb = request.url.path.rpartition("/")[2]
        self.calls.append((verb, json.loads(request.content or b"null")))
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        response = self._answer(request, verb)
        if self.lose > 0:
            self.lose -= 1
            raise httpx.ReadError("lost", request=request)
        response.headers["Date"] = formatdate(self.time.now, usegmt=True)
        return response

    def _answer(self, request: httpx.Request, verb: str) -> httpx.Response:
        if verb == "stop":
            if self.poor:
                return problem(409, "balance-too-low")
            if self.ended_at is None:
                self.ended_at = json.loads(request.content)["requested_at"]
                self.charges += 1
        if verb == "extensions" and request.headers["Idempotency-Key"] not in self.keys:
            self.keys.add(request.headers["Idempotency-Key"])
            self.until += 60 * json.loads(request.content)["minutes"]
        if verb == "sessions" and request.method == "GET":
            return httpx.Response(200, json={"sessions": [self.stay()]})
        return httpx.Response(200, json=self.stay())

    def stay(self) -> dict[str, Any]:
        """The stay as it stands."""
        receipt: dict[str, Any] = {
            "number": "BN-1",
            "paid_at": self.ended_at,
            "amount": 25_000,
            "lines": [],
            "balance_after": 475_000,
        }
        return {
            "session_id": "stay-1",
            "plate": "30K01234",
            "vehicle": "car_up_to_9",
            "place": PLACE,
            "started_at": START,
            "until": self.until,
            "ended_at": self.ended_at,
            "fees": fees(),
            "extensions": [30, 60, 120],
            "reminder_minutes": 15,
            "receipt": None if self.ended_at is None else receipt,
        }


@pytest.fixture
def kerb() -> KerbTwin:
    """A kerb whose time the test moves."""
    return KerbTwin(Time(now=START + 60))


@pytest.fixture
def parking(kerb: KerbTwin, tmp_path: Path) -> Parking:
    """One resident's parking over a vault of its own."""
    clock = kerb.time.clock()
    rows = Vault(tmp_path / "vault.sqlite3", bytes(32)).for_subject("s-1")
    return Parking(gateway(kerb, clock=clock), rows, Outbox(rows, clock), clock)


def at(seconds: float) -> datetime:
    """A moment after the start."""
    return datetime.fromtimestamp(START + seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "state", "amount"),
    [
        (0, "running", 25_000),
        (3600, "running", 25_000),
        (3601, "running", 50_000),
        (6299, "running", 50_000),
        (6300, "ending_soon", 50_000),
        (7200, "ending_soon", 50_000),
        (7201, "over_time", 85_000),
        (4 * 3600 + 1, "over_time", 165_000),
    ],
)
def test_a_stay_knows_its_state_and_price_without_a_network(
    kerb: KerbTwin, seconds: float, state: str, amount: int
) -> None:
    """The garage has no reception, and the money still runs."""
    stay = ParkingSession.from_json(kerb.stay())
    assert (stay.state_at(at(seconds)), stay.price_at(at(seconds)).amount) == (state, amount)


def test_more_time_says_what_it_adds(kerb: KerbTwin) -> None:
    """The third hour costs more than the first; over time it counts from now."""
    stay = ParkingSession.from_json(kerb.stay())
    assert stay.extension_price(30, at(60)) == 35_000
    assert stay.extension_price(120, at(60)) == 70_000
    assert stay.extension_price(60, at(4 * 3600)) == 45_000
    assert stay.next_step(at(60)) == (at(3600), 25_000)


async def test_a_stop_whose_answer_was_lost_is_paid_once(parking: Parking, kerb: KerbTwin) -> None:
    """It is asked again with the moment of the first tap, however late, whatever the clock says."""
    kerb.lose = 9
    assert await parking.stop("stay-1") is None
    assert await parking.stop_waits("stay-1")
    kerb.lose, kerb.time.now = 0, kerb.time.now + 4000
    kerb.time.device_wrong_by = -86_400
    ended = await parking.stop("stay-1")
    assert ended is not None
    assert ended.receipt is not None
    asked = {body["requested_at"] for verb, body in kerb.calls if verb == "stop"}
    assert (kerb.charges, len(asked)) == (1, 1)
    assert not await parking.stop_waits("stay-1")


async def test_a_stop_that_is_refused_leaves_nothing_waiting(
    parking: Parking, kerb: KerbTwin
) -> None:
    """A refused payment must not go out later by itself."""
    kerb.poor = True
    with pytest.raises(Rejected) as refused:
        await parking.stop("stay-1")
    assert refused.value.code == "balance_too_low"
    assert not await parking.stop_waits("stay-1")
    kerb.poor = False
    assert await parking.stop("stay-1") is not None
    assert kerb.charges == 1


async def test_a_start_without_a_network_waits_and_has_not_begun(
    parking: Parking, kerb: KerbTwin
) -> None:
    """What waits is shown with its plate; nothing is promised."""
    kerb.cut = True
    wanted = ParkingStart("30K-012.34", "car_up_to_9", "HK-014", 60)
    assert await parking.start(wanted) is None
    [waiting] = await parking.waiting_starts()
    assert (waiting.plate, waiting.start_id) == ("30K01234", wanted.start_id)


async def test_a_wrong_plate_is_not_even_sent(parking: Parking, kerb: KerbTwin) -> None:
    """The field says it at once, without a network too."""
    with pytest.raises(Rejected) as refused:
        await parking.start(ParkingStart("HN-12", "car_up_to_9", "HK-014", 60))
    assert [(e.field, e.code) for e in refused.value.field_errors] == [("plate", "plate_format")]
    assert kerb.calls == []


async def test_each_end_is_reminded_of_once(parking: Parking, kerb: KerbTwin) -> None:
    """Fifteen minutes before, from the saved copy; again only after more time was booked."""
    await parking.list_mine()
    kerb.cut = True
    assert await parking.due_reminders() == []
    kerb.time.now = START + 6300
    assert [stay.session_id for stay in await parking.due_reminders()] == ["stay-1"]
    assert await parking.due_reminders() == []
    kerb.cut = False
    await parking.extend("stay-1", 30, "half-an-hour")
    await parking.list_mine()
    assert await parking.due_reminders() == []
    kerb.time.now += 1800
    assert len(await parking.due_reminders()) == 1


@given(st.text("0123456789ABCDEFGHJKLMNĐ-. đk", max_size=12), st.booleans())
def test_the_device_and_the_gateway_agree_on_plates(typed: str, car: bool) -> None:
    """They share no code; what the app lets through must not be refused."""
    vehicle = "car_up_to_9" if car else "motorbike"
    assert is_plate(typed, vehicle) == (plate_of(typed, vehicle) is not None)


@pytest.mark.parametrize(
    ("plate", "vehicle", "shown"),
    [
        ("30K01234", "car_up_to_9", "30K-012.34"),
        ("30K1234", "car_up_to_9", "30K-1234"),
        ("29C112345", "motorbike", "29C1-123.45"),
        ("odd", "car_up_to_9", "odd"),
    ],
)
def test_a_plate_is_shown_as_it_stands_on_the_vehicle(plate: str, vehicle: str, shown: str) -> None:
    """Four or five figures, as they are painted."""
    assert show_plate(plate, vehicle) == shown
