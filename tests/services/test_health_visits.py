"""Visits from any FHIR R4 server: what belongs to each, what changed since, what a server lacks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound, Offline
from services.health_records import HealthRecords
from services.health_records.appointments import FollowUp
from services.health_records.calendar import calendar_file
from services.health_records.fhir import FhirDate, date
from services.health_records.visits import read_visits
from services.keeping import Keep, always, never
from services.vault import Vault

ENCOUNTER = {"reference": "Encounter/e1"}
NOW = datetime(2026, 10, 3, 2, 0, tzinfo=UTC)


def encounter(name: str = "e1", start: str = "2026-10-02T08:40:00+07:00") -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": name,
        "status": "finished",
        "class": {"code": "AMB"},
        "period": {"start": start},
        "reasonCode": [{"text": "Khám tăng huyết áp"}],
        "serviceProvider": {"display": "Bệnh viện Mẫu"},
        "diagnosis": [{"condition": {"reference": "Condition/c1"}}],
    }


def everything() -> list[dict[str, Any]]:
    attachment = {"contentType": "application/pdf", "url": "Binary/b1", "title": "Tóm tắt"}
    return [
        encounter(),
        {"resourceType": "Condition", "id": "c1", "code": {"text": "Tăng huyết áp"}},
        {
            "resourceType": "Observation",
            "id": "o1",
            "code": {"text": "LDL"},
            "valueQuantity": {"value": 2.8, "unit": "mmol/L"},
            "encounter": ENCOUNTER,
        },
        {
            "resourceType": "MedicationRequest",
            "id": "m1",
            "medicationCodeableConcept": {"text": "Amlodipin 5 mg"},
            "dosageInstruction": [{"text": "1 viên mỗi sáng"}],
            "dispenseRequest": {"expectedSupplyDuration": {"value": 90, "unit": "ngày"}},
            "encounter": ENCOUNTER,
        },
        {
            "resourceType": "DocumentReference",
            "id": "d1",
            "content": [{"attachment": attachment}],
            "context": {"encounter": [ENCOUNTER]},
        },
        {
            "resourceType": "Appointment",
            "id": "a1",
            "status": "booked",
            "start": "2027-01-05T08:00:00+07:00",
            "end": "2027-01-05T08:20:00+07:00",
            "description": "Nhịn ăn sáng",
            "supportingInformation": [ENCOUNTER],
        },
    ]


class Server:
    """A FHIR server by itself, at a base of its own: with `$everything` or without, small pages."""

    def __init__(self, *, operation: bool = True, types: tuple[str, ...] = ()) -> None:
        self.operation, self.types = operation, types
        self.resources = everything()
        self.changed: list[dict[str, Any]] = []
        self.asked: list[httpx.URL] = []
        self.reachable, self.there = True, True

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.reachable:
            raise httpx.ConnectError("no route")
        self.asked.append(request.url)
        path = request.url.path.removeprefix("/R4/")
        if path == "Patient":
            own = {"resource": {"resourceType": "Patient", "id": "p1"}}
            return httpx.Response(200, json={"resourceType": "Bundle", "entry": [own]})
        if not self.there:
            return httpx.Response(404, json={"resourceType": "OperationOutcome"})
        if path == "Patient/p1/$everything" and self.operation:
            found = self.changed if "_since" in request.url.params else self.resources
            return self._page(request, found)
        if path in self.types:
            return self._page(request, [r for r in self.resources if r["resourceType"] == path])
        return httpx.Response(404, json={"resourceType": "OperationOutcome"})

    def _page(self, request: httpx.Request, found: list[dict[str, Any]]) -> httpx.Response:
        first = int(request.url.params.get("page", "0"))
        entries = [{"resource": resource} for resource in found[first : first + 4]]
        body: dict[str, Any] = {"resourceType": "Bundle", "entry": entries}
        if len(found) > first + 4:
            url = str(request.url.copy_set_param("page", first + 4))
            body["link"] = [{"relation": "next", "url": url}]
        return httpx.Response(200, json=body)


class Clock(ServerClock):
    """A clock that a test moves."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


def records(server: Server, folder: Path, *, keep: Keep = always) -> tuple[HealthRecords, Clock]:
    clock = Clock()
    http = httpx.AsyncClient(transport=httpx.MockTransport(server.answer))
    gateway = GatewayClient("http://city.test/api", http, clock, backoff=lambda attempt: 0)
    fhir = GatewayClient("http://fhir.test/R4", http, clock, backoff=lambda attempt: 0)
    vault = Vault(folder / "vault.sqlite3", bytes(32)).for_subject("minh-anh")
    return HealthRecords(gateway, vault, clock, keep_copies=keep, fhir=fhir), clock


async def test_a_visit_has_what_belongs_to_it(tmp_path: Path) -> None:
    """Why, what was found, prescribed and agreed, and its papers, from a server of another city."""
    server = Server()
    own, _clock = records(server, tmp_path)
    [visit] = (await own.visits()).value
    assert (visit.visit.title, visit.visit.facility) == ("Khám tăng huyết áp", "Bệnh viện Mẫu")
    assert [condition.title for condition in visit.diagnoses] == ["Tăng huyết áp"]
    assert [result.value for result in visit.results] == ["2.8 mmol/L"]
    assert [(m.title, m.supply) for m in visit.medicines] == [("Amlodipin 5 mg", "90 ngày")]
    assert [(paper.title, paper.binary_id) for paper in visit.papers] == [("Tóm tắt", "b1")]
    [again] = visit.follow_ups
    assert (again.at.as_given[:10], again.title, again.minutes) == (
        "2027-01-05",
        "Nhịn ăn sáng",
        20,
    )
    assert {url.host for url in server.asked} == {"fhir.test"}


