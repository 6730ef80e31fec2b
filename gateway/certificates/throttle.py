"""How often one address may check certificates: guessing a code or five fields takes for ever."""

from __future__ import annotations

import ipaddress
import re
from math import ceil
from time import time

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from gateway.problems import Problem

_FOR = re.compile(r'for="?\[?([0-9A-Fa-f.:]{2,45})\]?"?', re.IGNORECASE)
MISSES = parse("100 per hour")
"""Wrong codes, fields and links of one address, beside the limit on all its checks."""


class Throttle:
    """Counts in this process's memory; a city with several processes multiplies the limit."""

    def __init__(self, per_minute: int, relays: frozenset[str] = frozenset()) -> None:
        self._relays = relays
        self._every = RateLimitItemPerMinute(per_minute)
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def hold_back(self, request: Request) -> None:
        """Count a check. Raises a 429 `Problem` with Retry-After when there were too many."""
        who = origin(request, self._relays)
        if not self._counted.test(MISSES, who, "miss"):
            raise self._too_many(MISSES, who, "miss")
        if not self._counted.hit(self._every, who, "check"):
            raise self._too_many(self._every, who, "check")

    def missed(self, request: Request) -> None:
        """Count a check that found nothing."""
        self._counted.hit(MISSES, origin(request, self._relays), "miss")

    def _too_many(self, limit: RateLimitItem, who: str, kind: str) -> Problem:
        until = self._counted.get_window_stats(limit, who, kind).reset_time
        headers = {"Retry-After": str(max(1, ceil(until - time())))}
        return Problem(429, "too-many-checks", "Too many checks", headers=headers)


def origin(request: Request, relays: frozenset[str] = frozenset()) -> str:
    """The caller's address; of IPv6 the half that one household has.

    The web host asks for residents who would all share its address: what it says of them in
    `Forwarded: for=` (RFC 7239) counts, and of nobody who is not among `relays`.
    """
    host = request.client.host if request.client else ""
    if host in relays and (told := _FOR.match(request.headers.get("forwarded", ""))):
        host = told[1]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
