"""The sandbox's sample reports, and the registers they are told from."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import service_requests
from gateway.database import Database
from gateway.service_requests.sandbox import moment_of, samples
from gateway.service_requests.sandbox_photos import SCENES
from gateway.service_requests.services import services
from gateway.service_requests.wards import probable_ward, wards
from gateway.settings import Settings
from gateway.working_time import HANOI, is_working_day
from tests.gateway.conftest import HeadersFor, connect, equipped, on_sqlite

NOW = datetime(2026, 10, 14, 9, 41, tzinfo=HANOI)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "wards" / "hanoi_wards_0001.json"
MINH_ANH = "sandbox-nguyen-minh-anh"


async def reports_of(
    settings: Settings, database: Database, headers: dict[str, str]
) -> list[dict[str, object]]:
    """What one resident of a sandbox sees in the list."""
    async with connect(equipped(settings, database)) as client:
        answer = await client.get("/reports/mine", headers=headers)
        for item in answer.json():
            for photo in item["extended_attributes"]["media"]:
                shown = await client.get(photo["thumbnail_url"], headers=headers)
                assert shown.headers["content-type"] == "image/jpeg"
        found: list[dict[str, object]] = answer.json()
        return found


async def test_the_sandbox_starts_with_reports_in_every_state_once(
    settings: Settings, database: Database, headers_for: HeadersFor
) -> None:
    """A newcomer sees what becomes of a report, and a restart does not double it."""
    sandbox = replace(settings, sandbox=True, clock=lambda: NOW)
    await reports_of(sandbox, database, headers_for(MINH_ANH))
    found = await reports_of(sandbox, database, headers_for(MINH_ANH))
    codes = Counter(item["extended_attributes"]["status_code"] for item in found)  # type: ignore[index]
    assert codes == {"in_progress": 2, "needs_resident": 1, "transferred": 1, "done": 2}
    overdue = [
        item
        for item in found
        if item["status"] == "open" and datetime.fromisoformat(str(item["expected_datetime"])) < NOW
    ]
    assert [item["service_code"] for item in overdue] == ["waste"]
    assert await reports_of(sandbox, database, headers_for("sandbox-vu-khanh-linh")) == []


@on_sqlite
async def test_the_sandbox_shows_a_question_a_delay_and_a_result_to_judge(
    settings: Settings, database: Database, headers_for: HeadersFor
) -> None:
    """What a resident can do next is there to be tried: answer, wait, rate, open again."""
    sandbox = replace(settings, sandbox=True, clock=lambda: NOW)
    found = await reports_of(sandbox, database, headers_for(MINH_ANH))
    more: dict[str, Any] = {str(one["service_code"]): one["extended_attributes"] for one in found}
    assert (more["street-light"]["question"], more["street-light"]["acts"]) == (
        "Đèn ở cột số mấy?",
        ["answer"],
    )
    assert more["waste"]["overdue"] == {
        "working_days": 1,
        "reason": "Xe thu gom hỏng, đơn vị đang điều xe khác.",
    }
    assert more["waste"]["escalation"] == 1
    assert more["manhole"]["acts"] == ["reopen", "rate"]
    assert [one["stage"] for one in more["manhole"]["media"]] == ["before", "after"]
    assert more["tree"]["acts"] == ["rate"]
    assert more["pavement-encroachment"]["agency"]["name"] == "Ga Hà Nội"


@on_sqlite
async def test_the_sandbox_has_a_desk_with_work_on_it(
    settings: Settings, database: Database, headers_for: HeadersFor
) -> None:
    """Whoever signs in as the officer finds a queue: late, new, and one reported twice."""
    sandbox = replace(settings, sandbox=True, clock=lambda: NOW)
    quan = headers_for("sandbox-hoang-duc-quan", "reports desk", roles=("officer",))
    async with connect(equipped(sandbox, database)) as client:
        queue = (await client.get("/desk/queue", headers=quan)).json()
        assert [one["service_code"] for one in queue] == [
            "waste",
            "pothole",
            "pavement-encroachment",
            "pothole",
        ]
        assert queue[0]["extended_attributes"]["assigned"]["name"] == "Đặng Thu Hương"
        shown = await client.get(f"/desk/{queue[3]['service_request_id']}", headers=quan)
        reporter = shown.json()["extended_attributes"]["reporter"]
        assert reporter == {
            "name": "Phạm Quốc Bảo",
            "phone": "0900000004",
            "submitter": "resident",
        }
        city = headers_for("sandbox-ngo-van-hai", "reports desk", roles=("officer",))
        assert len((await client.get("/desk/queue", headers=city)).json()) == 7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_city_with_real_residents_gets_no_samples(settings: Settings, database: Database) -> None:
    """Synthetic reports among real ones would send people out for nothing."""
    service_requests.seed(settings, database)
    query = "SELECT count(*) FROM service_requests"
    assert database.run_here(lambda db: db.exec_driver_sql(query).scalar(), write=False) == 0


@pytest.mark.parametrize("day", range(1, 29))
def test_no_sample_happens_in_the_future_or_out_of_order(day: int) -> None:
    """The stories are told relative to today, whatever day that is."""
    now = datetime(2026, 10, day, 7, 5, tzinfo=HANOI)
    for sample in samples():
        moments = [moment_of(entry, now) for entry in [sample, *sample["updates"]]]
        assert moments == sorted(moments)
        assert moments[-1] <= now
        assert is_working_day(moments[0].date()) or moments[0] == now


def test_every_sample_names_things_that_exist() -> None:
    """A sample with a wrong code would stop the sandbox from starting."""
    for sample in samples():
        assert sample["service_code"] in services()
        assert sample["ward_code"] in wards()
        assert sample["updates"][-1]["status_code"] == sample["status_code"]
        assert {photo["name"] for photo in sample["photos"]} <= set(SCENES)
        assert all(photo["description"] for photo in sample["photos"])


def test_the_registers_are_written_in_one_form_of_unicode() -> None:
    """Names are compared and searched; two forms of one letter are two letters."""
    folder = Path(service_requests.__file__).parents[1] / "registers"
    for name in ("services.json", "wards.json", "service_requests_sandbox.json"):
        assert unicodedata.is_normalized("NFC", (folder / name).read_text(encoding="utf-8"))


def test_the_city_has_its_126_wards_and_communes() -> None:
    """51 phường and 75 xã since 1 July 2025."""
    kinds = Counter(ward.name.split()[0] for ward in wards().values())
    assert kinds == {"Phường": 51, "Xã": 75}
    assert wards()["00070"].agency == "UBND phường Hoàn Kiếm"
    assert wards()["00454"].agency == "UBND xã Đông Anh"


def test_every_wards_own_point_lies_in_it_and_in_the_city(settings_box: Settings) -> None:
    """The box refuses places outside the city and none inside."""
    for ward in wards().values():
        assert probable_ward(ward.lat, ward.long) == ward
        assert settings_box.bounding_box.holds(ward.lat, ward.long)


@pytest.fixture
def settings_box(tmp_path: Path) -> Settings:
    """Settings as they are without configuration."""
    return Settings(tmp_path)


@pytest.mark.skipif(not SHARED.exists(), reason="the boundary data is not on this machine")
def test_the_box_holds_the_whole_city(settings_box: Settings) -> None:
    """A resident at the edge of Sóc Sơn or Ba Vì can report too."""
    for unit in json.loads(SHARED.read_text(encoding="utf-8")):
        for ring in unit["p"]:
            assert all(settings_box.bounding_box.holds(lat, long) for long, lat in ring)
