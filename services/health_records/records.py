"""The resident's own health record, from the gateway or from the copy kept for reading offline."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Offline, Rejected
from services.health_records.fhir import many, mapping, text
from services.health_records.summary import HealthSummary, read_summary
from services.saved import Saved
from services.vault import SubjectVault

FHIR_JSON = "application/fhir+json"
_TABLE, _KEY = "health_records", "summary"


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
        try:
            bundle = await self._fetch()
        except (Offline, GatewayUnavailable):
            saved = await self._saved()
            if saved is None:
                raise
            return saved
        await self._keep(bundle)
        return Saved(read_summary(bundle))

    async def forget(self) -> None:
        """Remove the copy from this device."""
        await self._vault.delete(_TABLE, _KEY)

    async def _fetch(self) -> Any:
        found = mapping(await self._gateway.get("/fhir/R4/Patient", accept=FHIR_JSON))
        patients = (mapping(mapping(entry).get("resource")) for entry in many(found.get("entry")))
        ids = (text(p.get("id")) for p in patients if p.get("resourceType") == "Patient")
        patient_id = next(filter(None, ids), None)
        if patient_id is None:
            return {}
        path = f"/fhir/R4/Patient/{segment(patient_id)}/$summary"
        return await self._gateway.get(path, accept=FHIR_JSON)

    async def _saved(self) -> Saved[HealthSummary] | None:
        if not self._keep_copies:
            return None
        try:
            copy = await self._vault.get(_TABLE, _KEY)
        except NotFound:
            return None  # Altered on the device: not worth reading.
        if copy is None:
            return None
        return Saved(read_summary(copy["bundle"]), datetime.fromisoformat(copy["saved_at"]))

    async def _keep(self, bundle: Any) -> None:
        if not self._keep_copies:
            return
        copy = {"saved_at": self._clock.now().isoformat(), "bundle": bundle}
        # A full disk, or a number JSON cannot hold, costs the copy and not the reading.
        with suppress(Rejected, ValueError):
            await self._vault.put(_TABLE, _KEY, copy)
