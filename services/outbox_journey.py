"""One try of one thing in the outbox: its photos first, then itself."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.errors import Offline, Rejected, ServiceError
from services.outbox_items import UNKNOWN, OutboxItem, lacks_media, tried, without_media
from services.vault import SubjectVault

TABLE, PHOTOS, SENT = "outbox", "outbox_photos", "sent"

UNCLEAR = "unclear_if_arrived"
"""The resident has to find out before it is sent again."""

KEYS_KEPT = timedelta(days=29)
"""How long a gateway surely knows a key (30 days): after that a second try would be a second thing."""

Send = Callable[[Any, str], Awaitable[Any]]
"""Sends a payload under an idempotency key and returns the answer, without trying again.

An item with photos has `media_ids` in its payload, or `jpegs` (bytes) where they are not sent
apart; an act has the `service_request_id` it is about.
"""
Upload = Callable[[bytes, str, str], Awaitable[str]]
"""Sends one photo with its caption under an idempotency key and returns its media id."""


@dataclass(frozen=True, slots=True)
class Way:
    """How items of one kind are sent."""

    send: Send
    upload: Upload | None = None
    keep_answer: bool = False
    done_with: str = ""
    knows_keys: bool = True


class Journey:
    """One try of one item: its photos, then itself; `item` says how far it is, and is durable."""

    def __init__(
        self,
        vault: SubjectVault,
        way: Way,
        item: OutboxItem,
        changed: Callable[[], None],
        now: datetime,
    ) -> None:
        self.item = item
        self._forgotten = item.may_have_arrived and now - item.created > KEYS_KEPT
        self._vault = vault
        self._way = way
        self._before = item.may_have_arrived
        self._changed = changed

    async def run(self) -> Any:
        """Return the answer, or raise what the gateway said; Rejected(UNCLEAR) without a try when
        the gateway may know the key no more.
        """
        if self._forgotten:
            raise Rejected(UNCLEAR)
        try:
            return await self._once()
        except Rejected as error:
            if not (self.item.parts and lacks_media(error)):
                raise
            # Kept too long on the other side before this item came: they go once more.
            self._before = False
            await self._keep(without_media(self.item))
            return await self._once()

    def after(self, error: ServiceError, now: datetime) -> OutboxItem:
        """Return the item as it is after a failed try."""
        item = self.item
        if self._is_unclear(error):
            return replace(tried(item, Rejected(UNCLEAR), now), may_have_arrived=False)
        if not isinstance(error, UNKNOWN) or (isinstance(error, Offline) and not error.sent):
            # This try left nothing there; an earlier one may still have.
            item = replace(item, may_have_arrived=self._before)
        return tried(item, error, now)

    def _is_unclear(self, error: ServiceError) -> bool:
        """Whether it may have arrived at a gateway that would take a second try for another thing."""
        if self._forgotten:
            return True
        unsent = isinstance(error, Offline) and not error.sent
        refused = getattr(error, "status", None) in (429, 503)
        unknown = isinstance(error, UNKNOWN) and self.item.may_have_arrived
        return unknown and not (self._way.knows_keys or unsent or refused)

    async def _once(self) -> Any:
        extras: dict[str, Any] = {}
        if self.item.parts:
            extras = await self._carry()
        if self.item.about:
            extras["service_request_id"] = await self._target()
        if not self.item.may_have_arrived:
            # A crash while sending must not look like a thing that was never tried.
            await self._keep(replace(self.item, may_have_arrived=True))
        payload = self.item.payload | extras if extras else self.item.payload
        return await self._way.send(payload, self.item.idempotency_key)

    async def _carry(self) -> dict[str, Any]:
        upload = self._way.upload
        if upload is None:
            return {"jpegs": await photos_of(self._vault, self.item)}
        for position, part in enumerate(self.item.parts):
            if part.media_id:
                continue
            data = base64.b64decode(await self._vault.get(PHOTOS, part.key) or "")
            there = replace(part, media_id=await upload(data, part.caption, part.idempotency_key))
            parts = (*self.item.parts[:position], there, *self.item.parts[position + 1 :])
            await self._keep(replace(self.item, parts=parts))
            self._changed()
        return {"media_ids": [part.media_id for part in self.item.parts]}

    async def _target(self) -> str:
        """Return the id of the report that an act is about; it may have waited here itself."""
        kept = await self._vault.get(SENT, self.item.about)
        answer = kept and kept["answer"]
        found = answer and answer[0].get("service_request_id")
        return str(found or self.item.about)

    async def _keep(self, item: OutboxItem) -> None:
        await self._vault.put(TABLE, item.id, item.to_row())
        self.item = item


async def photos_of(vault: SubjectVault, item: OutboxItem) -> list[bytes]:
    """Return an item's photos in their order; one that cannot be read is left out."""
    found = [await vault.get(PHOTOS, part.key) for part in item.parts]
    return [base64.b64decode(one) for one in found if one]
