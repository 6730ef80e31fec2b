"""Bundles for support: what the resident chose to send, the thread about it, and who opened it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.diagnostics import Bundle, sizes, write
from services.errors import NotFound, NotPermitted, Rejected
from services.offline import read_or_saved
from services.outbox import Outbox, OutboxItem
from services.reading import mapping, mappings, one_object, words
from services.saved import Saved
from services.support_cases import Case, Message
from services.vault import SubjectVault

PATH = "/support/v1"
BUNDLE, MESSAGE = "support_bundle", "support_message"
"""The kinds of outbox items: a bundle, and the resident's words in a thread."""
FILE_NAME = "goi-ho-tro-ihanoi.zip"
SENT = "support_sent"
"""The vault's table of codes by the key under which a bundle was sent."""
WORDS, NEW = "support_words", "new"
"""The vault's table of what is being written, by code; and the key of what belongs to no bundle yet."""
REPORT = "service_request"
MOST_PHOTOS = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """A bundle before it is sent: nothing has left the device. `sizes` are bytes of each item."""

    bundle: Bundle = field(repr=False)
    sizes: Mapping[str, int]


class Support:
    """The resident's side. `record` gives the bundle of the last minutes; without it nothing was recorded."""

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        record: Callable[[], Awaitable[Bundle]] | None = None,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        self._record = record
        outbox.register(BUNDLE, self._send_bundle)
        outbox.register(MESSAGE, self._send_message)

    async def preview(self) -> Preview:
        """Return what could be sent now, stand-ins in place. Raises NotFound(`nothing_recorded`)."""
        if self._record is None:
            raise NotFound("nothing_recorded")
        bundle = await self._record()
        if not bundle.steps and not bundle.requests:
            raise NotFound("nothing_recorded")
        waiting = [one for one in await self._photos() if one not in bundle.photos.values()]
        reports = {f"report-{n}.jpg": jpeg for n, jpeg in enumerate(waiting, start=1)}
        photos = dict(list({**bundle.photos, **reports}.items())[:MOST_PHOTOS])
        bundle = replace(bundle, photos=photos)
        return Preview(bundle, await asyncio.to_thread(sizes, bundle))

    async def _photos(self) -> list[bytes]:
        """The resident's own pictures of reports that wait here, which only they can choose to send."""
        reports = [item for item in await self._outbox.list() if item.kind == REPORT]
        return [jpeg for item in reports for jpeg in await self._outbox.photos(item)]

    async def packed(self, bundle: Bundle, items: Collection[str]) -> bytes:
        """Return the zip file of these items."""
        return await asyncio.to_thread(write, bundle.only(items))

    async def send(self, data: bytes, text: str, error_reference: str, *, key: str) -> Case | None:
        """Hand a bundle's file to the outbox; None when it waits for a network.

        The same `key` again is the same bundle. Raises Rejected when it is refused; then nothing is kept.
        """
        payload = {"key": key, "text": text.strip(), "error_reference": error_reference}
        try:
            answer = await self._outbox.submit(BUNDLE, payload, item_id=key, photos=[(data, "")])
        except (Rejected, NotPermitted) as refused:
            if refused.code != "may_have_arrived":
                await self._outbox.delete(key)
            raise
        return None if answer is None else Case.from_json(answer)

    async def sent(self, key: str) -> Case | None:
        """Return the case of a bundle that was sent under that key; None while it waits here.

        Raises NotFound when it was given up.
        """
        if code := await self._vault.get(SENT, key):
            return await self.get(code)
        if any(item.id == key for item in await self._outbox.list()):
            return None
        raise NotFound

    async def kept_words(self, about: str) -> str:
        """Return what was being written: to a thread by its code, or to a NEW bundle; empty if nothing was."""
        return str(await self._vault.get(WORDS, about) or "")

    async def keep_words(self, about: str, text: str) -> None:
        """Keep what is being written; an empty text forgets it."""
        if text:
            await self._vault.put(WORDS, about, text)
        else:
            await self._vault.delete(WORDS, about)

    async def waiting(self) -> list[OutboxItem]:
        """Return the bundles that have not left this device."""
        return [item for item in await self._outbox.list() if item.kind == BUNDLE]

    async def list_mine(self) -> Saved[list[Case]]:
        """Return the bundles that were sent, newest first."""

        async def fetch() -> Any:
            return await self._gateway.get(f"{PATH}/cases")

        found = await read_or_saved(self._vault, self._clock, f"{PATH}/cases", fetch)
        cases = mappings(one_object(found.value).get("cases"))
        return Saved(list(map(Case.from_json, cases)), found.as_of)

    async def get(self, code: str) -> Case:
        """Return one bundle with its thread and who opened it; what waits here stands last in the thread."""
        case = Case.from_json(await self._gateway.get(_case(code)))
        return case.with_waiting(await self._unsent(code))

    async def write(self, code: str, text: str, *, key: str) -> None:
        """Hand the resident's words for a thread to the outbox. Raises what the gateway refuses."""
        payload = {"code": code, "text": text.strip()}
        await self._outbox.submit(MESSAGE, payload, item_id=key, about=code)

    async def close(self, code: str) -> Case:
        """Say that it is settled."""
        return Case.from_json(await self._gateway.post(f"{_case(code)}/close", json={}, retry=True))

    async def delete_bundle(self, code: str) -> None:
        """Have the file deleted at once; the thread stays."""
        await self._gateway.delete(f"{_case(code)}/bundle")

    async def _unsent(self, code: str) -> tuple[Message, ...]:
        bodies = [
            (item, mapping(item.payload))
            for item in await self._outbox.list()
            if item.kind == MESSAGE
        ]
        return tuple(
            Message(item.id, "resident", "", words(body, "text"), item.created, waiting=True)
            for item, body in bodies
            if words(body, "code") == code
        )

    async def _send_bundle(self, payload: Any, idempotency_key: str) -> Any:
        [data] = payload["jpegs"]
        answer = await self._gateway.post(
            f"{PATH}/bundles",
            data={
                "description": payload["text"],
                "error_reference": payload["error_reference"],
            },
            files=[("bundle", ("bundle.zip", data, "application/zip"))],
            idempotency_key=idempotency_key,
            retry=False,
        )
        # The screen that waits for the code knows the bundle by this key alone.
        with suppress(Rejected):
            await self._vault.put(SENT, payload["key"], Case.from_json(answer).code)
        return answer

    async def _send_message(self, payload: Any, idempotency_key: str) -> Any:
        return await self._gateway.post(
            f"{_case(payload['code'])}/messages",
            json={"text": payload["text"]},
            idempotency_key=idempotency_key,
            retry=False,
        )


def _case(code: str) -> str:
    return f"{PATH}/cases/{segment(code)}"