async def test_only_what_changed_is_fetched(tmp_path: Path) -> None:
    """On a slow line yesterday's record must not come again; after a week it does, whole."""
    server = Server()
    own, clock = records(server, tmp_path)
    await own.visits()
    server.changed = [{**encounter("e2", "2026-10-03"), "diagnosis": []}]
    clock.moment = NOW + timedelta(days=1)
    server.asked.clear()
    assert len((await own.visits()).value) == 2
    [asked] = server.asked
    assert asked.params["_since"] == (NOW - timedelta(minutes=2)).isoformat()
    clock.moment = NOW + timedelta(days=9)
    assert len((await own.visits()).value) == 1


async def test_asked_twice_within_a_second_nothing_is_lost(tmp_path: Path) -> None:
    """The list and the visit it opens ask one after the other: the second hears that nothing changed."""
    server = Server()
    own, _clock = records(server, tmp_path)
    await own.visits()
    assert len((await own.visits()).value) == 1
    server.reachable = False
    assert len((await own.visits()).value) == 1


@pytest.mark.parametrize("types", [(), ("Encounter",), ("Encounter", "Condition", "Observation")])
async def test_what_a_server_has_no_type_for_is_missing(
    tmp_path: Path, types: tuple[str, ...]
) -> None:
    """A server that cannot do everything is no error: those parts are not there."""
    server = Server(operation=False, types=(*types, "Patient/p1"))
    own, _clock = records(server, tmp_path)
    visits = (await own.visits()).value
    assert len(visits) == ("Encounter" in types)
    for visit in visits:
        assert bool(visit.results) == ("Observation" in types)
        assert visit.papers == ()


async def test_visits_are_read_without_a_network_and_gone_with_the_right(tmp_path: Path) -> None:
    """In the waiting room; and not a day longer than one may."""
    server = Server()
    own, _clock = records(server, tmp_path)
    await own.visits()
    server.reachable = False
    saved = await own.visits()
    assert (len(saved.value), saved.as_of) == (1, NOW)
    server.reachable, server.there = True, False
    with pytest.raises(NotFound):
        await own.visits()
    server.reachable = False
    with pytest.raises(Offline):
        await own.visits()


async def test_the_web_keeps_no_visits(tmp_path: Path) -> None:
    """There the copy would lie on the server."""
    server = Server()
    own, _clock = records(server, tmp_path, keep=never)
    await own.visits()
    server.reachable = False
    with pytest.raises(Offline):
        await own.visits()


@pytest.mark.parametrize(
    "broken",
    [
        {"diagnosis": 7, "period": "x", "participant": [None]},
        {"reasonCode": "x"},
        {"id": {"a": 1}},
        {"status": 4},
        {"status": {"a": 1}},
    ],
)
def test_a_broken_visit_costs_itself_alone(broken: dict[str, Any]) -> None:
    """The other visits are still there."""
    found = {"Encounter/e1": {**encounter(), **broken}, "Encounter/e2": encounter("e2", "2025")}
    visits = read_visits(found)
    assert any(visit.visit.date == date("2025") for visit in visits)


# The calendar's file


def unfolded(data: bytes) -> list[str]:
    """Content lines as RFC 5545 (3.1) puts them together again."""
    assert data.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def follow_up(at: str, **more: Any) -> FollowUp:
    given = date(at)
    assert given is not None
    return FollowUp("k1", given, **more)


def test_an_appointment_is_a_calendar_event() -> None:
    """Any calendar takes it: times in UTC, text escaped, long lines folded between characters."""
    words = (
        "Nhịn ăn sáng, uống đủ nước; mang theo đơn thuốc cũ và kết quả lần trước\nGửi xe ở cổng 2"
    )
    data = calendar_file(
        follow_up(
            "2027-01-05T08:00:00+07:00", instructions=words, place="Bệnh viện Mẫu", minutes=20
        ),
        "Lịch tái khám",
        NOW,
    )
    lines = unfolded(data)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (
        "DTSTAMP:20261003T020000Z",
        "DTSTART:20270105T010000Z",
        "DTEND:20270105T012000Z",
        "SUMMARY:Lịch tái khám",
        "LOCATION:Bệnh viện Mẫu",
        "TRIGGER:-P1D",
    ):
        assert line in lines
    [described] = [line for line in lines if line.startswith("DESCRIPTION:Nhịn")]
    assert described == "DESCRIPTION:" + words.replace(",", "\\,").replace(";", "\\;").replace(
        "\n", "\\n"
    )


def test_a_day_without_a_time_is_a_whole_day() -> None:
    """08:00 must not be invented."""
    lines = unfolded(calendar_file(follow_up("2027-01-05"), "x", NOW))
    assert "DTSTART;VALUE=DATE:20270105" in lines
    assert "DTEND;VALUE=DATE:20270106" in lines
    with pytest.raises(ValueError, match="without a day"):
        calendar_file(FollowUp("k", FhirDate("2027-01", 2027, 1)), "x", NOW)
