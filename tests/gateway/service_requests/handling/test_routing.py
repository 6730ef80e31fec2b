"""Who handles a report: the register of agencies, its dates, and a city's own file."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.service_requests import agencies as module
from gateway.service_requests import reasons as reasons_module
from gateway.service_requests.agencies import KINDS, agencies
from gateway.service_requests.officers import officers
from gateway.service_requests.reasons import reasons
from gateway.service_requests.services import services
from gateway.service_requests.wards import wards
from gateway.settings import Settings
from gateway.working_time import HANOI
from tests.gateway.service_requests.handling.city import City, as_officer

NOW = datetime(2026, 10, 12, 9, 12, tzinfo=HANOI)


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """An installation without files of its own."""
    return Settings(tmp_path, sandbox=False)


def own_register(settings: Settings, **changes: Any) -> None:
    """Give the installation a register of its own: ours with some parts changed."""
    found = json.loads(module._OURS.read_text(encoding="utf-8")) | changes
    file = settings.data_folder / "registers" / "agencies.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(found), encoding="utf-8")
    before = file.stat().st_mtime_ns
    os.utime(file, ns=(before + 1, before + 1))


@pytest.mark.parametrize(
    ("service", "ward", "agency"),
    [
        ("pothole", "00070", "UBND phường Hoàn Kiếm"),
        ("waste", "00454", "UBND xã Đông Anh"),
        ("street-light", "00070", "Đơn vị chiếu sáng đô thị"),
        ("manhole", "00454", "Đơn vị thoát nước đô thị"),
        ("tree", "00070", "Đơn vị công viên, cây xanh"),
        ("traffic-signal", "00070", "Sở Xây dựng"),
        ("illegal-parking", "00070", "Công an phường Hoàn Kiếm"),
        ("security", "00454", "Công an xã Đông Anh"),
    ],
)
def test_a_report_goes_to_commune_department_utility_or_police(
    bare: Settings, service: str, ward: str, agency: str
) -> None:
    """By what it is about and where."""
    assert agencies(bare).route(service, ward, NOW).name == agency


def test_every_service_in_every_ward_has_an_agency_that_stands(bare: Settings) -> None:
    """A report without one would be nobody's."""
    register = agencies(bare)
    for service in services():
        for ward in wards():
            assert register.find(register.route(service, ward, NOW).code, NOW) is not None
    assert {agency.kind for agency in register.entries} == set(KINDS)


def test_every_agency_has_a_next_level_up_to_the_city(bare: Settings) -> None:
    """An overdue report is told upwards; a broken chain would end in silence."""
    register = agencies(bare)
    for agency in register.standing(NOW):
        assert register.above(agency.code, NOW, 5).code == "city-office"
    assert register.above("ward-00070", NOW, 1).code == "city-desk"
    assert register.above("lighting", NOW, 1).code == "construction-department"


def test_before_an_agency_stood_the_citys_desk_takes_the_report(bare: Settings) -> None:
    """Codes are reused when units change, so an entry counts for its dates alone."""
    before = datetime(2025, 6, 30, 12, tzinfo=HANOI)
    assert agencies(bare).route("pothole", "00070", before).code == "city-desk"
    assert agencies(bare).find("ward-00070", before) is None


def test_an_agency_that_has_ended_leads_to_its_successor_or_to_the_city(bare: Settings) -> None:
    """A reorganisation is written down ahead, with its date, and needs no deployment."""
    old = {"code": "lighting", "name": "Đơn vị cũ", "kind": "utility", "parent": "city-desk"}
    desk = {
        "code": "city-desk",
        "name": "Tổ",
        "kind": "city",
        "parent": "",
        "valid_from": "2025-07-01",
    }
    new_one = {**old, "name": "Đơn vị mới", "valid_from": "2026-10-13"}
    old_one = {**old, "valid_from": "2025-07-01", "valid_until": "2026-10-12"}
    own_register(bare, agencies=[desk, old_one, new_one])
    register = agencies(bare)
    assert register.route("street-light", "00070", NOW).name == "Đơn vị cũ"
    assert register.route("street-light", "00070", NOW.replace(day=13)).name == "Đơn vị mới"
    own_register(bare, agencies=[desk, old_one])
    later = agencies(bare).route("street-light", "00070", NOW.replace(day=13))
    assert later.name == "UBND phường Hoàn Kiếm"
    rule = {"service_codes": ["pothole"], "to": "nobody", "valid_from": "2025-07-01"}
    own_register(bare, routing=[rule])
    assert agencies(bare).route("pothole", "00070", NOW).code == "city-desk"
    assert agencies(bare).route("waste", "00070", NOW).code == "city-desk"


def test_a_rule_can_be_for_some_wards_alone(bare: Settings) -> None:
    """The old quarter has a utility of its own, say."""
    rules = [
        {"service_codes": ["*"], "wards": ["00070"], "to": "greenery", "valid_from": "2025-07-01"},
        {"service_codes": ["*"], "to": "commune", "valid_from": "2025-07-01"},
    ]
    own_register(bare, routing=rules)
    assert agencies(bare).route("pothole", "00070", NOW).code == "greenery"
    assert agencies(bare).route("pothole", "00082", NOW).code == "ward-00082"


@pytest.mark.parametrize(
    "changes",
    [
        {"fallback": "nobody"},
        {
            "agencies": [
                {"code": "a", "name": "A", "kind": "club", "parent": "", "valid_from": "2025-07-01"}
            ]
        },
    ],
)
def test_a_register_that_makes_no_sense_is_refused(bare: Settings, changes: dict[str, Any]) -> None:
    """Better no start than reports that go nowhere."""
    own_register(bare, **changes)
    with pytest.raises(ValueError, match=r"agencies\.json"):
        agencies(bare)


def test_every_reason_says_what_it_is_and_how_to_object(bare: Settings) -> None:
    """A refusal without a way to object is the end of the talk."""
    known = reasons(bare)
    assert all(reason.text and reason.objection for reason in known.reject)
    assert all(reason.text for reason in known.transfer)
    codes = [reason.code for reason in (*known.reject, *known.transfer)]
    assert len(set(codes)) == len(codes)
    own = bare.data_folder / "registers" / "reasons.json"
    own.parent.mkdir()
    one = {"code": "a", "text": "A", "objection": "B"}
    own.write_text(json.dumps({"reject": [one], "transfer": []}), encoding="utf-8")
    assert [reason.code for reason in reasons(bare).reject] == ["a"]
    assert reasons_module._OURS.exists()


def test_the_sandbox_has_its_own_officers_and_a_city_its_list(bare: Settings) -> None:
    """One file seeds the sandbox; a real city's officers are on the city's list alone."""
    assert officers(bare) == {}
    found = officers(replace(bare, sandbox=True))
    assert found["sandbox-hoang-duc-quan"].agency_code == "ward-00070"
    assert found["sandbox-ngo-van-hai"].agency_code == "city-desk"
    assert "sandbox" not in repr(found["sandbox-ngo-van-hai"])


async def test_an_officer_whose_agency_has_ended_has_no_desk(
    city: City, settings: Settings
) -> None:
    """The list of officers may be older than the register."""
    gone = {
        "code": "ward-00070",
        "name": "UBND phường Hoàn Kiếm",
        "kind": "commune",
        "parent": "city-desk",
        "valid_from": "2025-07-01",
        "valid_until": "2026-10-11",
    }
    ours = json.loads(module._OURS.read_text(encoding="utf-8"))["agencies"]
    own_register(settings, agencies=[*ours, gone])
    answer = await city.client.get("/desk", headers=as_officer())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-agency")
