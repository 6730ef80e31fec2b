"""The resident's own health record, from the gateway or from the copy kept for reading offline."""

from __future__ import annotations

from typing import Any

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.health_records.fhir import many, mapping, text
from services.health_records.summary import HealthSummary, read_summary
from services.offline import TABLE, read_or_saved
from services.saved import Saved
from services.vault import SubjectVault

FHIR_JSON = "application/fhir+json"
_KEY = "health_records/summary"
OWN = "own"


class HealthRecords:
    """The signed-in resident's record on a FHIR R4 server.

    `keep_copies` is False on the web, where a copy would lie on the server: then nothing is
    stored, and without an answer there is nothing to read.
    """

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock, *, keep_copies: bool
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._keep_copies = keep_copies

    async def summary(self, patient_id: str | None = None) -> Saved[HealthSummary]:
        """Read the resident's own record, or the one of a FHIR id that they may read.

        With `as_of` it is the saved copy. No record reads as an empty one.
        Raises ServiceError: Offline or GatewayUnavailable when there is no copy either, NotFound
        for a record that is not (or no more) theirs to read.
        """

        async def fetch() -> Any:
            return await self._fetch(patient_id)

        if not self._keep_copies:
            return Saved(read_summary(await fetch()))
        saved = await read_or_saved(self._vault, self._clock, _key(patient_id), fetch)
        return Saved(read_summary(saved.value), saved.as_of)

    async def forget(self) -> None:
        """Remove the copies from this device, of every record that was read here."""
        vault = self._vault.pinned()
        for key in await vault.list(TABLE):
            if key.startswith(_KEY):
                await vault.delete(TABLE, key)

    async def _fetch(self, patient_id: str | None) -> Any:
        patient_id = patient_id or await self._own_id()
        if patient_id is None:
            return {}
        path = f"/fhir/R4/Patient/{segment(patient_id)}/$summary"
        return await self._gateway.get(path, accept=FHIR_JSON)

    async def _own_id(self) -> str | None:
        """The first Patient the server names: the caller's own comes before those they may read."""
        found = mapping(await self._gateway.get("/fhir/R4/Patient", accept=FHIR_JSON))
        patients = (mapping(mapping(entry).get("resource")) for entry in many(found.get("entry")))
        ids = (text(p.get("id")) for p in patients if p.get("resourceType") == "Patient")
        return next(filter(None, ids), None)


def _key(patient_id: str | None) -> str:
    return f"{_KEY}/{patient_id or OWN}"
