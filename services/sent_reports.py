"""What this device has sent to a plain GeoReport city, which has no list of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.client import segment
from services.drafts import ServiceRequestDraft
from services.errors import ServiceError
from services.georeport import Receipt, ServiceRequest
from services.outbox import Outbox
from services.reading import mappings, moment_of, words

Fetch = Callable[[str], Awaitable[Any]]
"""Reads a resource of the city, such as `tokens/T`, as JSON would have it."""


@dataclass(frozen=True, slots=True)
class SentReport:
    """One report that left this device: what the city answered, and what had been entered."""

    receipt: Receipt
    draft: ServiceRequestDraft
    sent: datetime | None

    @property
    def id(self) -> str:
        """The city's id, or its token as long as there is no id."""
        return self.receipt.service_request_id or self.receipt.token or ""

    def as_report(self) -> ServiceRequest:
        """Return what is known of it before the city shows it."""
        return ServiceRequest(
            service_request_id=self.id,
            status="open",
            status_code="waiting",
            service_code=self.draft.service_code,
            description=self.draft.description,
            service_notice=self.receipt.service_notice,
            requested_datetime=self.sent,
            address=self.draft.address,
            ward_code=self.draft.ward_code,
            lat=self.draft.lat,
            long=self.draft.long,
        )


class SentReports:
    """The kept answers of the outbox; a token is turned into an id as soon as the city has one."""

    def __init__(self, outbox: Outbox, fetch: Fetch) -> None:
        self._outbox = outbox
        self._fetch = fetch

    async def known(self) -> list[SentReport]:
        """Return what was sent, oldest first."""
        found = []
        for item_id, kept in (await self._outbox.answers()).items():
            one = SentReport(
                Receipt.from_json(kept["answer"]),
                ServiceRequestDraft.from_json(kept["payload"]),
                moment_of(kept["sent"]),
            )
            found.append(one if one.receipt.service_request_id else await self._named(item_id, one))
        return found

    async def _named(self, item_id: str, one: SentReport) -> SentReport:
        """Ask for the id of a token; without a network, or before there is one, it stays a token."""
        with suppress(ServiceError):
            answer = await self._fetch(f"tokens/{segment(one.receipt.token or '')}")
            for item in mappings(answer):
                if found := words(item, "service_request_id"):
                    receipt = replace(one.receipt, service_request_id=found)
                    await self._outbox.keep_answer(item_id, [receipt.to_json()])
                    return replace(one, receipt=receipt)
        return one
