"""Ward boundaries from a configured file: which ward a pin lies in, and where the city ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.boundaries import Boundaries, BoundarySource
from services.wards import Wards
from tests.services.twins import Time

ASSETS = Path(__file__).parents[2] / "assets"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "wards" / "hanoi_wards_0001.json"
HOAN_KIEM, BA_DINH = "00070", "00004"


def square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"ma_xa": code}, "geometry": geometry, **more}


CITY = {
    "type": "FeatureCollection",
    "features": [
        feature(HOAN_KIEM, "Polygon", [square(105.8, 21.0, 0.1), square(105.84, 21.04, 0.02)]),
        feature(
            BA_DINH,
            "MultiPolygon",
            [[square(105.9, 21.0, 0.1)], [square(105.84, 21.04, 0.02)]],
        ),
    ],
}


@pytest.fixture
def wards() -> Wards:
    return Wards.load(ASSETS / "wards.json")


def source(where: str, folder: Path, answer: httpx.Response | None = None) -> BoundarySource:
    def handle(request: httpx.Request) -> httpx.Response:
        if answer is None:
            raise httpx.ConnectError("cut", request=request)
        return httpx.Response(answer.status_code, content=answer.content)

    http = httpx.AsyncClient(transport=httpx.MockTransport(handle))
    return BoundarySource(where, http, Time().clock(), folder / "kept.json")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps(CITY))
    return path


@pytest.mark.parametrize(
    ("lat", "long", "code"),
    [
        (21.02, 105.82, HOAN_KIEM),
        (21.05, 105.85, BA_DINH),
        (21.02, 105.95, BA_DINH),
        (21.02, 105.70, None),
        (21.20, 105.85, None),
    ],
)
async def test_a_place_lies_in_the_ward_around_it(
    wards: Wards, file: Path, lat: float, long: float, code: str | None
) -> None:
    """A part of one ward inside another is not the other's."""
    found = await wards.bounded_by(source(str(file), file.parent)).locate(lat, long)
    assert (found.ward.code if found.ward else None) == code
    assert found.inside_city == (code is not None)
    assert found.exact
    assert len(found.nearest) == 3


async def test_a_gap_between_simplified_boundaries_is_still_the_city(
    wards: Wards, file: Path
) -> None:
    """Two metres of nowhere must not send a resident to another province."""
    found = await wards.bounded_by(source(str(file), file.parent)).locate(21.1005, 105.85)
    assert found.ward is None
    assert found.inside_city


async def test_without_boundaries_three_are_offered(wards: Wards) -> None:
    """And whether it is in the city is said roughly."""
    found = await wards.locate(21.0285, 105.8542)
    assert (found.ward, found.exact, found.inside_city) == (None, False, True)
    assert HOAN_KIEM in [one.ward.code for one in found.nearest]
    assert not (await wards.locate(10.77, 106.70)).inside_city


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b'{"features": [{"geometry": null}]}',
        b'[{"c": "1", "p": [[[105, 21]]]}]',
        b'[{"c": "", "p": [[[105, 21], [106, 21], [106, 22]]]}]',
        b'[{"c": "1", "p": [[[105, 21], [106, 21], [999, 22]]]}]',
        b'{"features": [{"geometry": {"type": "Point", "coordinates": [105, 21]}, "id": "1"}]}',
    ],
)
async def test_a_file_that_is_none_leaves_the_guess(
    wards: Wards, content: bytes, tmp_path: Path
) -> None:
    """A wrong file must not take the reporting away."""
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's and ours
        Boundaries.read(content)
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    for where in (str(path), str(tmp_path / "absent.json")):
        found = await wards.bounded_by(source(where, tmp_path)).locate(21.0285, 105.8542)
        assert not found.exact


async def test_an_address_is_asked_once_and_its_answer_kept(wards: Wards, tmp_path: Path) -> None:
    """The next start needs no network for it."""
    answer = httpx.Response(200, content=json.dumps(CITY).encode())
    for found in (answer, None, httpx.Response(200, content=b"<html>"), httpx.Response(503)):
        bounded = wards.bounded_by(source("https://city.example/wards", tmp_path, found))
        assert (await bounded.locate(21.02, 105.82)).exact
    empty = tmp_path / "empty"
    empty.mkdir()
    bounded = wards.bounded_by(source("https://city.example/wards", empty, None))
    assert not (await bounded.locate(21.02, 105.82)).exact


@pytest.mark.skipif(not SAMPLE.exists(), reason="the boundaries lie beside the project, not in it")
async def test_every_unit_of_the_city_is_found_by_its_middle(wards: Wards) -> None:
    """The sample's outlines against the shipped list: at least nine of ten middles lie inside."""
    boundaries = Boundaries.read(SAMPLE.read_bytes())
    assert {area.code for area in boundaries.areas} == {ward.code for ward in wards.all}
    right = [boundaries.code_at(ward.lat, ward.long) == ward.code for ward in wards.all]
    assert sum(right) >= 0.9 * len(right)
    assert boundaries.code_at(10.77, 106.70) is None
    assert not boundaries.near(10.77, 106.70)
