"""Where the resident is signed in, as the gateway has seen it, and ending that."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.client import GatewayClient, segment
from services.errors import NotFound, ServiceError
from services.reading import count, moment, objects, one_object, words, yes

PATH = "/sessions"


@dataclass(frozen=True, slots=True)
class SignInSession:
    """One sign-in. `kind` is browser, phone, computer, program or persona; `current` is this one here."""

    session_id: str
    kind: str
    platform: str
    signed_in: datetime | None
    last_seen: datetime | None
    current: bool

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> SignInSession:
        """Read one element of GET sessions."""
        return cls(
            words(item, "session_id"),
            words(item, "kind"),
            words(item, "platform"),
            moment(item, "signed_in_datetime"),
            moment(item, "last_seen_datetime"),
            yes(item, "current"),
        )


class Sessions:
    """The resident's sign-ins on every device."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def list(self) -> list[SignInSession]:
        """Return them, this one first, then the one used last."""
        found = [SignInSession.from_json(item) for item in objects(await self._gateway.get(PATH))]
        return sorted(found, key=lambda one: not one.current)

    async def end(self, session_id: str) -> None:
        """End one; one that is gone is no error. Raises SignInRequired for a step-up."""
        with suppress(NotFound):
            await self._gateway.delete(f"{PATH}/{segment(session_id)}")

    async def end_others(self) -> int:
        """End all but this one; how many. Raises SignInRequired for a step-up."""
        answer = await self._gateway.post(f"{PATH}/end-others", json=None, retry=True)
        return count(one_object(answer), "ended") or 0

    async def end_replaced(self, sid: str) -> None:
        """End an earlier sign-in of this device, named as its provider names it."""
        await self._gateway.post(f"{PATH}/replaced", json={"sid": sid}, retry=True)

    async def leave(self) -> None:
        """Tell the gateway that this sign-in ends; without a network it ends by its time."""
        with suppress(ServiceError):
            await self._gateway.delete(f"{PATH}/current", retry=False)
