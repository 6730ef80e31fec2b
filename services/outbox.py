"""What is waiting to be sent. Each thing is sent exactly once.

An item is durable before its first try, and every try of it carries the same idempotency key; the
gateway answers a key it knows with what it answered before. So a lost answer, a crash or a second
window can repeat a send, but never the report. Photos go first, each under a key of its own, and
what is there is not sent again. What belongs to one report goes in order.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from services.chance import new_id
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Offline, ServiceError, SignInRequired
from services.flights import Flights
from services.outbox_answers import prune_answers
from services.outbox_items import CaptionedPhoto, OutboxItem, is_free, parts_of, renewed
from services.outbox_journey import PHOTOS, SENT, TABLE, Journey, Send, Upload, Way, photos_of
from services.reach import Probe, Reach
from services.vault import SubjectVault

__all__ = ["Outbox", "OutboxItem"]

EVERY = 20.0
"""Seconds between two looks when nothing wakes it; with nothing in it no request is made."""
SHOWN_SENT = 3.0
"""Seconds for which something that was sent is still shown."""


class Outbox:
    """The resident's outbox, in their vault. `register` says how each kind is sent.

    `reach` is the process's; `probe` asks the gateway something small when it was out of reach.
    """

    def __init__(
        self,
        vault: SubjectVault,
        clock: ServerClock,
        reach: Reach | None = None,
        probe: Probe | None = None,
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._reach = reach or Reach()
        self._probe = probe
        self._ways: dict[str, Way] = {}
        self._flights = Flights()
        self._drains = Flights()
        self._wake = asyncio.Event()
        self._watchers: list[Callable[[bool], None]] = []
        self._just_sent: dict[str, OutboxItem] = {}
        self._calm_until: datetime | None = None

    def register(
        self,
        kind: str,
        send: Send,
        upload: Upload | None = None,
        *,
        keep_answer: bool = False,
        done_with: str = "",
        knows_keys: bool = True,
    ) -> None:
        """Say how items of a kind are sent.

        `keep_answer` keeps what was answered, by item id; `done_with` names the vault's table whose
        row of that id is done with then. Without `knows_keys` the other side would take a second
        try for another thing: what may have arrived is not tried again by itself.
        """
        self._ways[kind] = Way(send, upload, keep_answer, done_with, knows_keys)

    def watch(self, watcher: Callable[[bool], None]) -> Callable[[], None]:
        """Have `watcher` called when `list` would differ, with whether something arrived; to stop, call what it returns."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def submit(
        self,
        kind: str,
        payload: Any,
        *,
        item_id: str | None = None,
        about: str = "",
        photos: Sequence[CaptionedPhoto] = (),
    ) -> Any:
        """Keep a thing and try to send it; returns the answer, or None when it waits.

        The same `item_id` again is the same thing: it is never sent twice. Raises a refusal
        (Rejected, NotPermitted, NotFound; the item is kept as failed), SignInRequired (the item
        waits for it), and Rejected(`may_have_arrived`) for a change to what may be there already.
        """
        item_id = item_id or new_id()
        item = OutboxItem(item_id, kind, payload, self._clock.now(), about=about)
        return await self._flights.fly(item.id, partial(self._submit, item, tuple(photos)))

    async def drain(self) -> tuple[str, ...]:
        """Send what waits now, oldest first; returns the ids of what was sent.

        Stops without a network or a sign-in; a refused item is marked and the next one follows.
        """
        return tuple(await self._drains.fly("all", self._drain))

    async def send_due(self) -> tuple[str, ...]:
        """Send what is due by itself: nothing in an outage, and the first failure stops it."""
        if not self._reach.open:
            return ()
        return tuple(await self._drains.fly("due", partial(self._drain, due_only=True)))

    async def work(self) -> None:
        """Send what waits as soon as it can go, until cancelled."""
        while True:
            pause = EVERY
            with suppress(ServiceError):
                pause = await self._look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    def wake(self) -> None:
        """The device has a network again, or someone signed in: look now."""
        self._reach.nudge()
        self._wake.set()

    async def list(self, *, sent: bool = False) -> list[OutboxItem]:
        """Return what was not sent, oldest first; with `sent`, what just was follows."""
        rows = await self._vault.list(TABLE)
        items = [self._shown(OutboxItem.from_row(row)) for row in rows.values()]
        return [*items, *self._just_sent.values()] if sent else items

    async def answers(self) -> dict[str, Any]:
        """Return {payload, answer, sent} of what was sent within a year, of kinds that keep it."""
        await prune_answers(self._vault, self._clock.now())
        return await self._vault.list(SENT)

    async def keep_answer(self, item_id: str, answer: Any) -> None:
        """Replace a kept answer by what has become known since."""
        if kept := await self._vault.get(SENT, item_id):
            await self._vault.put(SENT, item_id, kept | {"answer": answer})

    async def photos(self, item: OutboxItem) -> Sequence[bytes]:
        """Return an item's photos in their order; one that cannot be read is left out."""
        return await photos_of(self._vault, item)

    async def delete(self, item_id: str) -> None:
        """Give up an item and the acts that wait for it; one just being sent is sent first."""
        vault = self._vault.pinned()
        await self._flights.landed(item_id)
        items = map(OutboxItem.from_row, (await vault.list(TABLE)).values())
        given_up = [item for item in items if item_id in (item.id, item.about)]
        await vault.change(delete=[place for item in given_up for place in _places(item)])
        self._changed()

    async def restore(self, item: OutboxItem, photos: Sequence[bytes] = ()) -> None:
        """Put back what `delete` gave up, as it was; `photos` are what `photos` returned."""
        pairs = zip(item.parts, map(base64.b64encode, photos), strict=False)
        bodies = [(PHOTOS, part.key, data.decode()) for part, data in pairs]
        await self._vault.change(put=[*bodies, (TABLE, item.id, item.to_row())])
        self._changed()

    async def _look(self) -> float:
        """Send what is due; returns the seconds until something may be due again."""
        self._wake.clear()
        due = await self._seconds_to_next()
        if due is None:
            return EVERY
        if not self._reach.open and self._probe is not None:
            await self._reach.regained(self._probe)
        await self.send_due()
        due = await self._seconds_to_next()
        return EVERY if due is None else min(EVERY, max(0.2, due))

    async def _seconds_to_next(self) -> float | None:
        unsent = {item.id: item for item in await self.list()}
        # One that is held up is not due, however long it waits: looking would never rest.
        able = (one for one in unsent.values() if one.state == "waiting")
        able = (one for one in able if self._may_go(one, unsent, due_only=False))
        return min(map(self._seconds_to, able), default=None)

    def _shown(self, item: OutboxItem) -> OutboxItem:
        return replace(item, state="sending") if item.id in self._flights else item

    async def _submit(self, item: OutboxItem, photos: tuple[CaptionedPhoto, ...]) -> Any:
        vault = self._vault.pinned()
        parts = parts_of(item.id, photos)
        row, dropped = await vault.get(TABLE, item.id), []
        if row is None:
            item = replace(item, parts=tuple(parts))
        else:
            kept = OutboxItem.from_row(row)
            item = renewed(kept, item.payload, item.about, tuple(parts))
            dropped = _places(kept)
        bodies = [(PHOTOS, one.key, base64.b64encode(data).decode()) for one, data in parts.items()]
        await vault.change(put=[*bodies, (TABLE, item.id, item.to_row())], delete=dropped[1:])
        self._changed()
        try:
            if await self._must_wait(vault, item):
                return None
            return await self._send(vault, item)
        except (Offline, GatewayUnavailable):
            return None
        finally:
            self._wake.set()

    async def _must_wait(self, vault: SubjectVault, item: OutboxItem) -> bool:
        """Whether something about the same report has to go first."""
        rows = await vault.list(TABLE)
        return not is_free(item, {name: OutboxItem.from_row(row) for name, row in rows.items()})

    async def _drain(self, *, due_only: bool = False) -> tuple[str, ...]:
        vault = self._vault.pinned()
        items = [OutboxItem.from_row(row) for row in (await vault.list(TABLE)).values()]
        unsent, sent = {item.id: item for item in items}, []
        if due_only:
            # Whatever failed most often goes last: it must not keep the others at home.
            items.sort(key=lambda item: item.attempts)
        for item in items:
            if not self._may_go(item, unsent, due_only=due_only):
                continue
            try:
                await self._flights.fly(item.id, partial(self._send_kept, vault, item))
                sent.append(item.id)
                del unsent[item.id]
            except Offline:
                break
            except SignInRequired as error:
                # What asks for a fresh sign-in keeps nothing else waiting.
                if not error.step_up:
                    break
            except ServiceError as error:
                if due_only and isinstance(error, GatewayUnavailable):
                    break
                failed = not isinstance(error, GatewayUnavailable)
                unsent[item.id] = replace(item, state="failed" if failed else "waiting")
        return tuple(sent)

    def _may_go(self, item: OutboxItem, unsent: dict[str, OutboxItem], *, due_only: bool) -> bool:
        if item.kind not in self._ways or (due_only and self._seconds_to(item) > 0):
            return False
        return is_free(item, unsent)

    def _seconds_to(self, item: OutboxItem) -> float:
        """Seconds until an item is due; after a failure one item tries for all of them."""
        due = max(filter(None, (item.next_try, self._calm_until)), default=None)
        return (due - self._clock.now()).total_seconds() if due else 0.0

    async def _send_kept(self, vault: SubjectVault, item: OutboxItem) -> Any:
        # It may have been deleted since it was listed.
        row = await vault.get(TABLE, item.id)
        if row is None:
            raise NotFound
        return await self._send(vault, OutboxItem.from_row(row))

    async def _send(self, vault: SubjectVault, item: OutboxItem) -> Any:
        # Another resident may have signed in meanwhile: nothing goes out under their name.
        if not vault.belongs_to(self._vault):
            raise SignInRequired
        journey = Journey(vault, self._ways[item.kind], item, self._changed, self._clock.now())
        try:
            answer = await journey.run()
        except ServiceError as error:
            after = journey.after(error, self._clock.now())
            self._calm_until = after.next_try
            await vault.change(put=[(TABLE, item.id, after.to_row())])
            self._changed()
            raise
        await self._finish(vault, journey.item, answer)
        return answer

    async def _finish(self, vault: SubjectVault, item: OutboxItem, answer: Any) -> None:
        way = self._ways[item.kind]
        now = self._clock.now().isoformat()
        kept = {"payload": item.payload, "answer": answer, "sent": now}
        keep = [(SENT, item.id, kept)] if way.keep_answer else []
        done = [(way.done_with, item.id)] if way.done_with else []
        await vault.change(put=keep, delete=[*_places(item), *done])
        self._calm_until = None
        self._just_sent[item.id] = replace(item, state="sent", payload=None)
        asyncio.get_running_loop().call_later(SHOWN_SENT, self._forget, item.id)
        self._wake.set()
        self._changed(sent=True)

    def _forget(self, item_id: str) -> None:
        self._just_sent.pop(item_id, None)
        self._changed()

    def _changed(self, *, sent: bool = False) -> None:
        for watcher in list(self._watchers):
            watcher(sent)


def _places(item: OutboxItem) -> list[tuple[str, str]]:
    return [(TABLE, item.id), *((PHOTOS, part.key) for part in item.parts)]
