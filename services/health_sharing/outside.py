"""Asking an address that a stranger's code names, and nothing of our own network.

On the web this runs on a server: a code must not make it call its neighbours (server-side request
forgery). Only https to public addresses is asked, each name looked up once and that address used.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from services.answers import Answer
from services.clock import ServerClock
from services.errors import NotPermitted, Offline
from services.transport import CALL, exchange

Resolve = Callable[[str], Awaitable[list[str]]]


async def addresses_of(host: str) -> list[str]:
    """Every IP address of a host. Raises Offline when the name is not known."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise Offline(sent=False) from None
    return [str(entry[4][0]) for entry in found]


class Outside:
    """Requests to other people's servers; redirects are not followed, no token is sent."""

    def __init__(
        self, http: httpx.AsyncClient, clock: ServerClock, resolve: Resolve = addresses_of
    ) -> None:
        self._http, self._clock, self._resolve = http, clock, resolve

    async def get(self, url: str, **query: str) -> Answer:
        """The answer to a GET, whatever its status."""
        return await self._ask("GET", url, query, None)

    async def post(self, url: str, body: Any) -> Answer:
        """The answer to a POST of JSON, whatever its status."""
        return await self._ask("POST", url, {}, body)

    async def _ask(self, method: str, url: str, query: dict[str, str], body: Any) -> Answer:
        """Raises NotPermitted(`outside_refused`), Offline, GatewayUnavailable."""
        address = _checked(url).copy_merge_params(query)
        numbers = await self._resolve(address.host)
        if not numbers or not all(map(_public, numbers)):
            raise NotPermitted("outside_refused")
        request = httpx.Request(
            method,
            address.copy_with(host=numbers[0]),
            json=body,
            headers={"Host": address.netloc.decode(), "Accept": "application/json, */*"},
            extensions={"timeout": CALL.as_dict(), "sni_hostname": address.host},
        )
        return await exchange(self._http, request, self._clock)


def _checked(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise NotPermitted("outside_refused") from None
    named = address.scheme == "https" and address.host and not address.userinfo
    if not named or address.port not in (None, 443):
        raise NotPermitted("outside_refused")
    return address


def _public(number: str) -> bool:
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return all(one.is_global and not one.is_multicast for one in (address, mapped) if one)
