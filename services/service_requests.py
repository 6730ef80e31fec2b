"""The resident's own service requests (Open311 GeoReport v2): read, drafted, sent, acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from services.city import City
from services.client import GatewayClient
from services.clock import ServerClock
from services.drafts import ServiceRequestDraft
from services.errors import NotFound, ServiceError
from services.georeport import (
    Media,
    Nearby,
    Receipt,
    Service,
    ServiceDefinition,
    ServiceRequest,
    Similar,
    Update,
    nearby_of,
    similar_of,
)
from services.outbox import Outbox, OutboxItem
from services.photos import Photo
from services.report_acts import ACTS, Act, Correction, Sent
from services.report_reading import ReportReading
from services.report_sending import KIND, ReportSending, act_of_payload, report_of_payload
from services.saved import Saved
from services.vault import SubjectVault

__all__ = [
    "ACTS",
    "KIND",
    "Act",
    "Correction",
    "Media",
    "Nearby",
    "Receipt",
    "Sent",
    "Service",
    "ServiceDefinition",
    "ServiceRequest",
    "ServiceRequestDraft",
    "ServiceRequests",
    "Similar",
    "Update",
]


class ServiceRequests:
    """What the signed-in resident has reported, and how they report.

    Reads give `Saved`: when the gateway is out of reach the value is the copy kept in the vault.
    `extended` says that the city has our extension; without it, everything but reporting, the list
    and the detail raises NotFound, and the views hide it.
    """

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        everyone: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        city: City | None = None,
    ) -> None:
        city = city or City()
        self.extended = city.extended
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._reading = ReportReading(gateway, vault, everyone, outbox, clock, city)
        ReportSending(gateway, vault, city).register(outbox)

    async def list_services(self) -> Saved[list[Service]]:
        """Return the kinds of problem that can be reported, in the city's order."""
        return await self._reading.services()

    async def definition(self, service_code: str) -> ServiceDefinition:
        """Return the extra questions of a service; without any, nothing is asked of the city."""
        return await self._reading.definition(service_code)

    async def list_mine(self) -> Saved[list[ServiceRequest]]:
        """Return the resident's own reports, as the gateway orders them.

        Of a plain GeoReport city: what this device has sent, newest first.
        """
        return await self._reading.mine()

    async def list_followed(self) -> Saved[list[ServiceRequest]]:
        """Return the reports of others that the resident follows."""
        return await self._reading.followed()

    async def nearby(
        self, lat: float, long: float, radius: int = 1000, service_code: str = ""
    ) -> list[Nearby]:
        """Return reports within `radius` metres (up to 5000), nearest first; for guests too."""
        place = {"lat": f"{lat:.6f}", "long": f"{long:.6f}", "radius": radius}
        found = nearby_of(await self._extra("/reports/nearby", service_code or None, **place))
        mark = await self._marking()
        return [replace(one, request=mark(one.request)) for one in found]

    async def similar(self, service_code: str, lat: float, long: float) -> list[Similar]:
        """Return open reports that may be about the same thing, nearest first."""
        place = {"lat": f"{lat:.6f}", "long": f"{long:.6f}"}
        found = similar_of(await self._extra("/reports/similar", service_code, **place))
        mark = await self._marking()
        return [replace(one, request=mark(one.request)) for one in found]

    async def get(self, service_request_id: str) -> Saved[ServiceRequest]:
        """Return one report; NotFound if it is not there or not for this resident to see."""
        return await self._reading.one(service_request_id)

    async def updates(self, service_request_id: str) -> Saved[list[Update]]:
        """Return what happened to one report, oldest first."""
        return await self._reading.updates(service_request_id)

    async def media(self, url: str) -> bytes:
        """Return a photo by the address that a report or its media gave."""
        return await self._gateway.get_bytes(self._gateway.link(url), accept="image/*")

    async def document(self, url: str) -> bytes:
        """Return a document (PDF) by the address that its media gave."""
        return await self._gateway.get_bytes(self._gateway.link(url), accept="application/pdf")

    async def submit(self, draft: ServiceRequestDraft) -> Receipt:
        """Send a report, or queue it when that is not possible now; the draft is then done.

        Raises Rejected with field errors, NotPermitted or NotFound; the draft is then kept.
        Called again with the same draft it sends nothing twice.
        """
        payload = replace(draft, photos=tuple(_without_picture(one) for one in draft.photos))
        answer = await self._outbox.submit(
            KIND,
            payload.to_json(),
            item_id=draft.draft_id,
            photos=[(photo.jpeg, photo.description) for photo in draft.photos],
        )
        await self.delete_draft(draft.draft_id)
        return Receipt(queued=True) if answer is None else Receipt.from_json(answer)

    async def answer(
        self, about: str, description: str, photos: Sequence[Photo] = (), *, act_id: str = ""
    ) -> Sent:
        """Answer the officer's question. `act_id` is the outbox item that this replaces, if any."""
        return await self._act(Act("answer", about, description, tuple(photos)), act_id)

    async def withdraw(self, about: str, *, act_id: str = "") -> Sent:
        """Take a report back before anybody works on it."""
        return await self._act(Act("withdraw", about), act_id)

    async def reopen(
        self, about: str, description: str, photos: Sequence[Photo] = (), *, act_id: str = ""
    ) -> Sent:
        """Say that it is not fixed, with a reason or a photo."""
        return await self._act(Act("reopen", about, description, tuple(photos)), act_id)

    async def rate(self, about: str, rating: str, comment: str = "", *, act_id: str = "") -> Sent:
        """Rate the answer: satisfied, acceptable or unsatisfied."""
        return await self._act(Act("rate", about, rating=rating, comment=comment), act_id)

    async def correct(self, about: str, correction: Correction, *, act_id: str = "") -> Sent:
        """Correct what was sent, within the first minutes."""
        return await self._act(Act("correct", about, correction=correction), act_id)

    async def follow(self, about: str) -> Sent:
        """Be told of what happens to a report of somebody else."""
        return await self._act(Act("follow", about), "")

    async def unfollow(self, about: str) -> Sent:
        """No longer be told."""
        return await self._act(Act("unfollow", about), "")

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
        """Return a waiting or refused report for showing; its photos have no pictures."""
        return report_of_payload(item.payload)

    async def draft_to_fix(self, item: OutboxItem) -> ServiceRequestDraft:
        """Return a waiting or refused report for editing; submit it again to send it."""
        draft = self.draft_of(item)
        return replace(draft, photos=_with_pictures(draft.photos, await self._outbox.photos(item)))

    @staticmethod
    def act_of(item: OutboxItem) -> Act:
        """Return a waiting or refused act for showing; its photos have no pictures."""
        return act_of_payload(item.kind, item.about, item.payload)

    async def act_to_fix(self, item: OutboxItem) -> Act:
        """Return a waiting or refused act for editing; do it again with its `act_id` to send it."""
        act = self.act_of(item)
        return replace(act, photos=_with_pictures(act.photos, await self._outbox.photos(item)))

    async def _act(self, act: Act, act_id: str) -> Sent:
        if not self.extended:
            raise NotFound
        answer = await self._outbox.submit(
            act.kind,
            act.to_json(),
            item_id=act_id or None,
            about=act.about,
            photos=[(photo.jpeg, photo.description) for photo in act.photos],
        )
        return await self._reading.after(answer)

    async def _marking(self) -> Callable[[ServiceRequest], ServiceRequest]:
        """Return what says of a public report whether it is one's own or followed.

        The public answer is the same for everybody, so what is one's own is known from one's lists.
        """
        mine: set[str] = set()
        followed: set[str] = set()
        if self._vault.present:
            with suppress(ServiceError):
                mine = {one.service_request_id for one in (await self.list_mine()).value}
                followed = {one.service_request_id for one in (await self.list_followed()).value}

        def mark(report: ServiceRequest) -> ServiceRequest:
            found = report.service_request_id
            return replace(report, mine=found in mine, following=found in followed)

        return mark

    async def _extra(self, path: str, service_code: str | None, **place: Any) -> Any:
        if not self.extended:
            raise NotFound
        return await self._gateway.get(path, public=True, service_code=service_code, **place)


def _without_picture(photo: Photo) -> Photo:
    return replace(photo, jpeg=b"")


def _with_pictures(photos: Sequence[Photo], jpegs: Sequence[bytes]) -> tuple[Photo, ...]:
    pairs = zip(photos, jpegs, strict=False)
    return tuple(replace(photo, jpeg=jpeg) for photo, jpeg in pairs)
