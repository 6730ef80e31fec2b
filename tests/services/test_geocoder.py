"""Looking addresses up: politely, without saying who asks, and not at all by default."""

from __future__ import annotations

import httpx
import pytest

from services.errors import GatewayUnavailable, NotFound, Offline
from services.geocoder import Geocoder, Turnstile
from tests.services.twins import Handler, Time

FOUND = {
    "lat": "21.0301",
    "lon": "105.8502",
    "display_name": "28, Phố Hàng Trống, Hoàn Kiếm, Hà Nội",
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
}


class House:
    """A geocoder over a twin, and the seconds that were waited."""

    def __init__(
        self, handler: Handler | None = None, address: str = "https://geo.example/"
    ) -> None:
        self.time = Time()
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []
        self.handler = handler or (lambda _: httpx.Response(200, json=[FOUND]))
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        clock = self.time.clock()
        self.geocoder = Geocoder(address, http, clock, Turnstile(clock, self.wait))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.handler(request)

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time.now += seconds


async def test_a_typed_address_is_found_in_the_city() -> None:
    """With the name of whose map it is."""
    house = House()
    (place,) = await house.geocoder.search("  28   Hàng Trống ")
    assert (place.lat, place.long) == (21.0301, 105.8502)
    assert "OpenStreetMap" in place.attribution
    (request,) = house.asked
    assert request.url.path == "/search"
    params = dict(request.url.params)
    assert params["q"] == "28 Hàng Trống"
    assert (params["format"], params["bounded"], params["limit"]) == ("jsonv2", "1", "5")
    assert "iHaNoi" in request.headers["User-Agent"]
    assert "Authorization" not in request.headers
    assert "Cookie" not in request.headers


async def test_nothing_is_asked_twice_and_never_two_in_a_second() -> None:
    """The terms of the public service, kept for any."""
    house = House()
    await house.geocoder.search("Hàng Trống")
    await house.geocoder.search("Hàng  Trống")
    assert len(house.asked) == 1
    await house.geocoder.search("Hàng Bông")
    assert house.waited == [1.0]
    house.time.now += 5
    await house.geocoder.search("Hàng Gai")
    assert house.waited == [1.0]


async def test_only_so_much_is_remembered() -> None:
    """A session that looks up a thousand addresses does not keep them all."""
    house = House()
    for number in range(101):
        await house.geocoder.search(f"Ngõ {number}")
    await house.geocoder.search("Ngõ 100")
    assert len(house.asked) == 101
    await house.geocoder.search("Ngõ 0")
    assert len(house.asked) == 102


async def test_a_place_gets_its_address() -> None:
    """Rounded to ten metres: a pin that is nudged asks nothing new."""
    house = House(lambda _: httpx.Response(200, json=FOUND))
    place = await house.geocoder.reverse(21.03012, 105.85021)
    assert place.address.startswith("28, Phố Hàng Trống")
    await house.geocoder.reverse(21.03014, 105.85019)
    (request,) = house.asked
    assert request.url.params["lat"] == "21.0301"


async def test_without_an_address_in_the_profile_nothing_is_asked() -> None:
    """None by default: the ward list and a landmark serve."""
    house = House(address="")
    assert not house.geocoder.available
    assert await house.geocoder.search("Hàng Trống") == []
    with pytest.raises(NotFound):
        await house.geocoder.reverse(21.0, 105.8)
    assert house.asked == []


@pytest.mark.parametrize("body", [{"error": "Unable to geocode"}, {**FOUND, "lat": "north"}, []])
async def test_a_place_without_an_address_is_not_found(body: object) -> None:
    """The middle of a lake."""
    with pytest.raises(NotFound):
        await House(lambda _: httpx.Response(200, json=body)).geocoder.reverse(21.0, 105.8)


async def test_a_geocoder_that_is_busy_says_when() -> None:
    """And what was not found is not remembered as found."""
    house = House(lambda _: httpx.Response(429, headers={"Retry-After": "7"}))
    with pytest.raises(GatewayUnavailable) as caught:
        await house.geocoder.search("Hàng Trống")
    assert (caught.value.code, caught.value.retry_after) == ("geocoder_unavailable", 7.0)
    house.handler = lambda _: httpx.Response(200, json=[FOUND])
    assert await house.geocoder.search("Hàng Trống")


async def test_a_geocoder_out_of_reach_is_offline() -> None:
    """The resident goes on with the ward list."""

    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("cut", request=request)

    with pytest.raises(Offline):
        await House(cut).geocoder.search("Hàng Trống")
