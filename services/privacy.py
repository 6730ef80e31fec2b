"""What residents may demand about their data: take it along, have it erased, ask something of it;
and what lies on this device.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from services.client import GatewayClient, segment
from services.errors import GatewayUnavailable
from services.reading import count, mappings, moment, objects, one_object, texts, words
from services.vault import SubjectVault

PATH = "/privacy"
UNSENT = frozenset({"drafts", "certificate_drafts", "outbox", "outbox_photos"})
"""What nobody but this device has."""
TIED = frozenset({"card", "certificate_keys", "certificate_links", "health_links"})
"""Secrets that were made on this device: without them a card or a link has to be made anew."""
RECORDED = frozenset({"recording"})
"""What support would be sent."""
EXPORTED = ("drafts", "certificate_drafts", "outbox", "sent", "health_reminders")
"""What of this device an export holds: no secrets, and no copies of what the city has anyway."""

GUARDS = frozenset({"lock"})
"""What keeps others out: it is no copy of anything, and goes by its own settings."""

KINDS = ("unsent", "saved", "recorded", "tied")


@dataclass(frozen=True, slots=True)
class Export:
    """One export: `waiting`, `ready` or `failed`; `done` of `total` parts; `size` in bytes."""

    export_id: str
    state: str
    done: int
    total: int
    created: datetime | None
    expires: datetime | None
    size: int

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Export:
        """Read one element of GET exports."""
        return cls(
            words(item, "export_id"),
            words(item, "state"),
            count(item, "done") or 0,
            count(item, "total") or 0,
            moment(item, "created"),
            moment(item, "expires"),
            count(item, "size") or 0,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of an area; of those that stay why, and for how many days (0: no such time)."""

    area: str
    number: int
    reason: str = ""
    days: int = 0

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Tally:
        """Read one element of `erased` or `kept`."""
        return cls(
            words(item, "area"),
            count(item, "number") or 0,
            words(item, "reason"),
            count(item, "days") or 0,
        )


