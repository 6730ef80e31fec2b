"""Hà Nội's wards, as people type them and as places fall into them."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from services.wards import Wards, distance, fold, spelled

ASSETS = Path(__file__).parents[2] / "assets" / "wards.json"
BOUNDARIES = Path(__file__).parents[3] / "shared/data/wards/hanoi_wards_0001.json"
WARDS = Wards.load(ASSETS)


def test_the_city_has_its_126_units() -> None:
    """51 phường and 75 xã since 1 July 2025."""
    kinds = [ward.kind for ward in WARDS.all]
    assert (kinds.count("Phường"), kinds.count("Xã")) == (51, 75)
    assert len({ward.code for ward in WARDS.all}) == 126
    assert all(unicodedata.is_normalized("NFC", ward.full_name) for ward in WARDS.all)
    assert all(ward.area_km2 > 0 for ward in WARDS.all)


def test_a_code_leads_to_its_ward() -> None:
    """The record keeps the code, the screen shows the name."""
    ward = WARDS.find("00070")
    assert ward is not None
    assert (ward.full_name, ward.name) == ("Phường Hoàn Kiếm", "Hoàn Kiếm")
    assert WARDS.find("99999") is None


@pytest.mark.parametrize(
    "typed",
    [
        "Hoàn Kiếm",
        "hoan kiem",
        "HOÀN KIẾM",
        "kiếm",
        "phuong hoan kiem",
        "  Hoàn  Kiếm ",
        "kiem hoan",
    ],
)
def test_a_ward_is_found_as_people_type_it(typed: str) -> None:
    """Without marks, in capitals, in part."""
    assert "00070" in [ward.code for ward in WARDS.search(typed)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["Yên Hòa", "Yên Hoà", "yen hoa"])
def test_the_tone_may_stand_on_either_vowel(typed: str, form: str) -> None:
    """hòa and hoà are one word; keyboards send composed and decomposed letters."""
    found = WARDS.search(unicodedata.normalize(form, typed))  # type: ignore[arg-type]
    assert fold(found[0].name) == "yen hoa"


def test_both_letters_d_are_found_for_each_other() -> None:
    """Đống Đa is typed dong da."""
    assert WARDS.search("dong da")[0].name == "Đống Đa"
    assert WARDS.search("ĐỐNG ĐA")[0].name == "Đống Đa"


def test_what_was_typed_with_marks_comes_first() -> None:
    """Who took the trouble to write "Sơn" does not mean "Son"."""
    for ward in WARDS.all:
        assert WARDS.search(ward.full_name)[0] == ward, ward
        assert WARDS.search(ward.name)[0].name == ward.name, ward


def test_nothing_typed_finds_all_and_nonsense_finds_none() -> None:
    """The list is there before the first letter."""
    assert len(WARDS.search("")) == 126
    assert WARDS.search("Thủ Đức") == []


def test_spelling_keeps_marks_that_are_not_tones() -> None:
    """ô is another letter than o, ò is not."""
    assert spelled("Hoà") == spelled("hòa")
    assert spelled("hoa") != spelled("hòa")
    assert spelled("hô") != spelled("ho")


def test_the_middle_of_a_ward_is_in_that_ward() -> None:
    """The simplest place there is."""
    for ward in WARDS.all:
        nearest = WARDS.nearest(ward.lat, ward.long)
        assert nearest[0].ward == ward
        assert nearest[0].distance == 0
        assert len(nearest) == 3
        assert WARDS.inside_city(ward.lat, ward.long)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    """Metres are shown to people."""
    assert round(distance(21, 105.8, 22, 105.8) / 1000) == 111
    assert round(distance(21, 105, 21, 106) / 1000) == 104
    assert distance(21, 105, 21, 105) == 0


@pytest.mark.parametrize(
    ("name", "lat", "long", "inside"),
    [
        ("Hồ Gươm", 21.0287, 105.8524, True),
        ("Nội Bài", 21.2187, 105.8042, True),
        ("Ba Vì", 21.0811, 105.3625, True),
        ("Hải Phòng", 20.8449, 106.6881, False),
        ("Hồ Chí Minh", 10.7769, 106.7009, False),
        ("Vĩnh Yên", 21.3089, 105.6049, False),
        ("sea", 0, 0, False),
    ],
)
def test_places_outside_the_city_are_told_apart(
    name: str, lat: float, long: float, inside: bool
) -> None:
    """A report from Hải Phòng would reach nobody."""
    assert WARDS.inside_city(lat, long) is inside, name


@pytest.mark.skipif(not BOUNDARIES.exists(), reason="the boundaries are not ours to ship")
def test_the_right_ward_is_among_the_three_offered() -> None:
    """Against the true boundaries: a resident nearly always sees their own ward first."""
    units = json.loads(BOUNDARIES.read_text(encoding="utf-8"))
    first = among = places = 0
    for unit in units:
        ring = max(unit["p"], key=len)
        for long, lat in _inside(ring):
            codes = [near.ward.code for near in WARDS.nearest(lat, long)]
            places += 1
            first += codes[0] == unit["c"]
            among += unit["c"] in codes
            assert WARDS.inside_city(lat, long)
    assert places > 500
    assert first / places > 0.75
    assert among / places > 0.96


def _inside(ring: list[list[float]]) -> list[tuple[float, float]]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    steps = [(n + 0.5) / 4 for n in range(4)]
    places = [
        (min(xs) + (max(xs) - min(xs)) * a, min(ys) + (max(ys) - min(ys)) * b)
        for a in steps
        for b in steps
    ]
    return [place for place in places if _holds(ring, *place)]


def _holds(ring: list[list[float]], x: float, y: float) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1
