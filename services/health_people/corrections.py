"""What the resident says is wrong with a line of a record; sent once, its state read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.chance import new_id
from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Rejected
from services.keeping import Keep
from services.offline import read_or_saved
from services.outbox import Outbox
from services.photos import Photo
from services.reading import mapping, mappings, moment, one_object, words
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/health/v1/corrections"
SEND = "health_correction"
OPEN = ("waiting", "received", "in_review")
SHORTEST, LONGEST, PHOTOS_MOST = 5, 2000, 2


@dataclass(frozen=True, slots=True)
class Correction:
    """A request about one line. `state` is waiting (not sent), received, in_review, corrected or
    not_corrected; `reason` is the facility's answer.
    """

    correction_id: str
    resource_type: str
    resource_id: str
    title: str = field(repr=False)
    description: str = field(repr=False)
    state: str
    reason: str = field(default="", repr=False)
    facility: str = ""
    photos: int = 0
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in OPEN

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Correction:
        """Read one from JSON."""
        plain = ("correction_id", "resource_type", "resource_id", "title", "description", "state")
        media = item.get("media_ids")
        return cls(
            **{name: words(item, name) for name in plain},
            reason=words(item, "reason"),
            facility=words(item, "facility"),
            photos=len(media) if isinstance(media, list) else 0,
            created=moment(item, "created"),
            updated=moment(item, "updated"),
        )


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What is wrong with which line; `title` is the line as it was shown. `key` names it."""

    resource_type: str
    resource_id: str
    title: str = field(repr=False)
    description: str = field(repr=False)
    photos: tuple[Photo, ...] = ()
    key: str = field(default_factory=new_id)


class Corrections:
    """The requests about the resident's record, or about their child's (`patient_id`)."""

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        *,
        keep_copies: Keep,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        self._keep_copies = keep_copies
        outbox.register(SEND, self._send, self._upload)

    async def list_of(self, patient_id: str | None = None) -> Saved[list[Correction]]:
        """Return the requests, those that wait here first, then the newest."""
        key = f"{PATH}/{patient_id or 'own'}"

        async def fetch() -> Any:
            return await self._gateway.get(PATH, patient=patient_id)

        if await self._keep_copies(patient_id):
            found = await read_or_saved(self._vault, self._clock, key, fetch)
        else:
            found = Saved(await fetch())
        sent = list(map(Correction.of, mappings(one_object(found.value).get("corrections"))))
        return Saved([*await self._waiting(patient_id), *sent], found.as_of)

    async def send(self, wanted: NewCorrection, patient_id: str | None = None) -> bool:
        """Hand a request to the outbox; False when it waits for a network.

        Raises Rejected when it is refused; then nothing is kept, and the same `wanted` can be sent.
        """
        body = {
            "resource_type": wanted.resource_type,
            "resource_id": wanted.resource_id,
            "title": wanted.title,
            "description": wanted.description.strip(),
            "patient_id": patient_id,
        }
        photos: Sequence[tuple[bytes, str]] = [(p.jpeg, p.description) for p in wanted.photos]
        try:
            answer = await self._outbox.submit(SEND, body, item_id=wanted.key, photos=photos)
        except (Rejected, NotFound) as refused:
            if refused.code != "may_have_arrived":
                await self._outbox.delete(wanted.key)
            raise
        return answer is not None

    async def _waiting(self, patient_id: str | None) -> list[Correction]:
        found = []
        for item in await self._outbox.list():
            body = mapping(item.payload)
            if item.kind == SEND and body.get("patient_id") == patient_id:
                known = {**body, "correction_id": item.id, "state": "waiting"}
                found.append(Correction.of({**known, "created": item.created.isoformat()}))
        return found

    async def _send(self, payload: Any, idempotency_key: str) -> Any:
        answer = await self._gateway.post(
            PATH, json=payload, idempotency_key=idempotency_key, retry=False
        )
        if not words(one_object(answer), "correction_id"):
            raise GatewayUnavailable("broken_answer")
        return {"correction_id": answer["correction_id"]}

    async def _upload(self, jpeg: bytes, caption: str, idempotency_key: str) -> str:
        answer = await self._gateway.post(
            "/health/v1/proofs",
            data={"description": caption},
            files=[("media", ("photo.jpg", jpeg, "image/jpeg"))],
            idempotency_key=idempotency_key,
            retry=False,
        )
        media_id = words(one_object(answer), "media_id")
        if not media_id:
            raise GatewayUnavailable("broken_answer")
        return media_id
