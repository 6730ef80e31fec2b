"""An answer to the officer, or why a report is opened again: words and photos, kept while written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.hooks import use_services
from services import Services
from services.photos import Photo
from views.components.drafting import Drafting, use_drafting

TABLE = "replies"
ANSWER, REOPEN = "answer", "reopen"
SHORTEST, LONGEST = 3, 2000


@dataclass(frozen=True, slots=True)
class Reply:
    """What is being written about one report; `act` is answer or reopen.

    `act_id` is the outbox item that it replaces, where one was refused and is being mended.
    """

    service_request_id: str
    act: str
    description: str = field(default="", repr=False)
    photos: tuple[Photo, ...] = ()
    act_id: str = ""

    @property
    def key(self) -> str:
        """Where it is kept: one a report and act."""
        return f"{self.act} {self.service_request_id}"

    @property
    def enough(self) -> bool:
        """Whether it says something: an answer in words, a reopening in words or with a photo."""
        written = len(self.description.strip()) >= SHORTEST
        return written or (self.act == REOPEN and bool(self.photos))

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        return {
            "service_request_id": self.service_request_id,
            "act": self.act,
            "description": self.description,
            "act_id": self.act_id,
            "photos": [photo.to_json() for photo in self.photos],
        }

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Reply:
        """Read what `to_json` wrote."""
        return cls(**{**item, "photos": tuple(map(Photo.from_json, item["photos"]))})


async def opened(services: Services, service_request_id: str, act: str) -> Reply:
    """The reply that was begun, or an empty one."""
    empty = Reply(service_request_id, act)
    kept = await services.vault.get(TABLE, empty.key)
    return Reply.from_json(kept) if kept else empty


def use_reply(reply: Reply) -> Drafting[Reply]:
    """Work on a reply; it is written within a second of typing."""
    services = use_services()

    async def save(latest: Reply) -> None:
        await keep(services, latest)

    return use_drafting(reply, save)


async def keep(services: Services, reply: Reply) -> None:
    """Keep a reply, replacing what was written before."""
    await services.vault.put(TABLE, reply.key, reply.to_json())


async def send(services: Services, reply: Reply) -> None:
    """Hand the reply to the outbox and forget the draft. Raises ServiceError; it is then kept."""
    verbs = {ANSWER: services.service_requests.answer, REOPEN: services.service_requests.reopen}
    words = reply.description.strip()
    await verbs[reply.act](reply.service_request_id, words, reply.photos, act_id=reply.act_id)
    await services.vault.delete(TABLE, reply.key)
