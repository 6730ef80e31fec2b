"""Questions nobody asks in earnest: each is answered, none brings anything down."""

from __future__ import annotations

import httpx
import pytest

from tests.gateway.conftest import make_headers
from tests.gateway.service_requests.reports import on_sqlite

V2 = "/open311/v2"


def resident() -> dict[str, str]:
    """The headers of a resident; made when used, for a token lives five minutes."""
    return make_headers("test-minh-anh", "reports")


@pytest.mark.parametrize(
    "path", [f"{V2}/requests/HN-2610-00001%00.json", f"{V2}/tokens/a%00b.json", "/media/a%00.jpg"]
)
async def test_a_zero_byte_in_an_address_finds_nothing(
    gateway: httpx.AsyncClient, path: str
) -> None:
    """PostgreSQL cannot even look for one."""
    assert (await gateway.get(path, headers=resident())).status_code == 404


async def test_a_zero_byte_is_followed_no_longer(gateway: httpx.AsyncClient) -> None:
    """The same, where something is written."""
    gone = await gateway.delete("/reports/a%00/follow", headers=resident())
    assert gone.status_code == 204


@on_sqlite
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"end_date": "0001-01-01T00:00:00Z"}, "end_date"),
        ({"start_date": "9999-12-31T00:00:00Z"}, "start_date"),
        (
            {"start_date": "0001-01-01T00:00:00+07:00", "end_date": "2026-01-02T00:00:00Z"},
            "start_date",
        ),
    ],
)
async def test_a_date_at_the_end_of_the_calendar_is_refused(
    gateway: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    """Ninety days before the first day there is none."""
    answer = await gateway.get(f"{V2}/requests.json", params=query, headers={"Accept": "*/*"})
    assert answer.status_code == 400
    assert answer.json() == [{"code": 400, "description": f"{field}: out_of_range"}]


@on_sqlite
@pytest.mark.parametrize("lat", ["90", "89.99999", "-89", "85", "75"])
async def test_nothing_is_near_the_poles(gateway: httpx.AsyncClient, lat: str) -> None:
    """A circle there touches cells without end: one guest's question must not fill the memory."""
    query = {"lat": lat, "long": "105", "radius": "5000"}
    answer = await gateway.get("/reports/nearby", params=query)
    assert (answer.status_code, answer.json()) == (200, [])


@on_sqlite
async def test_a_form_too_large_is_refused_as_the_standard_has_it(
    gateway: httpx.AsyncClient,
) -> None:
    """Other cities' clients read no problem documents, whoever refuses."""
    headers = {"Content-Length": str(10**12), "Accept": "*/*"}
    answer = await gateway.post(f"{V2}/requests.json", headers=headers, content=b"")
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)
