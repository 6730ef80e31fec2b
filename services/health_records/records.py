"""The resident's own health record, from the server or from the copy kept for reading offline."""

from __future__ import annotations

import asyncio
from typing import Any

from services.answers import Answer
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Offline
from services.health_records.care import Care, fetch_care
from services.health_records.copies import Copies, Kept
from services.health_records.fhir import many, mapping, text
from services.health_records.reminders import Reminders
from services.health_records.summary import HealthSummary, read_summary
from services.health_records.visits import VisitRecord, read_visits
from services.keeping import Keep
from services.saved import Saved
from services.vault import SubjectVault

FHIR_JSON = "application/fhir+json"
SUMMARY, CARE = "summary", "care"


class HealthRecords:
    """The signed-in resident's record on a FHIR R4 server, and those they may read beside it.

    `keep_copies` says no on the web, where a copy would lie on the server, and without consent: then
    nothing is stored, and without an answer there is nothing to read. `fhir` is the server when it is not
    the gateway's own, below /fhir/R4.
    """

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        clock: ServerClock,
        *,
        keep_copies: Keep,
        fhir: GatewayClient | None = None,
    ) -> None:
        self._gateway = gateway
        self._fhir, self._root = (fhir, "") if fhir is not None else (gateway, "/fhir/R4/")
        self._clock = clock
        self._copies = Copies(vault, clock, keep=keep_copies)
        self._reading = asyncio.Lock()
        self._own: tuple[SubjectVault, str] | None = None
        self._vault = vault
        self.reminders = Reminders(vault)

    async def summary(self, patient_id: str | None = None) -> Saved[HealthSummary]:
        """Read the resident's own record, or the one of a FHIR id that they may read.

        With `as_of` it is the saved copy. No record reads as an empty one. What has not changed
        since the copy is not fetched again (ETag).
        Raises ServiceError: Offline or GatewayUnavailable when there is no copy either, NotFound
        for a record that is not (or no more) theirs to read.
        """
        slot = self._copies.slot(SUMMARY, patient_id)
        kept = await self._kept_summary(patient_id)
        try:
            answer = await self._ask(patient_id, kept.etag if kept else "")
        except (Offline, GatewayUnavailable):
            if kept is None or not await slot.kept_here():
                raise
            return Saved(kept.value, kept.as_of)
        except NotFound:
            self._own = None
            await slot.drop()
            await self._copies.slot(CARE, patient_id).drop()
            raise
        if answer is None:
            await slot.drop()
            return Saved(read_summary({}))
        if answer.status == 304 and kept is not None:
            await slot.confirm()
            return Saved(kept.value)
        async with self._reading:
            found = await asyncio.to_thread(_parsed, answer)
        await slot.put(found[0], found[1], answer.headers.get("etag", ""))
        return Saved(found[1])

    async def copy(self, patient_id: str | None = None) -> Saved[HealthSummary] | None:
        """The copy kept here, without asking anyone; None without one (always so on the web)."""
        kept = await self._kept_summary(patient_id)
        return Saved(kept.value, kept.as_of) if kept else None

    def at_hand(self, patient_id: str | None = None) -> Saved[HealthSummary] | None:
        """What this session has read already, at once and without a wait."""
        present = self._vault.present
        kept = self._copies.slot(SUMMARY, patient_id).at_hand() if present else None
        return Saved(kept.value, kept.as_of) if kept else None

    async def visits(self, patient_id: str | None = None) -> Saved[tuple[VisitRecord, ...]]:
        """Every visit with what belongs to it, newest first.

        What the server has no resource type for is missing there, not an error. Only what changed
        since the copy is fetched (`_since`). Raises as `summary` does.
        """
        slot = self._copies.slot(CARE, patient_id)
        kept: Kept[tuple[VisitRecord, ...]] | None = await slot.kept(_read_care)
        care = Care.from_json(kept.raw) if kept else Care()
        try:
            own = patient_id or await self._own_id()
            if own is None:
                return Saved(())
            now = self._clock.now()
            found = await fetch_care(self._fhir, self._root, own, care, now)
        except (Offline, GatewayUnavailable):
            if kept is None or not await slot.kept_here():
                raise
            return Saved(kept.value, kept.as_of)
        except NotFound:
            await slot.drop()
            raise
        if kept is not None and found.resources == care.resources:
            await slot.put(found.to_json(), kept.value, "")
            return Saved(kept.value)
        async with self._reading:
            visits = await asyncio.to_thread(_read_care, found.to_json())
        await slot.put(found.to_json(), visits, "")
        return Saved(visits)

    async def page(self, binary_id: str, number: int) -> tuple[bytes, int]:
        """Fetch a page of a document as a PNG, made by the gateway, and how many pages there are."""
        path = f"/health/v1/documents/{segment(binary_id)}/pages/{number}.png"
        answer = await self._gateway.fetch(path, accept="image/png")
        count = answer.headers.get("x-page-count", "")
        return answer.content, int(count) if count.isdecimal() else number

    async def file(self, url: str, content_type: str) -> bytes:
        """Fetch a document itself, from the address its attachment gives."""
        path = url if "://" in url else self._root + url.lstrip("/")
        return await self._fhir.get_bytes(path, accept=content_type or "*/*")

    async def printed(self, sections: tuple[str, ...], patient_id: str | None = None) -> bytes:
        """Fetch a PDF of the chosen sections (LOINC codes) of one's own record, or another's."""
        body: dict[str, Any] = {"sections": list(sections)}
        body |= {"patient_id": patient_id} if patient_id is not None else {}
        path, accept = "/health/v1/summary.pdf", "application/pdf"
        answer = await self._gateway.send("POST", path, json=body, accept=accept, retry=True)
        return answer.content

    async def forget(self) -> None:
        """Remove every copy of health data from this device."""
        self._own = None
        await self._copies.forget()

    async def _kept_summary(self, patient_id: str | None) -> Kept[HealthSummary] | None:
        async with self._reading:
            return await self._copies.slot(SUMMARY, patient_id).kept(read_summary)

    async def _ask(self, patient_id: str | None, etag: str) -> Answer | None:
        patient_id = patient_id or await self._own_id()
        if patient_id is None:
            return None
        path = f"{self._root}Patient/{segment(patient_id)}/$summary"
        return await self._fhir.fetch(path, etag=etag, accept=FHIR_JSON)

    async def _own_id(self) -> str | None:
        """The first Patient the server names: the caller's own comes before those they may read."""
        if self._own is not None and self._own[0].belongs_to(self._vault):
            return self._own[1]
        vault = self._vault.pinned()
        found = mapping(await self._fhir.get(f"{self._root}Patient", accept=FHIR_JSON))
        patients = (mapping(mapping(entry).get("resource")) for entry in many(found.get("entry")))
        ids = (text(p.get("id")) for p in patients if p.get("resourceType") == "Patient")
        own = next(filter(None, ids), None)
        self._own = (vault, own) if own is not None else None
        return own


def _parsed(answer: Answer) -> tuple[Any, HealthSummary]:
    value = answer.json()
    return value, read_summary(value)


def _read_care(value: Any) -> tuple[VisitRecord, ...]:
    return read_visits(Care.from_json(value).resources)
