"""What changes elsewhere, as it happens: one request that the gateway holds until there is news."""

from __future__ import annotations

from dataclasses import dataclass

from services.client import GatewayClient
from services.errors import NotFound
from services.reading import count, one_object, texts, words

HOLD = 75
"""Seconds for which the gateway is asked to hold an answer: under one idle request a minute."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since the last cursor: which reports, and how many notices are unread."""

    cursor: str
    service_request_ids: tuple[str, ...] = ()
    unread: int = 0


class Live:
    """Long polling. `extended` is False for a plain GeoReport city, which has none."""

    def __init__(self, gateway: GatewayClient, *, extended: bool) -> None:
        self.extended = extended
        self._gateway = gateway

    async def wait(self, cursor: str = "", seconds: int = HOLD) -> Changes:
        """Return what changed after `cursor`, or the same cursor when the time is over.

        Without a cursor it answers at once. Raises Offline, GatewayUnavailable, SignInRequired.
        """
        if not self.extended:
            raise NotFound
        answer = await self._gateway.fetch(
            "/reports/changes",
            query={"since": cursor or None, "wait": seconds if cursor else 0},
            patience=float(seconds),
            retry=False,
        )
        body = one_object(answer.json())
        return Changes(
            words(body, "cursor") or cursor,
            texts(body.get("service_request_ids")),
            count(body, "unread") or 0,
        )
