"""What is waiting to be sent. Each thing is sent exactly once.

An item is durable before its first try, and every try of it carries the same idempotency key; the
gateway answers a key it knows with what it answered before. So a lost answer, a crash or a second
window can repeat a send, but never the report.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from services.clock import ServerClock
from services.errors import (
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)
from services.flights import Flights
from services.vault import SubjectVault

TABLE = "outbox"
KEY_REUSED = "idempotency_key_reused"
REFUSALS = (Rejected, NotPermitted, NotFound)
"""The gateway said no and stored nothing: only the resident can change that."""

Send = Callable[[Any, str], Awaitable[Any]]
"""Sends a payload under an idempotency key and returns the answer."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing to send: `payload` is JSON; `last_error` is the code of the last failure.

    `state` is waiting (sent by itself when that is possible), sending, or failed (refused: the
    resident edits or deletes it). `revision` counts the versions that were refused;
    `may_have_arrived` says that this one was tried and its answer never came.
    """

    id: str
    kind: str
    payload: Any = field(repr=False)
    created: datetime
    attempts: int = 0
    last_error: str | None = None
    state: Literal["waiting", "sending", "failed"] = "waiting"
    revision: int = 0
    may_have_arrived: bool = False

    @property
    def idempotency_key(self) -> str:
        """The key of every try: a refused version that was changed is another thing."""
        return f"{self.id}.{self.revision}" if self.revision else self.id


class Outbox:
    """The resident's outbox, in their vault. `register` says how each kind is sent."""

    def __init__(self, vault: SubjectVault, clock: ServerClock) -> None:
        self._vault = vault
        self._clock = clock
        self._sends: dict[str, Send] = {}
        self._flights = Flights()
        self._drains = Flights()

    def register(self, kind: str, send: Send) -> None:
        """Say how items of a kind are sent."""
        self._sends[kind] = send

    async def submit(self, kind: str, payload: Any, *, item_id: str | None = None) -> Any:
        """Keep a thing and try to send it; returns the answer, or None when it waits.

        The same `item_id` again is the same thing: it is never sent twice. Raises a refusal
        (Rejected, NotPermitted, NotFound; the item is kept as failed), SignInRequired (the item
        waits for it), and Rejected(`may_have_arrived`) for a change to what may be there already.
        """
        item_id = item_id or str(uuid.uuid4())
        return await self._flights.fly(item_id, lambda: self._submit(item_id, kind, payload))

    async def drain(self) -> tuple[str, ...]:
        """Send what waits, oldest first; returns the ids of what was sent.

        Stops without a network or a sign-in; a refused item is marked and the next one follows.
        """
        sent: tuple[str, ...] = await self._drains.fly("drain", self._drain)
        return sent

    async def list(self) -> list[OutboxItem]:
        """Return what has not been sent, oldest first."""
        rows = await self._vault.list(TABLE)
        return [self._shown(_item(row)) for row in rows.values()]

    async def delete(self, item_id: str) -> None:
        """Give up an item; one that is just being sent is sent first."""
        await self._flights.landed(item_id)
        await self._vault.delete(TABLE, item_id)

    def _shown(self, item: OutboxItem) -> OutboxItem:
        return replace(item, state="sending") if item.id in self._flights else item

    async def _submit(self, item_id: str, kind: str, payload: Any) -> Any:
        vault = self._vault.pinned()
        row = await vault.get(TABLE, item_id)
        item = OutboxItem(item_id, kind, payload, self._clock.now())
        if row is not None:
            item = _renewed(_item(row), payload)
        # A crash while sending must not look like a thing that was never tried.
        await vault.put(TABLE, item_id, _row(replace(item, may_have_arrived=True)))
        try:
            return await self._send(vault, item)
        except (Offline, GatewayUnavailable):
            return None

    async def _drain(self) -> tuple[str, ...]:
        vault = self._vault.pinned()
        sent = []
        for row in (await vault.list(TABLE)).values():
            item = _item(row)
            if item.state == "failed" or item.kind not in self._sends:
                continue
            try:
                await self._flights.fly(item.id, partial(self._send_kept, vault, item))
                sent.append(item.id)
            except (Offline, SignInRequired):
                break
            except ServiceError:
                continue
        return tuple(sent)

    async def _send_kept(self, vault: SubjectVault, item: OutboxItem) -> Any:
        """Send an item as it stands now: it may have been deleted since it was listed."""
        row = await vault.get(TABLE, item.id)
        if row is None:
            raise NotFound
        return await self._send(vault, _item(row))

    async def _send(self, vault: SubjectVault, item: OutboxItem) -> Any:
        # Another resident may have signed in meanwhile: nothing goes out under their name.
        if not vault.belongs_to(self._vault):
            raise SignInRequired
        try:
            answer = await self._sends[item.kind](item.payload, item.idempotency_key)
        except ServiceError as error:
            await vault.put(TABLE, item.id, _row(_tried(item, error)))
            raise
        await vault.delete(TABLE, item.id)
        return answer


def _renewed(kept: OutboxItem, payload: Any) -> OutboxItem:
    """Return a kept item with what the resident now wants sent."""
    if kept.may_have_arrived and (kept.state == "failed" or kept.payload != payload):
        raise Rejected("may_have_arrived")
    revision = kept.revision + (kept.state == "failed")
    return replace(kept, payload=payload, state="waiting", last_error=None, revision=revision)


def _tried(item: OutboxItem, error: ServiceError) -> OutboxItem:
    """Return the item after a failed try.

    A refusal proves that nothing arrived, but for one: the key is known for other contents.
    """
    tried = replace(item, attempts=item.attempts + 1, last_error=error.code)
    if isinstance(error, REFUSALS):
        return replace(tried, state="failed", may_have_arrived=error.code == KEY_REUSED)
    unknown = isinstance(error, Offline | GatewayUnavailable)
    return replace(tried, may_have_arrived=item.may_have_arrived or unknown)


def _row(item: OutboxItem) -> dict[str, Any]:
    return asdict(item) | {"created": item.created.isoformat()}


def _item(row: dict[str, Any]) -> OutboxItem:
    return OutboxItem(**row | {"created": datetime.fromisoformat(row["created"])})
