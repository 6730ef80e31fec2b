"""What surrounds visits, from any FHIR R4 server: `$everything`, or else a search for each type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.client import GatewayClient, Param, segment
from services.errors import GatewayUnavailable, NotFound, NotPermitted, Rejected, ServiceError
from services.health_records.fhir import many, mapping, text

FHIR_JSON = "application/fhir+json"
TYPES = (
    *("Encounter", "Condition", "Observation", "DiagnosticReport", "MedicationRequest"),
    *("Procedure", "DocumentReference", "CarePlan", "Appointment", "ClinicalImpression"),
)
BEHIND = ("Practitioner", "PractitionerRole", "Organization", "Location", "Medication")
"""Types that say who and where; `$everything` brings them along."""

BY_ACTOR = ("Appointment",)
"""Types whose search parameter for the patient is another word than `patient`."""

PAGE, PAGES = 200, 100
OVERLAP = timedelta(minutes=2)
AFRESH_AFTER = timedelta(days=7)
"""`_since` never says what was withdrawn: after this long everything is asked for again."""


@dataclass(frozen=True, slots=True)
class Care:
    """Resources by `Type/id`, when they were last asked for, and when they were last asked for whole."""

    resources: Mapping[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    since: str = ""
    whole: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Care:
        """Read what `to_json` wrote."""
        found = mapping(value)
        resources = {
            k: v for k, v in mapping(found.get("resources")).items() if isinstance(v, dict)
        }
        return cls(resources, text(found.get("since")), text(found.get("whole")))

    def to_json(self) -> dict[str, Any]:
        """A value for the vault."""
        return {"resources": dict(self.resources), "since": self.since, "whole": self.whole}


async def fetch_care(
    fhir: GatewayClient, root: str, patient_id: str, care: Care, now: datetime
) -> Care:
    """Everything of a patient: asked for whole, or the kept `care` with what changed since.

    A server without `$everything` is searched type by type; a type it does not have is missing.
    Raises ServiceError: Offline and GatewayUnavailable, and NotFound where nothing at all is found.
    """
    stamp = now.isoformat(timespec="seconds")
    fresh = bool(care.whole) and now - datetime.fromisoformat(care.whole) < AFRESH_AFTER
    since = (datetime.fromisoformat(care.since) - OVERLAP).isoformat() if fresh else None
    query: dict[str, Param] = {
        "_type": ",".join((*TYPES, *BEHIND)),
        "_count": PAGE,
        "_since": since,
    }
    path = f"{root}Patient/{segment(patient_id)}/$everything"
    try:
        found = await _pages(fhir, path, query)
    except ServiceError as error:
        if not _is_unknown(error):
            raise
        return Care(await _search(fhir, root, patient_id), stamp, stamp)
    if since is None:
        return Care(found, stamp, stamp)
    return Care({**care.resources, **found}, stamp, care.whole)


async def _search(fhir: GatewayClient, root: str, patient_id: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    missing: ServiceError | None = None
    for kind in TYPES:
        name = "actor" if kind in BY_ACTOR else "patient"
        whom = f"Patient/{patient_id}" if kind in BY_ACTOR else patient_id
        try:
            found |= await _pages(fhir, f"{root}{kind}", {name: whom, "_count": PAGE})
        except ServiceError as error:
            if not _is_unknown(error):
                raise
            missing = error
    if isinstance(missing, NotFound) and not found:
        # Not even Encounter: the record itself is not there any more, or the server has none of it.
        await fhir.get(f"{root}Patient/{segment(patient_id)}", accept=FHIR_JSON)
    return found


async def _pages(
    fhir: GatewayClient, path: str, query: Mapping[str, Param]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    given = {name: value for name, value in query.items() if value is not None}
    for _page in range(PAGES):
        answer = await fhir.fetch(path, query=given, accept=FHIR_JSON)
        bundle = mapping(answer.json())
        for entry in map(mapping, many(bundle.get("entry"))):
            resource = entry.get("resource")
            if isinstance(resource, dict) and text(resource.get("resourceType")):
                name = text(resource.get("id")) or text(entry.get("fullUrl"))
                found[f"{resource['resourceType']}/{name}"] = resource
        links = map(mapping, many(bundle.get("link")))
        path = next((text(k.get("url")) for k in links if k.get("relation") == "next"), "")
        given = {}
        if not path:
            break
    found.pop("OperationOutcome/", None)
    return found


def _is_unknown(error: ServiceError) -> bool:
    """Whether the server says that it does not do this, rather than that it cannot now."""
    if isinstance(error, GatewayUnavailable):
        return error.status in (405, 501)
    return isinstance(error, (NotFound, NotPermitted, Rejected))
