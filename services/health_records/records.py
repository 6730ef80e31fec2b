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

    async def summary(self) -> Saved[HealthSummary]:
        """Read the record; with `as_of` it is the saved copy. No record reads as an empty one.

        Raises ServiceError: Offline or GatewayUnavailable when there is no copy either.
        """
        if not self._keep_copies:
            return Saved(read_summary(await self._fetch()))
        saved = await read_or_saved(self._vault, self._clock, _KEY, self._fetch)
        return Saved(read_summary(saved.value), saved.as_of)

    async def forget(self) -> None:
        """Remove the copy from this device."""
        await self._vault.delete(TABLE, _KEY)

    async def _fetch(self) -> Any:
        found = mapping(await self._gateway.get("/fhir/R4/Patient", accept=FHIR_JSON))
        patients = (mapping(mapping(entry).get("resource")) for entry in many(found.get("entry")))
        ids = (text(p.get("id")) for p in patients if p.get("resourceType") == "Patient")
        patient_id = next(filter(None, ids), None)
        if patient_id is None:
            return {}
        path = f"/fhir/R4/Patient/{segment(patient_id)}/$summary"
        return await self._gateway.get(path, accept=FHIR_JSON)
