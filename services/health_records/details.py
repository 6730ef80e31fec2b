"""Everything a resource says of itself, read when one line of the record is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.health_records.document import Code, Document, Resource, narrative
from services.health_records.fhir import FhirDate, date, many, mapping, quantity, text
from services.health_records.items import Item
from services.health_records.reading import concepts, parties

Fact = tuple[str, str | FhirDate]

CONCEPTS = (
    *("category", "severity", "bodySite", "site", "route", "method", "reasonCode"),
    *("statusReason", "outcome", "complication", "followUp", "targetDisease", "reaction"),
    *("evidence", "stage", "programEligibility", "fundingSource", "dischargeDisposition"),
)
PARTIES = (
    *("asserter", "recorder", "informationSource", "requester", "performer", "location"),
    *("manufacturer", "specimen", "device", "author", "participant", "serviceProvider"),
)
DATES = (
    *("recordedDate", "dateAsserted", "authoredOn", "issued", "lastOccurrence"),
    *("expirationDate", "whenPrepared", "whenHandedOver"),
)
_INNER = ("actor", "individual", "location", "member", "party")


@dataclass(frozen=True, slots=True)
class Details:
    """(element, words or date) in the resource's order of meaning, its codes, its own narrative."""

    facts: tuple[Fact, ...] = ()
    codes: tuple[tuple[str, Code], ...] = ()
    narrative: str = ""


def details_of(document: Document, item: Item) -> Details:
    """What the item's resource says beyond the item; empty when it is not in the document."""
    resource = document.at(item.address)
    if resource is None:
        return Details()
    facts = (*_concepts(document, resource), *_parties(document, resource), *_dates(resource))
    facts = (*facts, *_amounts(resource))
    return Details(facts, tuple(_codes(document, resource)), narrative(resource))


def _concepts(document: Document, resource: Resource) -> Iterator[Fact]:
    for element in CONCEPTS:
        found = resource.get(element)
        words = concepts(document, found)
        if element == "reaction":
            words = tuple(_reactions(document, found))
        if words:
            yield element, ", ".join(words)


def _reactions(document: Document, found: object) -> Iterator[str]:
    for reaction in map(mapping, many(found)):
        shown = ", ".join(concepts(document, reaction.get("manifestation")))
        severity = text(reaction.get("severity"))
        if shown and severity:
            yield f"{shown} ({severity})"
        elif shown:
            yield shown


def _parties(document: Document, resource: Resource) -> Iterator[Fact]:
    for element in PARTIES:
        if names := parties(document, resource, resource.get(element), *_INNER):
            yield element, ", ".join(names)


def _dates(resource: Resource) -> Iterator[Fact]:
    for element in DATES:
        if found := date(resource.get(element)):
            yield element, found


def _amounts(resource: Resource) -> Iterator[Fact]:
    """What a prescription says of how much and how long."""
    supply = mapping(resource.get("dispenseRequest"))
    for element in ("quantity", "expectedSupplyDuration"):
        if amount := quantity(supply.get(element)):
            yield element, amount.text
    repeats = supply.get("numberOfRepeatsAllowed")
    if isinstance(repeats, int) and not isinstance(repeats, bool):
        yield "numberOfRepeatsAllowed", str(repeats)


def _codes(document: Document, resource: Resource) -> Iterator[tuple[str, Code]]:
    for element, value in resource.items():
        for found in many(value):
            for code in document.codes(found):
                yield text(element), code
    if status := text(resource.get("status")):
        yield "status", Code("", status)
