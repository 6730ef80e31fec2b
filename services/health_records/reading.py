"""From one FHIR resource to one `Item`. A reader raises `UnreadableError` over a half-truth."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from services.health_records.document import (
    Document,
    Resource,
    narrative,
    require_concept,
)
from services.health_records.fhir import (
    FhirDate,
    UnreadableError,
    date,
    many,
    mapping,
    paragraph,
    quantity,
    text,
)

_TITLE_LENGTH = 160
_PLAIN_CODE = re.compile(r"[a-z][a-z-]{2,31}")


def common(
    document: Document, resource: Resource, concept: object, element: str, status: str
) -> dict[str, Any]:
    """The fields every `Item` has, by name. Raises `UnreadableError` without a title."""
    code = require_concept(concept, element)
    title = document.concept(code) or narrative(resource)[:_TITLE_LENGTH]
    if not title:
        raise UnreadableError(element)
    return {
        "key": key_of(document.address(resource)),
        "address": document.address(resource),
        "resource_type": text(resource.get("resourceType")),
        "title": title,
        "status": status,
        "recorded": date(resource.get("recordedDate")) or date(resource.get("dateAsserted")),
        "recorded_by": recorded_by(document, resource),
        "codes": document.codes(code),
        "notes": notes(resource),
    }


def key_of(address: str) -> str:
    """A short name for an entry that may stand in an address of the app."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def status_code(resource: Resource, element: str = "status") -> str:
    """A plain status code. Raises `UnreadableError` when there is one that is not a code."""
    value = resource.get(element)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(element)
    return text(value)


def concept_code(resource: Resource, element: str) -> str:
    """The code of a status given as a concept, or as the plain code of FHIR STU3.

    Raises `UnreadableError` for another type.
    """
    if isinstance(plain := resource.get(element), str) and _PLAIN_CODE.fullmatch(plain):
        return plain
    found = require_concept(resource.get(element), element)
    codings = [mapping(coding) for coding in many(found.get("coding"))]
    return next((c for c in (text(x.get("code")) for x in codings) if c), text(found.get("text")))


def when(resource: Resource, stem: str) -> tuple[FhirDate | None, FhirDate | None]:
    """Start and end of a choice such as onset[x], effective[x], performed[x]."""
    period = mapping(resource.get(f"{stem}Period"))
    moments = (resource.get(stem + kind) for kind in ("DateTime", "Instant", "Date", "String"))
    start = next((found for found in map(date, moments) if found), None)
    if start is None and f"{stem}Age" in resource:
        age = quantity(resource.get(f"{stem}Age"))
        start = FhirDate(age.text) if age else None
    return start or date(period.get("start")), date(period.get("end"))


def notes(resource: Resource) -> tuple[str, ...]:
    """The texts of the resource's annotations; in R4 some are plain strings."""
    found = (paragraph(mapping(n).get("text")) or paragraph(n) for n in many(resource.get("note")))
    return tuple(words for words in found if words)


def concepts(document: Document, values: object) -> tuple[str, ...]:
    """Each concept of a list in words, empty ones left out."""
    found = (document.concept(value) or text(value) for value in many(values))
    return tuple(dict.fromkeys(words for words in found if words))


def parties(document: Document, resource: Resource, values: object, *inner: str) -> tuple[str, ...]:
    """The names behind references, directly or under one of the `inner` elements."""
    found: list[str] = []
    for value in many(values):
        element: Mapping[str, object] = mapping(value)
        nested = next((element[name] for name in inner if name in element), element)
        found.append(document.party(nested, resource))
    return tuple(dict.fromkeys(name for name in found if name))


def dosage(document: Document, resource: Resource) -> str:
    """How to take it: the prescriber's text, else dose and route."""
    lines: list[str] = []
    for value in many(resource.get("dosage") or resource.get("dosageInstruction")):
        instruction = mapping(value)
        words = paragraph(instruction.get("text")) or paragraph(
            instruction.get("patientInstruction")
        )
        if not words:
            dose = quantity(mapping(instruction.get("doseAndRate")).get("doseQuantity"))
            parts = (dose.text if dose else "", document.concept(instruction.get("route")))
            words = " · ".join(part for part in parts if part)
        lines.append(words)
    return "\n".join(line for line in dict.fromkeys(lines) if line)


def recorded_by(document: Document, resource: Resource) -> str:
    """Who stands behind the resource: who asserted, recorded, asked for or performed it."""
    for element in ("asserter", "recorder", "informationSource", "requester"):
        if name := document.party(resource.get(element), resource):
            return name
    performers = parties(document, resource, resource.get("performer"), "actor")
    return ", ".join(performers)
