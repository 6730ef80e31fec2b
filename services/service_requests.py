"""The resident's own service requests (Open311 GeoReport v2): read, drafted, sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from services.client import File, GatewayClient, segment
from services.clock import ServerClock
from services.errors import NotFound
from services.georeport import (
    Media,
    Receipt,
    Service,
    ServiceRequest,
    Update,
    service_requests_of,
    services_of,
    updates_of,
)
from services.offline import read_or_saved
from services.outbox import Outbox, OutboxItem
from services.photos import Photo
from services.saved import Saved
from services.vault import SubjectVault

__all__ = [
    "Media",
    "Receipt",
    "Service",
    "ServiceRequest",
    "ServiceRequestDraft",
    "ServiceRequests",
    "Update",
]

KIND = "service_request"
PATH = "/open311/v2"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceRequestDraft:
    """What the resident has entered so far. `lat`, `long` in WGS 84 degrees; `draft_id` stays.

    `urgency` is normal, complex or urgent; empty leaves it to the city.
    """

    service_code: str = ""
    description: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    ward_code: str = ""
    lat: float | None = field(default=None, repr=False)
    long: float | None = field(default=None, repr=False)
    urgency: str = ""
    photos: tuple[Photo, ...] = ()
    hide_name: bool = False
    draft_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        plain = asdict(replace(self, photos=()))
        return plain | {"photos": [photo.to_json() for photo in self.photos]}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ServiceRequestDraft:
        """Read what `to_json` wrote."""
        return cls(**{**item, "photos": tuple(map(Photo.from_json, item["photos"]))})

    def form(self) -> dict[str, str]:
        """Return the fields of POST requests; what is not known is left out."""
        fields = {
            "service_code": self.service_code,
            "description": self.description,
            "address_string": self.address,
            "address_id": self.ward_code,
            "lat": "" if self.lat is None else f"{self.lat:.6f}",
            "long": "" if self.long is None else f"{self.long:.6f}",
            "attribute[urgency]": self.urgency,
            "attribute[hide_name]": "true" if self.hide_name else "",
        }
        return {name: value for name, value in fields.items() if value}

    def files(self) -> list[tuple[str, File]]:
        """Return the photos as multipart fields."""
        return [
            ("media", (f"photo-{number}.jpg", photo.jpeg, "image/jpeg"))
            for number, photo in enumerate(self.photos, start=1)
        ]


class ServiceRequests:
    """What the signed-in resident has reported, and how they report.

    Reads give `Saved`: when the gateway is out of reach the value is the copy kept in the vault.
    """

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        city: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._city = city
        self._outbox = outbox
        self._clock = clock
        outbox.register(KIND, self._send)

    async def list_services(self) -> Saved[list[Service]]:
        """Return the kinds of problem that can be reported, in the city's order."""
        return await self._read(self._city, f"{PATH}/services.json", services_of, public=True)

    async def list_mine(self) -> Saved[list[ServiceRequest]]:
        """Return the resident's own reports, as the gateway orders them."""
        return await self._read(self._vault, f"{PATH}/requests.json", service_requests_of)

    async def get(self, service_request_id: str) -> Saved[ServiceRequest]:
        """Return one report; NotFound if it is not there or another resident's."""
        path = f"{PATH}/requests/{segment(service_request_id)}.json"
        found = await self._read(self._vault, path, service_requests_of)
        if not found.value:
            raise NotFound
        return Saved(found.value[0], found.as_of)

    async def updates(self, service_request_id: str) -> Saved[list[Update]]:
        """Return what happened to one report, oldest first."""
        path = f"{PATH}/requests/{segment(service_request_id)}/updates.json"
        return await self._read(self._vault, path, updates_of)

    async def media(self, url: str) -> bytes:
        """Return a photo by the address that a report or its media gave."""
        return await self._gateway.get_bytes(self._gateway.link(url), accept="image/*")

    async def submit(self, draft: ServiceRequestDraft) -> Receipt:
        """Send a report, or queue it when that is not possible now; the draft is then done.

        Raises Rejected with field errors, NotPermitted or NotFound; the draft is then kept.
        Called again with the same draft it sends nothing twice.
        """
        answer = await self._outbox.submit(KIND, draft.to_json(), item_id=draft.draft_id)
        if answer is None:
            await self.delete_draft(draft.draft_id)
            return Receipt(queued=True)
        return Receipt.from_json(answer)

    async def save_draft(self, draft: ServiceRequestDraft) -> None:
        """Keep a draft, replacing its earlier state."""
        await self._vault.put("drafts", draft.draft_id, draft.to_json())

    async def drafts(self) -> list[ServiceRequestDraft]:
        """Return the kept drafts, oldest first."""
        kept = await self._vault.list("drafts")
        return [ServiceRequestDraft.from_json(item) for item in kept.values()]

    async def delete_draft(self, draft_id: str) -> None:
        """Throw a draft away."""
        await self._vault.delete("drafts", draft_id)

    @staticmethod
    def draft_of(item: OutboxItem) -> ServiceRequestDraft:
        """Return a waiting or refused report for editing; submit it again to send it."""
        return ServiceRequestDraft.from_json(item.payload)

    async def _send(self, payload: Any, idempotency_key: str) -> Any:
        draft = ServiceRequestDraft.from_json(payload)
        answer = await self._gateway.post(
            f"{PATH}/requests.json",
            data=draft.form(),
            files=draft.files(),
            idempotency_key=idempotency_key,
        )
        Receipt.from_json(answer)
        await self.delete_draft(draft.draft_id)
        return answer

    async def _read(
        self, vault: SubjectVault, path: str, read: Callable[[Any], T], *, public: bool = False
    ) -> Saved[T]:
        async def fetch() -> Any:
            body = await self._gateway.get(path, public=public)
            read(body)
            return body

        saved = await read_or_saved(vault, self._clock, path, fetch)
        return Saved(read(saved.value), saved.as_of)
