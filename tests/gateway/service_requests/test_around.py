"""Reports around a place, alike, and followed: what everybody may see of them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.database import Database
from gateway.service_requests.places import cell_of, cells_around, metres_between
from gateway.service_requests.publicity import public_cell
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor
from tests.gateway.service_requests.reports import MINE, SENT, on_sqlite, send

HERE = {"lat": "21.030210", "long": "105.849620"}


async def test_reports_around_a_place_come_nearest_first_without_names(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Quanh đây works for a guest."""
    await send(gateway, headers, lat="21.0310", long="105.8500")
    await send(gateway, headers)
    await send(gateway, headers, lat="21.0900", long="105.8500")
    found = (await gateway.get("/reports/nearby", params=HERE)).json()
    assert [item["service_request_id"][-1] for item in found] == ["2", "1"]
    assert found[0]["distance_m"] == 0
    assert 80 < found[1]["distance_m"] < 110
    assert not found[0]["extended_attributes"]["mine"]
    assert "subject" not in str(found)


@on_sqlite
async def test_a_place_near_a_home_is_told_to_fifty_metres(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Distances from three places must not find the door."""
    await send(gateway, headers, service_code="urban-order", lat="21.0302101", long="105.8496203")
    [own] = (await gateway.get(MINE, headers=headers)).json()
    [seen] = (await gateway.get("/reports/nearby", params=HERE)).json()
    assert (own["lat"], own["long"]) == (21.0302101, 105.8496203)
    moved = metres_between(own["lat"], own["long"], seen["lat"], seen["long"])
    assert 0 < moved < 40
    told = metres_between(21.030210, 105.849620, seen["lat"], seen["long"])
    assert seen["distance_m"] == round(told)
    assert seen["address"] == "Phường Hoàn Kiếm"


@on_sqlite
async def test_what_was_taken_back_is_not_around_any_more(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A resident who withdraws a report withdraws it from the public too."""
    [made] = (await send(gateway, headers)).json()
    number = made["service_request_id"]
    assert (await gateway.get("/reports/nearby", params=HERE)).json()
    withdrawn = await gateway.post(f"/reports/{number}/withdraw", headers=headers, json={})
    assert withdrawn.status_code == 200
    assert (await gateway.get("/reports/nearby", params=HERE)).json() == []
    assert (await gateway.get(f"/open311/v2/requests/{number}.json")).status_code == 404


@on_sqlite
async def test_alike_is_near_open_and_of_the_same_service(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Forty metres for a pothole: the next one down the street is another."""
    await send(gateway, headers)
    await send(gateway, headers, lat="21.0310", long="105.8500")
    await send(gateway, headers, service_code="waste")
    found = (
        await gateway.get("/reports/similar", params={**HERE, "service_code": "pothole"})
    ).json()
    assert [item["service_request_id"] for item in found] == ["HN-2610-00001"]
    assert found[0]["age_days"] == 0
    refused = await gateway.get("/reports/similar", params={**HERE, "service_code": "dragons"})
    assert refused.status_code == 422


async def test_a_followed_report_is_on_the_list_until_it_is_not(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Following twice is following once; one's own is followed anyway."""
    mine, other = headers_for(RESIDENT), headers_for(STRANGER)
    [made] = (await send(gateway, mine)).json()
    place = f"/reports/{made['service_request_id']}/follow"
    for _ in range(2):
        assert (await gateway.put(place, headers=other)).status_code == 204
    [followed] = (await gateway.get("/reports/followed", headers=other)).json()
    assert followed["extended_attributes"]["following"]
    assert followed["extended_attributes"]["followers"] == 1
    assert (await gateway.put(place, headers=mine)).status_code == 409
    for _ in range(2):
        assert (await gateway.delete(place, headers=other)).status_code == 204
    assert (await gateway.get("/reports/followed", headers=other)).json() == []
    assert (await gateway.put("/reports/HN-2610-99999/follow", headers=other)).status_code == 404


LATITUDES = st.floats(20.6, 21.3)
LONGITUDES = st.floats(105.3, 106.0)


@given(LATITUDES, LONGITUDES, st.floats(-0.03, 0.03), st.floats(-0.03, 0.03), st.floats(50, 5000))
def test_every_point_inside_a_circle_lies_in_one_of_its_cells(
    lat: float, long: float, north: float, east: float, radius: float
) -> None:
    """A cell too few would hide a report from those who stand beside it."""
    other = lat + north, long + east
    if metres_between(lat, long, *other) <= radius:
        assert cell_of(*other) in set(cells_around(lat, long, radius))


@given(LATITUDES, LONGITUDES)
def test_the_cell_of_a_home_follows_from_what_everybody_sees(lat: float, long: float) -> None:
    """A cell of the exact place would tell on which side of a line it lies."""
    step = 50 / 111_200
    assert public_cell("urban-order", lat, long) == public_cell(
        "urban-order", round(lat / step) * step, long
    )


@on_sqlite
async def test_old_reports_leave_the_map(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    """Ninety days, as the standard's lists have it."""
    from sqlalchemy import update

    from gateway.service_requests.tables import service_requests

    await send(gateway, headers)
    old = update(service_requests).values(requested_datetime=SENT - timedelta(days=91))
    await database.run(lambda db: db.execute(old))
    assert (await gateway.get("/reports/nearby", params=HERE)).json() == []


@pytest.mark.parametrize("query", [{"lat": "nan"}, {"radius": "6000"}, {"lat": "91"}, {"long": ""}])
@on_sqlite
async def test_a_place_nobody_can_stand_at_is_refused(
    gateway: httpx.AsyncClient, query: dict[str, str]
) -> None:
    """A wrong question gets a word, not an empty city."""
    answer = await gateway.get("/reports/nearby", params={**HERE, **query})
    assert answer.status_code == 422
