"""Sections of a document, filled: every resource once, where it is listed or by its type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from services.health_records.closing import Draft, close_section
from services.health_records.document import Document, Resource
from services.health_records.fhir import UnreadableError, many, mapping, text
from services.health_records.items import Allergy, Condition, Item, Medicine
from services.health_records.readers import (
    read_allergy,
    read_condition,
    read_immunization,
    read_medicine,
    read_other,
    read_procedure,
    read_recommendations,
    read_visit,
)
from services.health_records.reading import concept_code
from services.health_records.results import members, read_results
from services.health_records.sections import (
    KNOWN,
    PAST_CONDITIONS,
    SOCIAL_HISTORY,
    TYPES,
    VITAL_SIGNS,
    Section,
    statement,
)

_READERS: Mapping[str, Callable[[Document, Resource], Item]] = {
    "AllergyIntolerance": read_allergy,
    "Condition": read_condition,
    "Immunization": read_immunization,
    "Procedure": read_procedure,
    "Encounter": read_visit,
    **dict.fromkeys(
        (
            "Medication",
            "MedicationStatement",
            "MedicationRequest",
            "MedicationDispense",
            "MedicationAdministration",
        ),
        read_medicine,
    ),
}
_BEHIND_THE_SCENES = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Composition"}
    | {"RelatedPerson", "Medication", "Provenance", "Specimen", "Binary", "CareTeam", "Claim"}
    | {"ExplanationOfBenefit", "Coverage", "Device", "Media", "SupplyDelivery", "OperationOutcome"}
)


def assemble(document: Document) -> dict[str, Section[Any]]:
    """Every section that has anything in it or that the document speaks of, by its LOINC code."""
    drafts: dict[str, Draft] = {}
    taken: set[int] = set()
    for source in _sections(document.first("Composition")):
        entries = [document.resolve(reference) for reference in many(source.get("entry"))]
        code = _code(document, source, next(filter(None, entries), None))
        draft = drafts.setdefault(code, Draft(code))
        draft.sources.append(source)
        for found in entries:
            if found is None:
                draft.unreadable += 1
            elif id(found) not in taken:
                taken.add(id(found))
                draft.resources.append(found)
    for code, resource in _unlisted(document, taken):
        drafts.setdefault(code, Draft(code)).resources.append(resource)
    about = _subject(document)
    return {code: _fill(document, draft, about) for code, draft in drafts.items()}


def _sections(parent: Mapping[str, object], depth: int = 0) -> Iterator[Mapping[str, object]]:
    for section in map(mapping, many(parent.get("section"))):
        yield section
        if depth < 5:
            yield from _sections(section, depth + 1)


def _code(document: Document, source: Mapping[str, object], listed: Resource | None) -> str:
    """The section's LOINC code; where it is none we know, what its first resource is decides.

    Observations are told apart by their section alone, so they do not decide against a code.
    """
    codes = document.codes(source.get("code"))
    loinc = [code.code for code in codes if code.system == "http://loinc.org"]
    given = next(iter(loinc + [code.code for code in codes]), "")
    kind = text((listed or {}).get("resourceType"))
    if listed is None or given in KNOWN or kind not in TYPES or (given and kind == "Observation"):
        return given or text(source.get("title"))
    return _place(listed, kind)


def _unlisted(document: Document, taken: set[int]) -> Iterator[tuple[str, Resource]]:
    """Resources that no section lists, unless another resource holds them as its parts."""
    everything = [resource for _, resource in document.entries]
    hidden = taken | _members_of(document, everything)
    for resource in everything:
        kind = text(resource.get("resourceType"))
        if id(resource) in hidden or kind in _BEHIND_THE_SCENES or kind not in TYPES:
            continue
        yield _place(resource, kind), resource


def _members_of(document: Document, resources: Iterable[Resource]) -> set[int]:
    return {id(member) for resource in resources for member in members(document, resource)}


def _place(resource: Resource, kind: str) -> str:
    if kind == "Condition" and _quiet_code(resource, "clinicalStatus") in ("resolved", "inactive"):
        return PAST_CONDITIONS
    if kind == "Observation":
        categories = {_quiet_code({"c": c}, "c") for c in many(resource.get("category"))}
        if "vital-signs" in categories:
            return VITAL_SIGNS
        if "social-history" in categories:
            return SOCIAL_HISTORY
    return TYPES[kind]


def _quiet_code(resource: Resource, element: str) -> str:
    try:
        return concept_code(resource, element)
    except UnreadableError:
        return ""


def _subject(document: Document) -> Resource | None:
    return document.resolve(document.first("Composition").get("subject")) or next(
        document.resources("Patient"), None
    )


def _is_about(document: Document, resource: Resource, subject: Resource | None) -> bool:
    """Another patient's resource in the same bundle is never shown as this one's."""
    target = document.resolve(resource.get("subject") or resource.get("patient"), resource)
    return target is None or target is subject or target.get("resourceType") != "Patient"


def _fill(document: Document, draft: Draft, about: Resource | None) -> Section[Any]:
    items: list[Item] = []
    nones: list[Resource] = []
    unreadable = draft.unreadable
    parts, seen = _members_of(document, draft.resources), set[int]()
    # A panel comes before its members, so that they know what they belong to.
    for resource in sorted(draft.resources, key=lambda resource: id(resource) in parts):
        says = statement(document, resource)
        if not _is_about(document, resource, about) or _is_error(resource):
            continue
        if says == "none" and _is_sure(resource):
            nones.append(resource)
        elif says in ("", "none_of_a_kind"):
            found = list(_read(document, resource, seen))
            kept = [_said(i, bool(says) or _refuted(i)) for i in found if isinstance(i, Item)]
            items += kept
            unreadable += len(found) - len(kept)
    items.sort(key=_newest_first, reverse=True)
    return close_section(document, draft, tuple(items), unreadable, nones)


def _read(
    document: Document, resource: Resource, seen: set[int]
) -> Iterable[Item | UnreadableError]:
    kind = text(resource.get("resourceType"))
    if kind in ("Observation", "DiagnosticReport"):
        return read_results(document, resource, seen)
    try:
        if kind == "ImmunizationRecommendation":
            return read_recommendations(document, resource)
        return [_READERS.get(kind, read_other)(document, resource)]
    except UnreadableError as error:
        return [error]


def _said(item: Item, absent: bool) -> Item:
    return replace(item, absent=True) if absent else item


def _refuted(item: Item) -> bool:
    """An allergy or a condition that was ruled out is a statement that it is not there."""
    return isinstance(item, (Allergy, Condition)) and item.verification == "refuted"


def _is_error(resource: Resource) -> bool:
    """Entered in error: it was never true, so it is not shown at all."""
    status = _quiet_code(resource, "verificationStatus")
    return "entered-in-error" in (resource.get("status"), status)


def _is_sure(resource: Resource) -> bool:
    return _quiet_code(resource, "verificationStatus") in ("", "confirmed")


def _newest_first(item: Item) -> tuple[bool, tuple[int, int, int, str]]:
    """What still holds before what is over, then by date."""
    known = item.date or item.recorded
    current = item.is_current if isinstance(item, (Condition, Medicine)) else True
    return current, known.sort_key if known else (0, 0, 0, "")