@dataclass(frozen=True, slots=True)
class Erasing:
    """What an erasure would do, or has done. While there are `blockers` it cannot begin."""

    erased: tuple[Tally, ...]
    kept: tuple[Tally, ...]
    blockers: tuple[str, ...] = ()
    erasure_id: str = ""
    done: bool = False
    finished: datetime | None = None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Erasing:
        """Read a preview, or an erasure with its receipt."""
        return cls(
            tuple(map(Tally.from_json, mappings(item.get("erased")))),
            tuple(map(Tally.from_json, mappings(item.get("kept")))),
            tuple(texts(item.get("blockers"))),
            words(item, "erasure_id"),
            words(item, "state") == "done",
            moment(item, "finished"),
        )


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What a resident asked about their data: `kind` is correct, restrict or object; `state` is
    open, granted or refused.
    """

    request_id: str
    kind: str
    area: str
    description: str
    state: str
    answer: str
    created: datetime | None
    due: datetime | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> DataRequest:
        """Read one element of GET requests."""
        plain = (words(item, name) for name in ("request_id", "kind", "area", "description"))
        request_id, kind, area, description = plain
        return cls(
            request_id,
            kind,
            area,
            description,
            words(item, "state"),
            words(item, "answer"),
            moment(item, "created"),
            moment(item, "due"),
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """How much of a kind lies on this device: bytes, and how many things."""

    kind: str
    size: int
    number: int


class Privacy:
    """The resident's rights over their data, at the city and on this device."""

    def __init__(self, gateway: GatewayClient, vault: SubjectVault) -> None:
        self._gateway, self._vault = gateway, vault

    async def export(self, language: str) -> Export:
        """Ask for everything in one file. Raises SignInRequired for an older sign-in."""
        answer = await self._gateway.post(f"{PATH}/exports", json={"language": language})
        return Export.from_json(one_object(answer))

    async def exports(self) -> list[Export]:
        """Return the exports that are being made or can be fetched, the newest first."""
        answer = await self._gateway.get(f"{PATH}/exports")
        return [Export.from_json(item) for item in objects(answer)]

    async def fetch(self, export_id: str) -> bytes:
        """Return the file, with what lies on this device added to it."""
        path = f"{PATH}/exports/{segment(export_id)}/file"
        file = await self._gateway.get_bytes(path, accept="application/zip")
        mine = {table: await self._vault.list(table) for table in EXPORTED}
        return await asyncio.to_thread(_with_device, file, mine)

    async def preview(self) -> Erasing:
        """Return what an erasure would erase and keep now."""
        return Erasing.from_json(one_object(await self._gateway.get(f"{PATH}/erasures/preview")))

    async def erase(self) -> Erasing:
        """Begin to erase the account: every sign-in has ended when this returns.

        Raises SignInRequired for an older sign-in, Rejected(`erasure_blocked`).
        """
        answer = await self._gateway.post(f"{PATH}/erasures", json={"confirmed": True})
        return Erasing.from_json(one_object(answer))

    async def receipt(self, erasure_id: str) -> Erasing:
        """Return how far an erasure is, and its receipt; nobody need be signed in."""
        path = f"{PATH}/erasures/{segment(erasure_id)}"
        return Erasing.from_json(one_object(await self._gateway.get(path, public=True)))

    async def ask(self, kind: str, area: str, description: str, key: str) -> DataRequest:
        """Ask for a correction, a restriction, or object; answered within two working days."""
        asked = {"kind": kind, "area": area, "description": description}
        answer = await self._gateway.post(f"{PATH}/requests", json=asked, idempotency_key=key)
        return DataRequest.from_json(one_object(answer))

    async def requests(self) -> list[DataRequest]:
        """Return what the resident asked, the newest first."""
        answer = await self._gateway.get(f"{PATH}/requests")
        return [DataRequest.from_json(item) for item in objects(answer)]

    async def waiting(self) -> list[DataRequest]:
        """Return what an officer has to answer, due first. Raises NotPermitted for anyone else."""
        answer = await self._gateway.get(f"{PATH}/desk/requests")
        return [DataRequest.from_json(item) for item in objects(answer)]

    async def answer(self, request_id: str, state: str, words: str) -> DataRequest:
        """Answer one as an officer: `granted` or `refused`, with the reason; it comes to the inbox.

        Raises Rejected(`transition_not_allowed`) for one that a colleague answered meanwhile.
        """
        path = f"{PATH}/desk/requests/{segment(request_id)}/answer"
        answer = await self._gateway.post(path, json={"state": state, "answer": words})
        return DataRequest.from_json(one_object(answer))

    async def stored(self) -> list[Stored]:
        """Return how much of each kind lies on this device."""
        sizes = await self._vault.sizes()
        found = dict.fromkeys(KINDS, (0, 0))
        for table, (size, number) in sizes.items():
            if table in GUARDS:
                continue
            before = found[kind_of(table)]
            found[kind_of(table)] = (before[0] + size, before[1] + number)
        return [Stored(kind, size, number) for kind, (size, number) in found.items()]

    async def forget(self, kinds: frozenset[str]) -> None:
        """Erase these kinds on this device; what the city has stays as it is."""
        tables = [
            table
            for table in await self._vault.sizes()
            if table not in GUARDS and kind_of(table) in kinds
        ]
        if tables:
            await self._vault.clear(*tables)

    async def forget_everything(self) -> None:
        """Erase all that this resident has on this device."""
        await self._vault.clear()


def kind_of(table: str) -> str:
    """Which kind a table of the vault belongs to."""
    of = (("unsent", UNSENT), ("tied", TIED), ("recorded", RECORDED))
    return next((kind for kind, tables in of if table in tables), "saved")


def _with_device(file: bytes, mine: Mapping[str, Any]) -> bytes:
    """The zip with `data/device.json`. Raises GatewayUnavailable for a file that is no export."""
    both = io.BytesIO(file)
    try:
        with ZipFile(both, "a", ZIP_DEFLATED) as zipped:
            zipped.getinfo("index.html")
            zipped.writestr("data/device.json", json.dumps(mine, ensure_ascii=False, indent=1))
    except (KeyError, BadZipFile) as error:
        raise GatewayUnavailable("broken_answer") from error
    return both.getvalue()
