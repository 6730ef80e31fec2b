"""Each bundle has stand-ins of its own: two of one recording cannot be put side by side."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalogue import LOCALE_FOLDER
from services.clock import ServerClock
from services.diagnostics import Bundle, Recorder
from services.diagnostics.addresses import Addresses
from services.diagnostics.digest import digest, messages_in
from services.diagnostics.shapes import GRID
from services.diagnostics.transport import recorded
from services.identity import Person
from services.vault import Vault

BASE = "http://gateway/api"
LAN = Person("subject-of-lan", "Nguyễn Thị Ngọc Lan", "Ngọc Lan", "1990-05-17")
REPORT = {
    "service_request_id": "HN-2611-00012",
    "status": "open",
    "description": "Đèn hỏng trước nhà 5 ngõ 12",
    "status_notes": "Nguyễn Văn Sửa đã đến",
    "address": "5 ngõ 12 phố Mẫu",
    "lat": 21.028517,
    "long": 105.854219,
    "requested_datetime": "2026-11-25T08:12:00+07:00",
    "updates_url": f"{BASE}/reports/HN-2611-00012/updates",
}
OBSERVATION = {
    "resourceType": "Observation",
    "id": "obs-000017",
    "subject": {"reference": "Patient/subject-of-lan"},
    "effectiveDateTime": "2026-11-20",
    "issued": "2026-11-22",
    "valueQuantity": {"value": 7.4, "unit": "mmol/L"},
}
ANSWERS = {"/api/reports/HN-2611-00012": REPORT, "/api/fhir/R4/Observation": OBSERVATION}


def answer(request: httpx.Request) -> httpx.Response:
    found = ANSWERS[request.url.path]
    return httpx.Response(200, json=found, headers={"etag": '"tag-of-lan-1"'}, request=request)


@pytest.fixture
async def two(tmp_path: Path) -> tuple[Bundle, Bundle]:
    """Two bundles of what was recorded once."""
    vault = Vault(tmp_path / "vault.sqlite3", b"k" * 32)
    rows = vault.for_subject("lan")
    copy = {"value": [REPORT], "as_of": datetime(2026, 1, 1, tzinfo=UTC).isoformat(), "etag": ""}
    await rows.put("saved", "/reports/mine", copy)
    recorder = Recorder(ServerClock(), rows, BASE)
    recorder.addresses = Addresses(["/reports/:service_request_id"])
    recorder.reducer.stand_ins.app_says = messages_in(LOCALE_FOLDER, "vi").says
    recorder.person(LAN)
    recorder.step("start", route=recorder.route("/reports/HN-2611-00012"))
    await recorder.remember()
    http = recorded(
        httpx.AsyncClient(transport=httpx.MockTransport(answer)), ServerClock(), recorder
    )
    await http.get(f"{BASE}/reports/HN-2611-00012", headers={"if-none-match": '"tag-of-lan-0"'})
    await http.post(f"{BASE}/fhir/R4/Observation", json=OBSERVATION)
    of = recorder.reducer.stand_ins.of
    recorder.screen(recorder.route("/reports/HN-2611-00012"), ("My reports", "•"))
    recorder.step("chance", call="id", answer=of("reference", "HN-2611-00012"))
    place = {"lat": of("degrees", 21.028517), "long": of("degrees", 105.854219), "accuracy": 9.0}
    recorder.step("device", call="find_place", answer=place)
    recorder.step("act", control="DatePicker", data={"date": of("date", "2026-11-20")})
    recorder.step("act", control="Map", data={"point": {"lat": place["lat"], "long": 105.85}})
    found = await recorder.bundle(), await recorder.bundle()
    vault.close()
    return found


def bodies(bundle: Bundle) -> list[Any]:
    return [json.loads(one["response"]["content"]["text"]) for one in bundle.requests]


def test_two_bundles_of_one_recording_share_no_stand_in(two: tuple[Bundle, Bundle]) -> None:
    """Whoever gets both, in one case or two, cannot tell by a name or a number that they are one's."""
    one, other = two
    assert len(one.stand_ins) == len(other.stand_ins) > 8
    assert not set(one.stand_ins) & set(other.stand_ins)
    written = json.dumps([other.har, other.state, [s.to_json() for s in other.steps]])
    assert [name for name in one.stand_ins if name in written] == []
    # A date and a figure have few values within their bounds, and may meet by chance; a place has not.
    [report, _observation], [another, _too] = bodies(one), bodies(other)
    assert (report["lat"], report["long"]) != (another["lat"], another["long"])


def test_within_a_bundle_the_same_is_the_same_wherever_it_stands(
    two: tuple[Bundle, Bundle],
) -> None:
    """A screen is found again by its address, a report by its id, a person by their name."""
    for bundle in two:
        report, observation = bodies(bundle)
        number = report["service_request_id"]
        assert number != "HN-2611-00012"
        assert bundle.stand_ins[number].startswith("reference ")
        assert bundle.requests[0]["request"]["url"].endswith(f"/reports/{number}")
        assert report["updates_url"] == f"https://gateway.invalid/reports/{number}/updates"
        start, chance, place, day, point = [s for s in bundle.steps if s.kind != "network"]
        assert start.detail["route"] == bundle.screens[0].route == f"/reports/{number}"
        assert bundle.screens[0].digest == digest(*_shown(bundle))
        assert chance.detail["answer"] == number
        assert (
            place.detail["answer"]["lat"] == report["lat"] == point.detail["data"]["point"]["lat"]
        )
        assert day.detail["data"]["date"] == observation["effectiveDateTime"]
        assert bundle.state["saved"]["/reports/mine"]["value"] == [report]
        person = bundle.state["person"]["subject"]
        assert observation["subject"]["reference"] == f"Patient/{person}"


def _shown(bundle: Bundle) -> tuple[str, tuple[str, ...]]:
    return bundle.screens[0].route, bundle.screens[0].words


def test_what_was_kept_is_kept_and_shapes_stay(two: tuple[Bundle, Bundle]) -> None:
    """Screens still draw: states, deadlines, lengths, the order of dates, the ward."""
    for bundle in two:
        report, observation = bodies(bundle)
        for field in ("status", "requested_datetime"):
            assert report[field] == REPORT[field]
        for field in ("description", "address"):
            assert len(report[field]) == len(str(REPORT[field]))
        assert report["lat"] // GRID == pytest.approx(21.028517 // GRID)
        issued, done = (
            datetime.fromisoformat(observation[f]) for f in ("issued", "effectiveDateTime")
        )
        assert (issued - done).days == 2
        assert observation["valueQuantity"]["value"] == pytest.approx(7.4, rel=0.15)
        assert observation["valueQuantity"]["unit"] == "mmol/L"
        tags = [
            h["value"] for h in bundle.requests[0]["request"]["headers"] if "match" in h["name"]
        ]
        assert tags
        assert "lan" not in tags[0]
        assert bundle.manifest.counts["name"] == len(
            [name for name in bundle.stand_ins.values() if name.startswith("name ")]
        )
