"""What the city has told the resident: one notice for each thing that happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound
from services.offline import read_if_changed
from services.reading import moment, objects, words, yes
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/reports/inbox"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice about one report, certificate or support bundle: what kind of thing happened, and what was said."""

    notice_id: str
    service_request_id: str
    kind: str
    description: str = field(default="", repr=False)
    datetime: datetime | None = None
    read: bool = False
    application_id: str = ""
    support_code: str = ""

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Notice:
        """Read one element of GET inbox."""
        return cls(
            words(item, "notice_id"),
            words(item, "service_request_id"),
            words(item, "kind"),
            words(item, "description"),
            moment(item, "datetime"),
            yes(item, "read"),
            words(item, "application_id"),
            words(item, "support_code"),
        )


class Inbox:
    """The resident's notices, newest first; of a plain GeoReport city there are none."""

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock, *, extended: bool
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._extended = extended

    async def list(self) -> Saved[list[Notice]]:
        """Return the notices."""
        if not self._extended:
            raise NotFound

        async def fetch(etag: str) -> tuple[Any, str] | None:
            answer = await self._gateway.fetch(PATH, etag=etag)
            if answer.status == 304:
                return None
            body = answer.json()
            objects(body)
            return body, answer.headers.get("etag", "")

        saved = await read_if_changed(self._vault, self._clock, PATH, fetch)
        return Saved([Notice.from_json(item) for item in objects(saved.value)], saved.as_of)

    async def mark_read(self, notice_ids: Iterable[str]) -> None:
        """Mark notices as read; none there is no error."""
        ids = tuple(notice_ids)
        if ids:
            await self._gateway.post(f"{PATH}/read", json={"notice_ids": ids}, retry=True)

    async def unread(self) -> int:
        """Return how many notices were not read."""
        return sum(not notice.read for notice in (await self.list()).value)
