"""Addresses and places by a Nominatim-compatible geocoder that the profile names; none by default."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.answers import retry_after
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound
from services.reading import degrees, mapping, objects, words
from services.transport import CALL, exchange

AGENT = "iHaNoi-open/1 (+Nominatim adapter)"
PAUSE = 1.0
"""Seconds between two requests of the whole process, as Nominatim's terms ask."""
REMEMBERED = 100
FOUND = 5
AROUND = "105.28,20.53,106.02,21.39"
"""Hà Nội's box as west,south,east,north: what is looked for is there."""
ATTRIBUTION = "© OpenStreetMap"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One address with its place in WGS 84 degrees, and whom to name beside it."""

    address: str = field(repr=False)
    lat: float = field(repr=False)
    long: float = field(repr=False)
    attribution: str = ATTRIBUTION


class Turnstile:
    """Lets one request through a second; one for a process."""

    def __init__(
        self, clock: ServerClock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free = 0.0

    async def enter(self) -> None:
        """Wait for one's turn."""
        now = self._clock.steady()
        turn = max(now, self._free)
        self._free = turn + PAUSE
        if turn > now:
            await self._sleep(turn - now)


class Geocoder:
    """Looks addresses up; without a configured one `available` is False and it finds nothing.

    What was found is remembered for this session. It never sees who asks: no token is sent.
    """

    def __init__(
        self, address: str, http: httpx.AsyncClient, clock: ServerClock, turnstile: Turnstile
    ) -> None:
        self._address = address.rstrip("/")
        self._http = http
        self._clock = clock
        self._turnstile = turnstile
        self._remembered: OrderedDict[tuple[str, ...], Any] = OrderedDict()

    @property
    def available(self) -> bool:
        """Whether the profile names a geocoder."""
        return bool(self._address)

    async def search(self, text: str, language: str = "vi") -> list[FoundPlace]:
        """Return up to five places for a typed address, the best first.

        Raises Offline or GatewayUnavailable(`geocoder_unavailable`).
        """
        typed = " ".join(text.split())
        if not (self.available and typed):
            return []
        query = {
            "q": typed,
            "limit": str(FOUND),
            "viewbox": AROUND,
            "bounded": "1",
            "countrycodes": "vn",
        }
        found = objects(await self._ask("search", query | {"accept-language": language}))
        return [place for item in found if (place := _place(item))]

    async def reverse(self, lat: float, long: float, language: str = "vi") -> FoundPlace:
        """Return the address of a place; NotFound where there is none."""
        if not self.available:
            raise NotFound
        # Ten metres: a pin that is nudged does not ask again.
        query = {"lat": f"{lat:.4f}", "lon": f"{long:.4f}", "zoom": "18"}
        found = _place(mapping(await self._ask("reverse", query | {"accept-language": language})))
        if found is None:
            raise NotFound
        return found

    async def _ask(self, what: str, query: Mapping[str, str]) -> Any:
        key = (what, *query.values())
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        await self._turnstile.enter()
        request = httpx.Request(
            "GET",
            httpx.URL(f"{self._address}/{what}").copy_merge_params({**query, "format": "jsonv2"}),
            headers={"Accept": "application/json", "User-Agent": AGENT},
            extensions={"timeout": CALL.as_dict()},
        )
        answer = await exchange(self._http, request, self._clock)
        if answer.status != 200:
            pause = retry_after(answer.headers.get("retry-after"), self._clock.now())
            raise GatewayUnavailable(
                "geocoder_unavailable", retry_after=pause, status=answer.status
            )
        self._remembered[key] = answer.json()
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return self._remembered[key]


def _place(item: Mapping[str, Any]) -> FoundPlace | None:
    lat, long = degrees(item.get("lat"), 90), degrees(item.get("lon"), 180)
    address = words(item, "display_name")
    if lat is None or long is None or not address:
        return None
    return FoundPlace(address, lat, long, words(item, "licence") or ATTRIBUTION)
